package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.contract.Parsed;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.ImageStore.Image;
import dev.sluice.control.change.LeaseTable.Row;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresEventStoreIT implements EventStoreContract {
    private static PostgresServer server;

    @BeforeAll
    static void start() throws IOException {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void empty_the_log() throws SQLException {
        server.reset();
    }

    @Override
    public PostgresEventStore open() {
        PostgresEventStore store = PostgresEventStore.open(server.address());
        assertThat(store.take(store.row(), "a", "a:1")).isTrue();
        return store;
    }

    @Override
    public void run(String sql) throws SQLException {
        server.run(sql);
    }

    @Test
    void a_leader_that_was_paused_returns_and_can_append_nothing() {
        try (PostgresEventStore paused = open();
                PostgresEventStore next = PostgresEventStore.open(server.address())) {
            EventStoreContract.append(paused, 2);

            assertThat(next.take(next.row(), "b", "b:2")).isTrue();
            EventStoreContract.append(next, 1);

            assertThat(next.epoch()).isEqualTo(paused.epoch() + 1);
            assertThatThrownBy(() -> EventStoreContract.append(paused, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("another has taken the lease")
                    .hasMessageContaining("b:2");
            assertThat(paused.renew()).isFalse();
            assertThat(next.read(1, 10)).hasSize(3);
            EventStoreContract.append(next, 1);
        }
    }

    @Test
    void a_follower_reads_and_appends_nothing_and_names_the_leader() {
        try (PostgresEventStore leader = open();
                PostgresEventStore follower = PostgresEventStore.open(server.address())) {
            EventStoreContract.append(leader, 2);

            assertThat(follower.read(1, 10)).isEqualTo(leader.read(1, 10));
            assertThat(follower.epoch()).isEqualTo(leader.epoch());
            assertThatThrownBy(() -> EventStoreContract.append(follower, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the leader, at a:1");
        }
    }

    @Test
    void of_two_that_saw_the_same_row_one_takes_the_lease() {
        try (PostgresEventStore first = PostgresEventStore.open(server.address());
                PostgresEventStore second = PostgresEventStore.open(server.address())) {
            Row seen = first.row();
            assertThat(second.row()).isEqualTo(seen);

            assertThat(first.take(seen, "a", "a:1")).isTrue();
            assertThat(second.take(seen, "b", "b:2")).isFalse();

            assertThat(first.renew()).isTrue();
            assertThat(second.row().beat()).isEqualTo(1);
            first.release();
            assertThat(second.row().isFree()).isTrue();
            assertThat(first.renew()).as("after it gave the lease up").isFalse();
        }
    }

    @Test
    void tables_of_the_version_before_are_upgraded_with_what_is_in_them() throws SQLException {
        try (EventStore store = open()) {
            EventStoreContract.append(store, 2);
        }
        run("UPDATE schema_version SET version = 1");
        run("DROP TABLE secret");
        run("DROP TABLE image");
        run("DROP TABLE image_part");
        run("ALTER TABLE epoch DROP COLUMN holder, DROP COLUMN address, DROP COLUMN beat");

        try (EventStore store = open()) {
            assertThat(store.head().seq()).isEqualTo(2);
            EventStoreContract.append(store, 1);
        }
    }

    @Test
    void a_program_of_the_version_before_and_one_of_the_next_lead_in_turns() {
        SchemaSteps before = steps(PostgresEventStore.SCHEMA.newest() - 1);
        SchemaSteps next = steps(PostgresEventStore.SCHEMA.newest() + 1);
        try (PostgresEventStore older = PostgresEventStore.open(server.address(), before);
                PostgresEventStore present = PostgresEventStore.open(server.address());
                PostgresEventStore later = PostgresEventStore.open(server.address(), next)) {
            List<LoggedEvent> written = new ArrayList<>();
            for (PostgresEventStore leader : List.of(older, present, later, older, later)) {
                assertThat(leader.take(leader.row(), "a", "a:1")).isTrue();
                written.addAll(EventStoreContract.append(leader, 2));
                assertThat(leader.renew()).isTrue();
                for (PostgresEventStore reader : List.of(older, present, later)) {
                    assertThat(reader.after(Head.EMPTY, 100)).isEqualTo(written);
                }
            }
            assertThatThrownBy(() -> EventStoreContract.append(present, 1))
                    .as("that was followed")
                    .hasMessageContaining("another has taken the lease");
            try (ImageStore images = later.images();
                    EventReader reader = older.reader()) {
                images.keep(new Image(later.head(), "form", ByteString.copyFromUtf8("state")));
                reader.verify(later.head());
            }
        }

        assertThatThrownBy(() -> PostgresEventStore.open(server.address()))
                .as("one that starts after the upgrade")
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version " + next.newest())
                .hasMessageContaining("nothing was changed");
        try (PostgresEventStore again = PostgresEventStore.open(server.address(), next)) {
            assertThat(again.head().seq()).as("what all of them wrote").isEqualTo(10);
        }
    }

    /** The steps of a program some versions away: the first ones, or all and one more. */
    private static SchemaSteps steps(int count) {
        List<List<String>> all = new ArrayList<>(PostgresEventStore.SCHEMA.steps());
        all.add(
                List.of(
                        "CREATE TABLE later (value TEXT NOT NULL)",
                        "ALTER TABLE event ADD COLUMN later TEXT NOT NULL DEFAULT ''",
                        "ALTER TABLE epoch ADD COLUMN later BIGINT NOT NULL DEFAULT 0"));
        return new SchemaSteps(all.subList(0, count));
    }

    @Test
    void a_broken_connection_fails_one_call_and_the_next_connects_again() throws SQLException {
        try (EventStore store = open()) {
            EventStoreContract.append(store, 1);
            server.breakConnections();

            assertThatThrownBy(() -> EventStoreContract.append(store, 1))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("a database that answers");

            EventStoreContract.append(store, 1);
            assertThat(store.read(1, 10)).hasSize(2);
        }
    }

    @Test
    void commits_are_durable_whatever_the_server_says_by_default() throws SQLException {
        run("ALTER DATABASE postgres SET synchronous_commit = off");
        try (var database = new PostgresConnection(server.address())) {
            String mode =
                    database.run(connection -> {
                        try (var statement = connection.createStatement();
                                var row = statement.executeQuery("SHOW synchronous_commit")) {
                            row.next();
                            return row.getString(1);
                        }
                    });
            assertThat(mode).isEqualTo("on");
        } finally {
            run("ALTER DATABASE postgres RESET synchronous_commit");
        }
    }

    @Test
    void a_log_of_a_file_is_moved_here_once_under_a_higher_epoch(@TempDir Path folder)
            throws IOException {
        Path file = folder.resolve("events.db");
        try (EventStore source = SqliteEventStore.open(file, SqliteEventStore.History.CONTINUED)) {
            EventStoreContract.append(source, 3);
        }
        try (LogReader source = LogReader.openAlone(file)) {
            assertThat(BackupFile.write(folder.resolve("backup"), source).seq()).isEqualTo(3);
        }

        try (BackupFile backup = BackupFile.open(folder.resolve("backup"))) {
            assertThat(LogRestore.into(server.address(), backup).seq()).isEqualTo(3);
        }
        try (EventStore store = open();
                EventStore source =
                        SqliteEventStore.open(file, SqliteEventStore.History.CONTINUED)) {
            assertThat(store.read(1, 10)).isEqualTo(source.read(1, 10));
            assertThat(store.epoch()).isGreaterThan(source.epoch() + 1);
            EventStoreContract.append(store, 1);
        }
        try (BackupFile again = BackupFile.open(folder.resolve("backup"))) {
            assertThatThrownBy(() -> LogRestore.into(server.address(), again))
                    .hasMessageContaining("a log of 4 events");
        }
    }

    @Test
    void tables_of_a_later_program_are_refused_untouched() throws SQLException {
        open().close();
        run("UPDATE schema_version SET version = 99");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("schema version 99")
                .hasMessageContaining("use the program that upgraded it");
    }

    @Test
    void a_database_that_is_not_there_is_told_without_its_password() {
        Parsed<PostgresAddress> gone =
                PostgresAddress.read(
                        "jdbc:postgresql://127.0.0.1:1/none", "nobody", Optional.empty());

        assertThatThrownBy(() -> PostgresEventStore.open(gone.orThrow()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("jdbc:postgresql://127.0.0.1:1/none")
                .hasMessageContaining("a database that answers");
    }

    @Test
    void the_log_is_read_while_a_control_plane_has_it() {
        try (EventStore store = open()) {
            EventStoreContract.append(store, 3);
            try (LogReader reader = LogReader.open(server.address())) {
                assertThat(reader.read(2, 10)).isEqualTo(store.read(2, 10));
            }
            EventStoreContract.append(store, 1);
        }
    }
}
