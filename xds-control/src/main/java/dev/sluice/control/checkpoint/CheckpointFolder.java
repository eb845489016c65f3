package dev.sluice.control.checkpoint;

import dev.sluice.control.audit.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/**
 * Checkpoints in a folder, one file each, never written again: fit for a mount that keeps what was
 * written once. A file is there whole or not at all. Thread-safe.
 */
public record CheckpointFolder(Path folder) implements CheckpointPlace {
    static final String SUFFIX = ".checkpoint";

    @Override
    public String kind() {
        return "folder";
    }

    @Override
    public void put(Checkpoint checkpoint) throws IOException {
        Path file =
                folder.resolve(
                        String.format(
                                Locale.ROOT,
                                "%012d-%s%s",
                                checkpoint.head().seq(),
                                checkpoint.head().hash().brief(),
                                SUFFIX));
        if (Files.exists(file)) {
            return; // of the same end, before a restart or by the leader before
        }
        Path written = folder.resolve("." + UUID.randomUUID());
        try {
            write(written, checkpoint.line() + "\n");
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
