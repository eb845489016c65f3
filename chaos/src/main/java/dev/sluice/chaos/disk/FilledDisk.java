package dev.sluice.chaos.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * Bytes that are held on the disk of a folder until this is closed, never more than the limit. They
 * are in a file without a name, so that the system frees them however this process ends. Owned by
 * one thread.
 */
public final class FilledDisk implements AutoCloseable {
    private static final int PIECE = 1 << 20;

    /** What Linux says; other errors are none of a full disk. */
    private static final Set<String> NO_ROOM =
            Set.of("No space left on device", "Disk quota exceeded");

    private final WritableByteChannel file;
    private final Room room;
    private final long most;
    private final ByteBuffer piece;
    private long held;
    private boolean full;

    /** How much may be written now. */
    interface Room {
        long bytes() throws IOException;
    }

    FilledDisk(WritableByteChannel file, Room room, long most) {
        this.file = file;
        this.room = room;
        this.most = most;
        byte[] random = new byte[PIECE]; // file systems that compress would hold less of others
        new SplittableRandom().nextBytes(random);
        this.piece = ByteBuffer.wrap(random);
    }

    /**
     * Holds nothing yet.
     *
     * @param most bytes that are ever held, 1 or more
     * @param leave bytes that others still find on the disk; 0: none
     */
    public static FilledDisk in(Path folder, long most, long leave) throws IOException {
        FileStore disk = Files.getFileStore(folder);
        // The name goes when the file is there: DELETE_ON_CLOSE unlinks at once on Unix.
        WritableByteChannel file =
                Files.newByteChannel(
                        folder.resolve(".sluice-chaos-" + UUID.randomUUID()),
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.DELETE_ON_CLOSE));
        return new FilledDisk(
                file, leave == 0 ? () -> most : () -> disk.getUsableSpace() - leave, most);
    }

    /**
     * Fills it up to the limit, or until there is no room; again when room has come back.
     *
     * @param goesOn is asked before each MiB
     */
    public void fill(BooleanSupplier goesOn) throws IOException {
        full = false;
        while (held < most && goesOn.getAsBoolean()) {
            long now = Math.min(most - held, room.bytes());
            if (now <= 0 || !write((int) Math.min(now, PIECE))) {
                full = true;
                return;
            }
        }
    }

    /** Whether there was room for it. */
    private boolean write(int bytes) throws IOException {
        piece.clear().limit(bytes);
        try {
            while (piece.hasRemaining()) {
                held += file.write(piece);
            }
            return true;
        } catch (IOException failed) {
            if (!NO_ROOM.contains(failed.getMessage())) {
                throw failed;
            }
            return false;
        }
    }

    /** Bytes that it holds. */
    public long held() {
        return held;
    }

    /** Whether the disk had no room left, beside what is to be left, when it was filled last. */
    public boolean isFull() {
        return full;
    }

    /** Frees them. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
