package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.Parsed;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.StoreException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
        return PostgresEventStore.open(server.address());
    }

    @Override
    public void run(String sql) throws SQLException {
        server.run(sql);
    }

    @Test
    void who_opens_it_later_fences_off_who_had_it() {
        try (EventStore first = open()) {
            EventStoreContract.append(first, 2);
            try (EventStore second = open()) {
                assertThat(second.epoch()).isGreaterThan(first.epoch());

                assertThatThrownBy(() -> EventStoreContract.append(first, 1))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("another one has taken the log over");

                assertThat(first.read(1, 10)).hasSize(2);
                EventStoreContract.append(second, 1);
                assertThat(second.read(1, 10)).hasSize(3);
            }
        }
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
