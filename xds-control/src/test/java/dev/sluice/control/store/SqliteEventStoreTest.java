package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.store.SqliteEventStore.History;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEventStoreTest {
    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void name_the_file() {
        file = folder.resolve("deep/control.db");
    }

    @Test
    void what_was_appended_is_there_after_a_reopening() {
        List<LoggedEvent> written = new ArrayList<>();
        try (SqliteEventStore store = open()) {
            assertThat(store.head()).isEqualTo(Head.EMPTY);
            written.addAll(append(store, 3));
            written.addAll(append(store, 2));
        }

        try (SqliteEventStore store = open()) {
            assertThat(store.head().seq()).isEqualTo(5);
            assertThat(store.read(1, 100)).isEqualTo(written);
            assertThat(store.read(4, 1)).isEqualTo(written.subList(3, 4));
            assertThat(store.read(6, 10)).isEmpty();
            assertThat(store.epoch()).isEqualTo(1);
        }
    }

    @Test
    void commits_survive_a_lost_machine_by_full_synchronous_write_ahead() throws SQLException {
        try (SqliteEventStore store = open()) {
            append(store, 1);
        }
        try (Connection raw = raw();
                Statement statement = raw.createStatement();
                var mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.getString(1)).isEqualTo("wal");
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

            append(first, 1);
            assertThat(first.head().seq()).isEqualTo(1);
        }
        open().close();
    }

    @Test
    void a_batch_that_does_not_follow_is_refused_whole() {
        try (SqliteEventStore store = open()) {
            append(store, 2);
            LoggedEvent skipping =
                    HashChain.link(
                            new Head(7, store.head().hash()), 1, Fixtures.STAMP, event("gap"));
            LoggedEvent otherEpoch =
                    HashChain.link(store.head(), 2, Fixtures.STAMP, event("epoch"));

            for (LoggedEvent wrong : List.of(skipping, otherEpoch)) {
                assertThatThrownBy(() -> store.append(List.of(wrong)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("event 3 of epoch 1");
            }

            assertThat(store.read(1, 10)).hasSize(2);
            append(store, 1);
        }
    }

    @Test
    void a_changed_payload_is_refused_naming_the_last_good_event() throws SQLException {
        try (SqliteEventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = replace(payload, 'gates/g2', 'gates/x2') WHERE seq = 3");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("event 3")
                .hasMessageContaining("last good event is 2")
                .hasMessageContaining("restore a backup");
    }

    @Test
    void an_event_taken_out_is_refused() throws SQLException {
        try (SqliteEventStore store = open()) {
            append(store, 5);
        }
        run("DELETE FROM event WHERE seq = 4");

        assertThatThrownBy(this::open).hasMessageContaining("last good event is 3");
    }

    @Test
    void a_line_that_cannot_be_read_is_refused_naming_the_last_good_event() throws SQLException {
        try (SqliteEventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = '{' WHERE seq = 5");

        assertThatThrownBy(this::open)
                .hasMessageContaining("event 5")
                .hasMessageContaining("last good event is 4");
    }

    @Test
    void a_file_cut_short_is_refused() throws IOException, SQLException {
        try (SqliteEventStore store = open()) {
            append(store, 400);
        }
        run("PRAGMA wal_checkpoint(TRUNCATE)");
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() / 2);
        }

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("control.db")
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

    private SqliteEventStore open() {
        return SqliteEventStore.open(file, History.CONTINUED);
    }

    private static List<LoggedEvent> append(SqliteEventStore store, int count) {
        List<LoggedEvent> batch = new ArrayList<>();
        Head at = store.head();
        for (int i = 0; i < count; i++) {
            LoggedEvent event =
                    HashChain.link(at, store.epoch(), Fixtures.STAMP, event("g" + at.seq()));
            batch.add(event);
            at = new Head(event.seq(), event.hash());
        }
        store.append(batch);
        return batch;
    }

    private static Event event(String gate) {
        return new Event.GateDeleted(new GateName(gate));
    }

    private void run(String sql) throws SQLException {
        try (Connection raw = raw();
                Statement statement = raw.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
