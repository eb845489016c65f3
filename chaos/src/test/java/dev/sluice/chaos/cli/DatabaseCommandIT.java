package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Faults on a real PostgreSQL: each is seen by others while it is on, and gone afterwards. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseCommandIT {
    private final StringWriter out = new StringWriter();
    private EmbeddedPostgres server;

    @BeforeAll
    void start() throws IOException, SQLException {
        server =
                EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .setServerConfig("fsync", "off")
                        .setServerConfig("max_connections", "20")
                        .setServerConfig("deadlock_timeout", "50ms")
                        .start();
        run("CREATE TABLE orders (id int PRIMARY KEY, state text)");
        run("INSERT INTO orders VALUES (1, 'a'), (2, 'b')");
    }

    @AfterAll
    void stop() throws IOException {
        server.close();
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    private long run(String sql) throws SQLException {
        try (Connection session = DriverManager.getConnection(url(), "postgres", "");
                Statement statement = session.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            ResultSet rows = statement.getResultSet();
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private int fault(String kind, String... more) {
        List<String> args = new ArrayList<>(List.of("database", kind, "--url", url()));
        args.addAll(List.of(more));
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args.toArray(String[]::new));
    }

    private String lastLine() {
        return out.toString().lines().toList().getLast();
    }

    /** Sessions of faults that the database still has. */
    private long left() throws SQLException {
        String sql =
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'sluice-chaos'";
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (run(sql) > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
        return run(sql);
    }

    /** Waits until the query gives more than nothing. */
    private void until(String sql) throws SQLException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (run(sql) == 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void a_schema_change_that_waits_lets_readers_wait_behind_it() throws Exception {
        CompletableFuture<Integer> held =
                CompletableFuture.supplyAsync(
                        () -> fault("lock-queue", "--table", "orders", "--for", "6s"));
        until(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
                        + " AND relation = 'orders'::regclass");

        long read = run("SELECT count(*) FROM orders");

        assertThat(Patience.await(held, "the fault")).as("%s", out).isZero();
        assertThat(read).as("rows that were read in the end").isEqualTo(2);
        assertThat(lastLine()).as("sessions that waited").isEqualTo("1");
        assertThat(left()).isZero();
    }

    @Test
    void a_queue_that_nobody_stood_in_proves_nothing() {
        assertThat(fault("lock-queue", "--table", "orders", "--for", "200ms"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(lastLine()).isEqualTo("0");
    }

    @Test
    void transactions_stay_open() throws SQLException {
        assertThat(fault("idle-in-transaction", "--table", "orders", "--for", "100ms"))
                .as("%s", out)
                .isZero();
        assertThat(fault("long-transaction", "--for", "100ms")).as("%s", out).isZero();
        assertThat(left()).isZero();
    }

    @Test
    void deadlocks_have_victims() throws SQLException {
        assertThat(fault("deadlocks", "--table", "public.orders", "--for", "3s"))
                .as("%s", out)
                .isZero();
        assertThat(Long.parseLong(lastLine())).isPositive();
        assertThat(left()).isZero();
    }

    @Test
    void connections_are_taken_until_there_are_none_left() throws SQLException {
        assertThat(fault("exhaustion", "--connections", "5", "--for", "100ms", "--at-least", "5"))
                .as("%s", out)
                .isZero();
        assertThat(left()).isZero();
        assertThat(fault("exhaustion", "--connections", "50", "--for", "100ms"))
                .as("%s", out)
                .isZero();
        assertThat(Long.parseLong(lastLine())).isBetween(5L, 20L);
        assertThat(left()).isZero();
    }

    @Test
    void a_session_that_holds_a_connection_is_ended_when_that_is_wanted() throws Exception {
        run("CREATE ROLE shop LOGIN CONNECTION LIMIT 4");
        try (Connection held = DriverManager.getConnection(url(), "shop", "");
                Connection foreign = DriverManager.getConnection(url(), "postgres", "")) {
            int stays = fault("exhaustion", "--user", "shop", "--for", "100ms");
            String takenBeside = lastLine();
            boolean lived = held.isValid((int) Patience.LIMIT.toSeconds());

            int ends =
                    fault(
                            "exhaustion",
                            "--user",
                            "shop",
                            "--end-others",
                            "--connections",
                            "4",
                            "--for",
                            "100ms");

            assertThat(List.of(stays, ends)).as("%s", out).containsOnly(0);
            assertThat(takenBeside).isEqualTo("3");
            assertThat(lived).isTrue();
            assertThat(lastLine()).isEqualTo("4");
            assertThat(held.isValid((int) Patience.LIMIT.toSeconds())).isFalse();
            assertThat(foreign.isValid((int) Patience.LIMIT.toSeconds()))
                    .as("of another user")
                    .isTrue();
        }
        assertThat(left()).isZero();
    }

    @Test
    void what_can_not_be_done_is_refused_and_leaves_nothing() throws SQLException {
        assertThat(fault("replica-pause")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("this server is no replica");
        assertThat(fault("lock-queue", "--table", "nowhere")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("\"nowhere\" does not exist");
        assertThat(fault("lock-queue", "--table", "orders; DROP TABLE orders"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(fault("flood")).isEqualTo(ExitCode.INVALID.number());
        assertThat(fault("deadlocks", "--table", "orders", "--for", "2h"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(fault("deadlocks", "--table", "orders", "--end-others"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("--end-others of deadlocks (expected: of exhaustion)");
        assertThat(fault("exhaustion", "--connections", "0")).isEqualTo(ExitCode.INVALID.number());
        assertThat(left()).isZero();
    }
}
