package dev.sluice.proxy.xds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The file of one node's last good state: SHA-256 of the rest, then the state. It is written beside
 * and renamed, so that a crash leaves the old one or the new one. Not thread-safe.
 */
final class StateFile {
    private static final int DIGEST_BYTES = 32;

    private final Path file;

    /**
     * @param folder made if absent
     */
    StateFile(Path folder, String nodeId) throws IOException {
        Files.createDirectories(folder);
        String name =
                HexFormat.of()
                        .formatHex(digest(nodeId.getBytes(StandardCharsets.UTF_8)))
                        .substring(0, 16);
        file = folder.resolve("last-good-" + name + ".bin");
    }

    Path path() {
        return file;
    }

    /**
     * Reads it; empty when there is none.
     *
     * @throws IOException when it can't be read or was changed
     */
    Optional<LastGood> read() throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (bytes.length < DIGEST_BYTES) {
            throw new IOException(
                    file
                            + " has "
                            + bytes.length
                            + " bytes (expected: at least "
                            + DIGEST_BYTES
                            + "); delete it");
        }
        byte[] content = Arrays.copyOfRange(bytes, DIGEST_BYTES, bytes.length);
        if (!MessageDigest.isEqual(digest(content), Arrays.copyOf(bytes, DIGEST_BYTES))) {
            throw new IOException(
                    file
                            + " does not match its checksum; delete it, the management server has the rest");
        }
        try {
            return Optional.of(LastGood.of(content));
        } catch (IOException e) {
            throw new IOException(file + " is of another version: " + e.getMessage(), e);
        }
    }

    void write(LastGood state) throws IOException {
        byte[] content = state.bytes();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.allocate(DIGEST_BYTES + content.length);
            bytes.put(digest(content)).put(content).flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] digest(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
