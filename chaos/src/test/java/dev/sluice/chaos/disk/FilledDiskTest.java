package dev.sluice.chaos.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilledDiskTest {
    private static final long MIB = 1 << 20;

    @TempDir private Path folder;

    @Test
    void never_holds_more_than_the_limit_and_has_no_name_that_could_stay() throws IOException {
        long most = 2 * MIB + 17;
        try (FilledDisk disk = FilledDisk.in(folder, most, 0)) {
            disk.fill(() -> true);
            disk.fill(() -> true);

            assertThat(disk.held()).isEqualTo(most);
            assertThat(disk.isFull()).isFalse();
            assertThat(folder).as("what stays when this process is killed").isEmptyDirectory();
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** The file of Linux whose disk is always full. */
    @Test
    void a_full_disk_is_seen() throws IOException {
        WritableByteChannel noRoom =
                Files.newByteChannel(Path.of("/dev/full"), StandardOpenOption.WRITE);
        try (FilledDisk disk = new FilledDisk(noRoom, () -> MIB, MIB)) {
            disk.fill(() -> true);

            assertThat(disk.isFull()).isTrue();
            assertThat(disk.held()).isZero();
        }
    }

    @Test
    void what_is_to_be_left_is_left_and_room_that_comes_back_is_filled() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        long[] size = {1000};
        FilledDisk.Room room = () -> size[0] - written.size();
        try (FilledDisk disk = new FilledDisk(Channels.newChannel(written), room, 5000)) {
            disk.fill(() -> true);
            assertThat(disk.held()).isEqualTo(1000);
            assertThat(disk.isFull()).isTrue();

            size[0] = 3000;
            disk.fill(() -> true);
            assertThat(disk.held()).isEqualTo(3000);

            size[0] = 9000;
            disk.fill(() -> true);
            assertThat(disk.held()).as("the limit").isEqualTo(5000);
            assertThat(disk.isFull()).isFalse();
        }
    }

    @Test
    void more_left_than_there_is_holds_nothing() throws IOException {
        try (FilledDisk disk = FilledDisk.in(folder, MIB, Long.MAX_VALUE)) {
            disk.fill(() -> true);

            assertThat(disk.held()).isZero();
            assertThat(disk.isFull()).isTrue();
        }
    }

    @Test
    void filling_ends_when_it_is_told() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (FilledDisk disk = FilledDisk.in(folder, 100 * MIB, 0)) {
            disk.fill(() -> asked.incrementAndGet() <= 3);

            assertThat(disk.held()).isEqualTo(3 * MIB);
        }
    }

    @Test
    void another_error_is_no_full_disk() {
        WritableByteChannel broken =
                new WritableByteChannel() {
                    @Override
                    public int write(ByteBuffer bytes) throws IOException {
                        throw new IOException("Input/output error");
                    }

                    @Override
                    public boolean isOpen() {
                        return true;
                    }

                    @Override
                    public void close() {}
                };
        FilledDisk disk = new FilledDisk(broken, () -> MIB, MIB);

        assertThatThrownBy(() -> disk.fill(() -> true)).hasMessage("Input/output error");
    }
}
