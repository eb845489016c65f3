package dev.sluice.control.store;

import dev.sluice.contract.Parsed;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** A real PostgreSQL on a free loopback port, gone with its data when it is closed. */
public final class PostgresServer implements AutoCloseable {
    private final Optional<Path> data;
    private EmbeddedPostgres server;

    private PostgresServer(EmbeddedPostgres server, Optional<Path> data) {
        this.server = server;
        this.data = data;
    }

    public static PostgresServer start() throws IOException {
        return new PostgresServer(builder().start(), Optional.empty());
    }

    /** One that keeps its data in a folder, so that it can be stopped and started again. */
    public static PostgresServer startIn(Path folder) throws IOException {
        return new PostgresServer(inFolder(folder).start(), Optional.of(folder));
    }

    private static EmbeddedPostgres.Builder builder() {
        return EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("fsync", "off");
    }

    private static EmbeddedPostgres.Builder inFolder(Path folder) {
        return builder().setDataDirectory(folder).setCleanDataDirectory(false);
    }

    /** Ends the server with all of its connections. */
    public void stop() throws IOException {
        server.close();
    }

    /** Starts a server that was stopped again, on its data and its port. */
    public void restart() throws IOException {
        server = inFolder(data.orElseThrow()).setPort(server.getPort()).start();
    }

    public PostgresAddress address() {
        return switch (PostgresAddress.read(url(), "postgres", Optional.empty())) {
            case Parsed.Ok<PostgresAddress>(var address) -> address;
            case Parsed.Refused<PostgresAddress> refused ->
                    throw new AssertionError(refused.message());
        };
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    public int port() {
        return server.getPort();
    }

    /** Empties the log. */
    public void reset() throws SQLException {
        run("DROP SCHEMA IF EXISTS sluice CASCADE");
    }

    public void run(String sql) throws SQLException {
        try (Connection raw = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = raw.createStatement()) {
            statement.execute("SET search_path = sluice");
            statement.execute(sql);
        }
    }

    /** Ends every connection of a control plane, as a restart of the server would. */
    public void breakConnections() throws SQLException {
        run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        + " WHERE application_name LIKE 'sluice-control%'");
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
