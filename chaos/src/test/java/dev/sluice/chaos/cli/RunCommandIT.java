package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    private static int run(StringWriter out, Object... words) {
        String[] args = java.util.Arrays.stream(words).map(Object::toString).toArray(String[]::new);
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args);
    }
}
