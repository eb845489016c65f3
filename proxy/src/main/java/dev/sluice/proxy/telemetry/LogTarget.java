package dev.sluice.proxy.telemetry;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the lines of one access log go: a standard stream, or the file that a path leads to now.
 * Owned by the log's writer, but for its opening.
 */
final class LogTarget {
    private static final String STDOUT = "/dev/stdout";
    private static final String STDERR = "/dev/stderr";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String path;
    private OutputStream out;
    private @Nullable Object file;

    private LogTarget(String path, OutputStream out, @Nullable Object file) {
        this.path = path;
        this.out = out;
        this.file = file;
    }

    /**
     * Opens it.
     *
     * @throws IOException when the file can't be appended to
     */
    static LogTarget open(String path) throws IOException {
        return switch (path) {
            case STDOUT -> new LogTarget(path, stream(FileDescriptor.out), /* file= */ null);
            case STDERR -> new LogTarget(path, stream(FileDescriptor.err), /* file= */ null);
            default -> new LogTarget(path, append(path), key(path));
        };
    }

    String name() {
        return path;
    }

    /**
     * The stream to write to now.
     *
     * @throws IOException when what was written before could not be flushed
     */
    OutputStream current() throws IOException {
        Object held = file;
        if (held == null || held.equals(keyIfThere())) {
            return out;
        }
        OutputStream next;
        try {
            next = append(path);
        } catch (IOException notNow) {
            return out;
        }
        OutputStream before = out;
        out = next;
        file = keyIfThere();
        before.close();
        return out;
    }

    /** Standard streams belong to the process and stay open. */
    void close() {
        try {
            out.flush();
            if (file != null) {
                out.close();
            }
        } catch (IOException nothingLeftToDo) {
            // what could not be written was counted when it was
        }
    }

    private static OutputStream stream(FileDescriptor of) {
        return new BufferedOutputStream(new FileOutputStream(of), BUFFER_BYTES);
    }

    private static OutputStream append(String path) throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(
                        Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                BUFFER_BYTES);
    }

    /** What tells a file from another of the same name; null where the file system has nothing. */
    private static @Nullable Object key(String path) throws IOException {
        return Files.readAttributes(Path.of(path), BasicFileAttributes.class).fileKey();
    }

    private Object keyIfThere() {
        try {
            return Objects.requireNonNullElse(key(path), "");
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException unknown) {
            return Objects.requireNonNullElse(file, "");
        }
    }
}
