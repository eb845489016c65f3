package dev.sluice.chaos.cli;

import dev.sluice.testkit.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A PostgreSQL and a replica of it that streams. Owned by the test's thread. */
final class Replica implements AutoCloseable {
    private final EmbeddedPostgres primary;
    private final EmbeddedPostgres replica;

    private Replica(EmbeddedPostgres primary, EmbeddedPostgres replica) {
        this.primary = primary;
        this.replica = replica;
    }

    static Replica start(Path folder) throws IOException, SQLException {
        Path data = folder.resolve("primary");
        EmbeddedPostgres primary = server(data).setCleanDataDirectory(true).start();
        Path copy = folder.resolve("replica");
        backUp(url(primary), data, copy);
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres'\n"
                        .formatted(primary.getPort()),
                StandardOpenOption.APPEND);
        Files.createFile(copy.resolve("standby.signal"));
        return new Replica(primary, server(copy).setCleanDataDirectory(false).start());
    }

    private static EmbeddedPostgres.Builder server(Path data) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "20");
    }

    /** Copies a server that runs; what was written meanwhile is in its log. */
    private static void backUp(String url, Path from, Path to) throws IOException, SQLException {
        try (Connection session = DriverManager.getConnection(url, "postgres", "");
                Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_backup_start('replica', true)");
            copy(from, to);
            ResultSet label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)");
            label.next();
            Files.writeString(to.resolve("backup_label"), label.getString(1));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Replica::belongsToACopy).toList()) {
                copyIfThere(file, to.resolve(from.relativize(file)));
            }
        }
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
    }

    private static boolean belongsToACopy(Path file) {
        return !List.of("postmaster.pid", "epg-lock").contains(file.getFileName().toString());
    }

    private static void copyIfThere(Path file, Path target) throws IOException {
        try {
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException goneMeanwhile) {
            Files.deleteIfExists(target);
        }
    }

    private static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    /** Of the replica. */
    String url() {
        return url(replica);
    }

    void onPrimary(String sql) throws SQLException {
        try (Connection session = DriverManager.getConnection(url(primary), "postgres", "");
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The number that a query on the replica gives. */
    long number(String sql) throws SQLException {
        try (Connection session = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = session.createStatement()) {
            ResultSet rows = statement.executeQuery(sql);
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Waits until a query on the replica gives this number; the last that it gave. */
    long await(String sql, long wanted) throws SQLException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (number(sql) != wanted && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        return number(sql);
    }

    @Override
    public void close() throws IOException {
        replica.close();
        primary.close();
    }
}
