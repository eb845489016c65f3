package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.Ledger;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.chaos.load.Planned;
import dev.sluice.testkit.ManualClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final int MANY = 1000;

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final Ledger ledger = new Ledger(ManualClock.START, 0);
    private long ids;

    private void add(String arm, int requests, long millis, int status) {
        String decision =
                "gate=\"orders\", arm=%s, mode=OFF, reason=SHARE, share=500000".formatted(arm);
        for (int i = 0; i < requests; i++) {
            Planned planned = new Planned(ids++, "a", 0, Planned.Operation.READ, 0);
            Answer.Body body =
                    new Answer.Body(
                            0,
                            "",
                            OptionalLong.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            OptionalLong.empty());
            ledger.add(
                    new Entry(
                            planned,
                            0,
                            millis * 1_000_000,
                            new Answer.Complete(
                                    status, Optional.empty(), Optional.of(decision), body)));
        }
    }

    private Path written(String name) throws IOException {
        Path file = folder.resolve(name);
        LedgerFile.write(ledger, file);
        return file;
    }

    private int compare(Object... words) {
        out.getBuffer().setLength(0);
        PrintWriter writer = new PrintWriter(out, true);
        String[] args = new String[words.length + 1];
        args[0] = "compare";
        for (int i = 0; i < words.length; i++) {
            args[i + 1] = words[i].toString();
        }
        return CommandTree.run(writer, writer, args);
    }

    @Test
    void a_ledger_is_not_worse_than_itself() throws IOException {
        add("NEW", MANY, 10, 200);
        add("LEGACY", MANY, 10, 200);
        Path file = written("a");
        assertThat(compare(file, file)).as("%s", out).isZero();
        assertThat(out.toString().lines()).hasSize(9).allMatch(line -> line.startsWith("held"));
        assertThat(compare(file)).as("%s", out).isZero();
    }

    @Test
    void a_slower_arm_is_worse_beyond_its_threshold() throws IOException {
        add("LEGACY", MANY, 10, 200);
        add("NEW", MANY, 13, 200);
        Path file = written("a");
        assertThat(compare(file)).isEqualTo(ExitCode.DEVIATED.number());
        assertThat(out.toString()).contains("WORSE    NEW p50 ms: 10.000 to 13.000 (allowed: 12.");
        assertThat(compare(file, "--latency", "30")).as("%s", out).isZero();
        assertThat(compare(file, "--slack", "3ms")).as("%s", out).isZero();
    }

    @Test
    void the_slowest_hundredth_is_compared_too() throws IOException {
        add("LEGACY", MANY, 10, 200);
        add("NEW", MANY, 10, 200);
        add("NEW", MANY / 50, 500, 200);
        assertThat(compare(written("a"))).isEqualTo(ExitCode.DEVIATED.number());
        assertThat(out.toString()).contains("held     NEW p50").contains("WORSE    NEW p99");
    }

    @Test
    void errors_are_worse_and_are_no_fast_answers() throws IOException {
        add("NEW", MANY, 10, 200);
        Path base = written("base");
        add("NEW", 10, 0, 503);
        Path head = written("head");
        assertThat(compare(base, head)).isEqualTo(ExitCode.DEVIATED.number());
        assertThat(out.toString())
                .contains("held     NEW p50")
                .contains("WORSE    NEW errors %: 0.000 to 0.990 (allowed: 0.000)");
        assertThat(compare(base, head, "--errors", "1")).as("%s", out).isZero();
    }

    @Test
    void too_few_requests_are_inconclusive_and_so_is_an_arm_that_is_not_there() throws IOException {
        add("LEGACY", MANY, 10, 200);
        add("NEW", 99, 10, 200);
        assertThat(compare(written("a"))).isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString())
                .contains("held     NEW p50")
                .contains("NOT SEEN NEW p99 ms: too few requests to tell")
                .contains("NOT SEEN NEW errors %");
        Ledger empty = new Ledger(ManualClock.START, 0);
        Path none = folder.resolve("none");
        LedgerFile.write(empty, none);
        assertThat(compare(none)).isEqualTo(ExitCode.INCONCLUSIVE.number());
    }

    @Test
    void an_arm_that_only_one_ledger_has_is_told_and_proves_nothing() throws IOException {
        add("LEGACY", MANY, 10, 200);
        Path before = written("before");
        add("NEW", 50, 10, 200);
        add("NEW", 2, 10, 503);
        Path after = written("after");

        assertThat(compare(before, after, "--errors", "1"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString().lines().filter(line -> line.contains("NEW")))
                .containsExactly("NOT SEEN NEW: only HEAD has it (52 requests, 2 errors)");
        assertThat(out.toString()).contains("held     LEGACY p50");

        assertThat(compare(after, before)).isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString().lines().filter(line -> line.contains("NEW")))
                .containsExactly("NOT SEEN NEW: only BASE has it (52 requests, 2 errors)");

        assertThat(compare(before, after)).as("%s", out).isEqualTo(ExitCode.DEVIATED.number());
        assertThat(out.toString()).contains("WORSE    all errors %", "only HEAD has it");
    }

    @Test
    void another_file_and_wrong_thresholds_are_refused() throws IOException {
        assertThat(compare(folder.resolve("missing"))).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("missing: no such file").contains("correct its name");
        Path file = written("a");
        assertThat(compare(file, "--latency", "-1")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("--latency '-1.0' (expected: 0 or more)");
        assertThat(compare(file, "--slack", "1")).isEqualTo(ExitCode.INVALID.number());
    }
}
