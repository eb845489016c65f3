package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The pause of a replica that streams. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicaPauseIT {
    private static final String PAUSED =
            "SELECT CASE WHEN pg_is_wal_replay_paused() THEN 1 ELSE 0 END";
    private static final String ORDERS = "SELECT count(*) FROM orders";
    private static final String BEHIND =
            """
            SELECT CASE WHEN pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn() THEN 1 ELSE 0 END\
            """;

    private final StringWriter out = new StringWriter();
    private Path folder;
    private Replica replica;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, SQLException {
        this.folder = folder;
        replica = Replica.start(folder);
        replica.onPrimary("CREATE TABLE orders (id int PRIMARY KEY)");
        assertThat(replica.await("SELECT count(*) FROM pg_class WHERE relname = 'orders'", 1))
                .as("tables that came to the replica")
                .isEqualTo(1);
    }

    @AfterAll
    void stop() throws IOException {
        replica.close();
    }

    private int command(String... more) {
        List<String> args = new ArrayList<>(List.of("database", "replica-pause"));
        args.addAll(List.of("--url", replica.url()));
        args.addAll(List.of(more));
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args.toArray(String[]::new));
    }

    @Test
    void a_paused_replica_gets_what_is_written_and_shows_it_afterwards() throws Exception {
        long before = replica.number(ORDERS);
        CompletableFuture<Integer> held =
                CompletableFuture.supplyAsync(() -> command("--for", "5s"));
        assertThat(replica.await(PAUSED, 1)).as("paused").isEqualTo(1);

        replica.onPrimary("INSERT INTO orders VALUES (1)");
        long behind = replica.await(BEHIND, 1);
        long shown = replica.number(ORDERS);
        long stillPaused = replica.number(PAUSED);

        assertThat(Patience.await(held, "the fault")).as("%s", out).isZero();
        assertThat(out.toString().lines().toList().getLast()).as("witness").isEqualTo("1");
        if (stillPaused == 1) {
            assertThat(behind).as("something came that is not shown").isEqualTo(1);
            assertThat(shown).as("orders while it was paused").isEqualTo(before);
        }
        assertThat(replica.await(ORDERS, before + 1)).as("orders").isEqualTo(before + 1);
    }

    @Test
    void the_guard_ends_the_pause_of_a_runner_that_was_killed() throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("pause.json"),
                        """
                        {"title":"t","description":"d","method":[{"type":"action","name":"pause",
                         "background":true,"pauses":{"after":300},"provider":%s}],
                         "rollbacks":[{"type":"action","name":"resume","provider":%s}]}\
                        """
                                .formatted(program("--for", "10m"), program("--take-back")));
        Process runner =
                new ProcessBuilder(
                                java("run", file.toString(), "--journal-path", folder + "/j.json"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("run.log").toFile())
                        .start();
        List<ProcessHandle> holders;
        try {
            assertThat(replica.await(PAUSED, 1))
                    .as("paused; the run said %s", Files.readString(folder.resolve("run.log")))
                    .isEqualTo(1);
            holders = runner.descendants().filter(ReplicaPauseIT::holds).toList();
        } finally {
            runner.destroyForcibly();
        }

        long paused = replica.await(PAUSED, 0);
        holders.forEach(ProcessHandle::destroyForcibly);
        assertThat(paused).as("paused after the death").isZero();
        assertThat(command("--take-back")).as("%s", out).isZero();
    }

    /** The program that paused the replica, which outlives its runner. */
    private static boolean holds(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("replica-pause");
    }

    private static List<String> java(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx64m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** A provider that runs a command on the replica. */
    private String program(String... more) {
        List<String> arguments =
                new ArrayList<>(java("database", "replica-pause", "--url", replica.url()));
        arguments.addAll(List.of(more));
        String path = arguments.removeFirst();
        return "{\"type\":\"process\",\"path\":\"%s\",\"arguments\":[\"%s\"]}"
                .formatted(path, String.join("\",\"", arguments));
    }
}
