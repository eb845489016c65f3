package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Digest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What tells programs apart that would make different states of one log: the digest of the code
 * that reads events and folds them. Stateless.
 */
final class ProgramForm {
    private static final Logger LOG = LoggerFactory.getLogger(ProgramForm.class);

    private ProgramForm() {}

    /** 16 hex digits; empty when the code can't be looked at. */
    static Optional<String> ofState() {
        try {
            Digest control =
                    digest(
                            Catalog.class,
                            List.of("dev/sluice/control/catalog", "dev/sluice/control/change"));
            Digest contract = digest(GateName.class, List.of("dev/sluice/contract"));
            return Optional.of(Digest.of(control.hex(), contract.hex()).brief());
        } catch (IOException | URISyntaxException | RuntimeException e) {
            LOG.warn(
                    "the program can't read its own code, so no images are kept: {}", e.toString());
            return Optional.empty();
        }
    }

    /** Of some folders of classes, in the jar or folder where {@code member} is. */
    private static Digest digest(Class<?> member, List<String> folders)
            throws IOException, URISyntaxException {
        Path code = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(code)) {
            return digest(code, folders);
        }
        try (FileSystem jar = FileSystems.newFileSystem(code)) {
            return digest(jar.getPath("/"), folders);
        }
    }

    private static Digest digest(Path root, List<String> folders) throws IOException {
        List<ByteBuffer> parts = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".class"))
                                .sorted()
                                .toList()) {
                    String name = root.relativize(file).toString();
                    parts.add(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
                    parts.add(ByteBuffer.wrap(Files.readAllBytes(file)));
                }
            }
        }
        return Digest.ofBytes(parts);
    }
}
