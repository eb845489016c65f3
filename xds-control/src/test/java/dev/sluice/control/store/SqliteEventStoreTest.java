package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.change.StoreException;
import dev.sluice.control.store.SqliteEventStore.History;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventStoreTest implements EventStoreContract {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name_the_file() {
        file = folder.resolve("deep/control.db");
    }

    @Test
    void commits_survive_a_lost_machine_by_full_synchronous_write_ahead() throws SQLException {
        try (SqliteEventStore store = open()) {
            EventStoreContract.append(store, 1);
        }
        try (Connection raw = raw();
                Statement statement = raw.createStatement();
                var mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.getString(1)).isEqualTo("wal");
        }
    }

    @Test
    void a_file_of_a_later_program_is_refused_untouched() throws SQLException {
        open().close();
        run("PRAGMA user_version = 99");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 99")
                .hasMessageContaining("use the program that upgraded it");
    }

    /** A file that a program of schema version 1 wrote; it has eight events of epoch 3. */
    @Test
    void a_file_of_an_earlier_program_is_upgraded_with_what_is_in_it()
            throws IOException, SQLException {
        Files.createDirectories(file.getParent());
        try (InputStream old =
                Objects.requireNonNull(getClass().getResourceAsStream("events-of-schema-1.db"))) {
            Files.copy(old, file);
        }

        try (LogReader before = LogReader.open(file)) {
            assertThat(before.image("any")).isEmpty();
            assertThat(before.head().seq()).isEqualTo(8);
        }
        readAll();
        try (SqliteEventStore store = open()) {
            assertThat(store.head().seq()).isEqualTo(8);
            assertThat(store.epoch()).isEqualTo(3);
            EventStoreContract.append(store, 1);
        }
        readAll();
        try (Connection raw = raw();
                Statement statement = raw.createStatement();
                var version = statement.executeQuery("PRAGMA user_version")) {
            assertThat(version.getInt(1)).isEqualTo(SqliteSchema.STEPS.newest());
        }
    }

    @Test
    void a_second_control_plane_on_the_same_file_is_refused_and_the_first_goes_on() {
        try (SqliteEventStore first = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("control.db")
                    .hasMessageContaining("in use by another control plane")
                    .hasMessageContaining("stop the other one");

            EventStoreContract.append(first, 1);
            assertThat(first.head().seq()).isEqualTo(1);
        }
        open().close();
    }

    @Test
    void a_file_cut_short_is_refused() throws IOException, SQLException {
        try (SqliteEventStore store = open()) {
            EventStoreContract.append(store, 400);
        }
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() / 2);
        }

        assertThatThrownBy(this::readAll)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("control.db")
                .hasMessageContaining("sluice store restore FILE")
                .hasMessageContaining("last good event is");
    }

    @Test
    void a_file_of_something_else_is_refused_untouched() throws IOException, SQLException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "not a database at all, but long enough to look like one ....");
        assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
        assertThat(Files.readString(file)).startsWith("not a database");

        Files.delete(file);
        run("CREATE TABLE diary (day TEXT)");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("an event log of this program");
    }

    @Test
    void a_restored_backup_raises_the_epoch_for_good() {
        open().close();

        try (SqliteEventStore restored = SqliteEventStore.open(file, History.RESTORED)) {
            assertThat(restored.epoch()).isEqualTo(2);
        }
        try (SqliteEventStore later = open()) {
            assertThat(later.epoch()).isEqualTo(2);
        }
    }

    @Test
    void a_folder_without_rights_is_refused_with_its_remedy() throws IOException {
        Files.writeString(folder.resolve("deep"), "a file where the folder should be");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be locked");
    }

    @Override
    public SqliteEventStore open() {
        return SqliteEventStore.open(file, History.CONTINUED);
    }

    @Override
    public void run(String sql) throws SQLException {
        try (Connection raw = raw();
                Statement statement = raw.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
