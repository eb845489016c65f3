package dev.sluice.control.store;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to write one file, held by one process: an advisory lock on {@code FILE.lock} beside it,
 * which the operating system frees when the process ends, however it ends. Owned by who took it.
 */
final class FileOwnership implements AutoCloseable {
    private final FileChannel channel;

    private FileOwnership(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws StoreException when another process, or another store of this one, has it
     */
    static FileOwnership take(Path file) {
        Path beside = file.resolveSibling(file.getFileName() + ".lock");
        FileChannel channel = open(beside);
        try {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return new FileOwnership(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw unusable(beside, e);
        }
        throw new StoreException(
                new Problem(
                        file.toString(),
                        "in use by another control plane",
                        "one control plane a file",
                        "stop the other one, or give this one another file"));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the lock ends with the process at the latest
        }
    }

    private static FileChannel open(Path beside) {
        try {
            Path folder = beside.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return FileChannel.open(beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unusable(beside, e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static StoreException unusable(Path beside, IOException e) {
        return new StoreException(
                new Problem(
                        beside.toString(),
                        "cannot be locked: " + e.getMessage(),
                        "a folder that this process may write to",
                        "correct the rights, or name another file"),
                e);
    }
}
