package dev.sluice.control.checkpoint;

import dev.sluice.contract.Problem;
import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Checkpoints from outside whose signatures were found right. Immutable.
 *
 * @param all in the order of their files and lines
 */
public record SignedCheckpoints(List<Checkpoint> all) {
    /** None. */
    public static final SignedCheckpoints NONE = new SignedCheckpoints(List.of());

    public SignedCheckpoints {
        all = List.copyOf(all);
    }

    /**
     * Reads them.
     *
     * @param place a file with one in each line, or a folder with such files that end in {@code
     *     .checkpoint}
     * @throws StoreException when one is none, or was not signed by the key
     */
    public static SignedCheckpoints read(Path place, PublicKey key) throws IOException {
        List<Checkpoint> all = new ArrayList<>();
        for (Path file : files(place)) {
            int number = 0;
            for (String line : Files.readAllLines(file)) {
                number++;
                all.add(signed(file, number, line, key));
            }
        }
        return new SignedCheckpoints(all);
    }

    /** That of the latest event. */
    public Optional<Checkpoint> newest() {
        return all.stream().max(Comparator.comparingLong(point -> point.head().seq()));
    }

    private static Checkpoint signed(Path file, int number, String line, PublicKey key) {
        return Checkpoint.parse(line)
                .filter(point -> point.isSignedBy(key))
                .orElseThrow(() ->
                        new StoreException(
                                new Problem(
                                        file + ", line " + number,
                                        Problem.quote(line),
                                        "a checkpoint that this key signed",
                                        "use the right key; if it is, the file was changed")));
    }

    private static Iterable<Path> files(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of(place);
        }
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found =
                Files.newDirectoryStream(place, "*" + CheckpointFolder.SUFFIX)) {
            found.forEach(files::add);
        }
        return files;
    }
}
