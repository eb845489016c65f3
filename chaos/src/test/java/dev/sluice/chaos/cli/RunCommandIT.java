package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process: what is left when it is ended from outside. */
class RunCommandIT {
    @TempDir private Path folder;
    private Path file;
    private Path fault;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("e.json");
        fault = folder.resolve("fault");
        Files.writeString(file, text(3600));
    }

    private String text(int pause) {
        return """
        {"title":"t","description":"d","method":[{"type":"action","name":"fault",
         "pauses":{"after":%d},
         "provider":{"type":"process","path":"touch","arguments":["%s"]}}],
         "rollbacks":[{"type":"action","name":"heal",
         "provider":{"type":"process","path":"rm","arguments":["%s"]}}]}\
        """
                .formatted(pause, fault, fault);
    }

    private Process start(String... more) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp"));
        command.addAll(List.of(System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("run", file.toString(), "--journal-path"));
        command.add(folder.resolve("journal.json").toString());
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + 3 * Patience.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waiting for %s; log: %s", what, Files.readString(folder.resolve("log")))
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_killed_run_leaves_no_fault() throws Exception {
        Process run = start();
        await("the fault", () -> Files.exists(fault));
        run.destroyForcibly();
        assertThat(run.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        await("the guard", () -> !Files.exists(fault));
    }

    @Test
    void an_interrupted_run_restores_and_exits_with_130() throws Exception {
        Process run = start();
        await("the fault", () -> Files.exists(fault));
        run.destroy();
        assertThat(run.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(130);
        assertThat(fault).doesNotExist();
        var journal = new JsonMapper().readTree(Files.readString(folder.resolve("journal.json")));
        assertThat(journal.path("status").asText()).isEqualTo("interrupted");
    }

    @Test
    void an_interrupted_run_that_can_not_restore_says_so_first() throws Exception {
        Files.writeString(file, text(3600).replace("\"rm\"", "\"false\""));
        Process run = start();
        await("the fault", () -> Files.exists(fault));
        run.destroy();
        assertThat(run.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(ExitCode.NOT_RESTORED.number());
        var journal = new JsonMapper().readTree(Files.readString(folder.resolve("journal.json")));
        assertThat(journal.at("/x-sluice/verdict").asText()).isEqualTo("NOT_RESTORED");
    }

    @ParameterizedTest
    @CsvSource({"default, true", "always, false"})
    void the_ctk_profile_is_interrupted_as_the_chaos_toolkit_is(String strategy, boolean stays)
            throws Exception {
        Process run = start("--profile", "ctk", "--rollback-strategy", strategy);
        await("the fault", () -> Files.exists(fault));
        run.destroy();
        assertThat(run.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(1);
        assertThat(Files.exists(fault)).as("the fault is on").isEqualTo(stays);
        var journal = new JsonMapper().readTree(Files.readString(folder.resolve("journal.json")));
        assertThat(journal.path("status").asText()).isEqualTo("interrupted");
    }

    @Test
    void an_interrupted_run_ends_its_program_and_writes_its_journal() throws Exception {
        Files.writeString(
                file,
                text(0).replace("\"path\":\"touch\",", "\"path\":\"sh\",")
                        .replace(
                                "\"arguments\":[\"" + fault + "\"]}}],",
                                "\"arguments\":[\"-c\",\"touch "
                                        + fault
                                        + "; sleep 3600 & wait\"]}}],"));
        Process run = start();
        await("the fault", () -> Files.exists(fault));
        run.destroy();
        assertThat(run.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(130);
        assertThat(fault).doesNotExist();
        var journal = new JsonMapper().readTree(Files.readString(folder.resolve("journal.json")));
        assertThat(journal.path("status").asText()).isEqualTo("interrupted");
        assertThat(journal.at("/run/0/activity/name").asText()).isEqualTo("fault");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "replay"})
    void writes_a_journal_that_can_be_replayed(String command) throws IOException {
        Files.writeString(file, text(0));
        Path journal = folder.resolve("journal.json");
        var out = new StringWriter();
        assertThat(run(out, "run", file, "--journal-path", journal)).isZero();
        Path again = command.equals("run") ? file : journal;
        Path second = folder.resolve("second.json");
        assertThat(run(out, command, again, "--journal-path", second, "--seed", "7")).isZero();
        var written = new JsonMapper().readTree(Files.readString(second));
        assertThat(written.at("/x-sluice/verdict").asText()).isEqualTo("PASSED");
        assertThat(written.at("/x-sluice/seed").asLong()).isEqualTo(7);
        assertThat(out.toString()).contains("t: PASSED");
    }

    /** The value of a variable, or the leases of a sidecar, are asked for and nobody answers. */
    @ParameterizedTest
    @CsvSource({"variable, 130", "leases, 130", "variable ctk, 1"})
    void a_signal_before_anything_is_injected_ends_at_once(String asked, int exitCode)
            throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        try (H1Upstream silent =
                H1Upstream.start(request -> {
                    reached.countDown();
                    return H1Answer.partial(10, "half");
                })) {
            Files.writeString(file, unanswered(asked, "http://127.0.0.1:" + silent.port()));
            Process run = start("--profile", asked.endsWith("ctk") ? "ctk" : "strict");
            assertThat(reached.await(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("the question; log: %s", Files.readString(folder.resolve("log")))
                    .isTrue();
            run.destroy();
            assertThat(run.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(run.exitValue()).isEqualTo(exitCode);
        }
        assertThat(fault).doesNotExist();
        var journal = new JsonMapper().readTree(Files.readString(folder.resolve("journal.json")));
        assertThat(journal.path("status").asText()).isEqualTo("interrupted");
        assertThat(journal.at("/x-sluice/verdict").asText()).isEqualTo("INTERRUPTED");
        assertThat(journal.at("/x-sluice/reasons/0").asText())
                .isEqualTo("interrupted before anything was injected");
        assertThat(journal.path("run")).isEmpty();
    }

    private String unanswered(String asked, String url) {
        String more =
                asked.startsWith("variable")
                        ? """
                        "configuration":{"x":{"type":"probe","name":"x",
                         "provider":{"type":"http","url":"%s/x","timeout":3600}}}\
                        """
                        : """
                        "sluice":{"faults":[{"sidecars":"%s","token":"t","gate":"gates/g",
                         "arm":"NEW","fault":{"delay":"1s"}}]}\
                        """;
        return text(3600).replace("\"title\":\"t\"", "\"title\":\"t\"," + more.formatted(url));
    }

    @Test
    void a_replay_takes_the_variables_of_the_run_but_no_secret() throws IOException {
        Files.writeString(
                file,
                text(0).replace(fault.toString(), "${where}")
                        .replace(
                                "\"title\":\"t\"",
                                """
                                "title":"t","configuration":{"where":"/nowhere/at-all"},
                                 "secrets":{"s":{"word":{"type":"env","key":"SLUICE_NO_SUCH"}}}\
                                """));
        Path journal = folder.resolve("journal.json");
        var out = new StringWriter();
        String where = "where=" + fault;
        assertThat(
                        run(
                                out,
                                "run",
                                file,
                                "--journal-path",
                                journal,
                                "--var",
                                where,
                                "--var",
                                "word=secret-1"))
                .as("%s", out)
                .isZero();
        assertThat(Files.readString(journal)).doesNotContain("secret-1");
        Path second = folder.resolve("second.json");
        Path third = folder.resolve("third.json");

        assertThat(run(out, "replay", journal, "--journal-path", second)).isEqualTo(2);
        assertThat(out.toString()).contains("no SLUICE_NO_SUCH in the environment");
        assertThat(run(out, "replay", journal, "--journal-path", second, "--var", "word=secret-2"))
                .as("%s", out)
                .isZero();
        assertThat(run(out, "replay", second, "--journal-path", third, "--var", "word=secret-3"))
                .as("a replay of a replay: %s", out)
                .isZero();
        var written = new JsonMapper().readTree(Files.readString(third));
        assertThat(written.at("/x-sluice/variables").toString())
                .isEqualTo("{\"where\":\"" + fault + "\"}");
        assertThat(written.at("/x-sluice/seed"))
                .isEqualTo(
                        new JsonMapper().readTree(Files.readString(journal)).at("/x-sluice/seed"));
    }

    private static int run(StringWriter out, Object... words) {
        String[] args = java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args);
    }
}
