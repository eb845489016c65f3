package dev.sluice.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.Patience;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs against files as targets: the fault makes a file, the steady state is that there is none, on
 * a clock that moves by the pauses only.
 */
class RunnerTest {
    @TempDir private Path folder;

    private final ManualClock clock = new ManualClock();
    private int pauses;
    private IntConsumer onPause = count -> {};

    private final Waits waits =
            new Waits() {
                @Override
                public Instant instant() {
                    return clock.instant();
                }

                @Override
                public long nanos() {
                    return clock.nanos();
                }

                @Override
                public boolean pause(Duration duration) {
                    clock.advance(duration);
                    onPause.accept(++pauses);
                    return true;
                }

                @Override
                public boolean await(CompletableFuture<?> done, Duration most) {
                    return done.handle((_, _) -> true).join();
                }
            };

    private static String action(String name, String shell) {
        return """
        {"type":"action","name":"%s","provider":{"type":"process","path":"%s","arguments":""}}\
        """
                .formatted(name, shell);
    }

    private static String probe(String name, String shell, String tolerance) {
        return """
        {"type":"probe","name":"%s","tolerance":%s,
         "provider":{"type":"process","path":"%s","arguments":""}}\
        """
                .formatted(name, tolerance, shell);
    }

    /** An experiment whose steady state is that no file {@code broken} is there. */
    private Experiment experiment(String method, String rollbacks, String own) {
        String text =
                """
                {"title":"t","description":"d",
                 "steady-state-hypothesis":{"title":"whole","probes":[%s]},
                 "method":[%s],"rollbacks":[%s],"sluice":{%s}}\
                """
                        .formatted(
                                probe("whole", "test ! -e $f/broken", "0"), method, rollbacks, own);
        return ExperimentReader.read(text, "e.json").orThrow();
    }

    private Activities activities() {
        return new Activities(
                new Substitution(
                        Map.of("f", JsonNodeFactory.instance.textNode(folder.toString()))));
    }

    private Result run(Experiment experiment) {
        try (Activities activities = activities()) {
            return new Runner(experiment, Means.without(activities, Guard.none(), waits), 7).run();
        }
    }

    private Result ctk(Experiment experiment) {
        try (Activities activities = activities()) {
            return new CtkRunner(experiment, activities, waits, CtkSettings.DEFAULT, 7).run();
        }
    }

    private boolean there(String name) {
        return Files.exists(folder.resolve(name));
    }

    private static final String FAULT = action("fault", "touch $f/fault");
    private static final String HEAL = action("heal", "rm $f/fault");
    private static final String BREAK = action("break", "touch $f/broken");
    private static final String MEND = action("mend", "rm $f/broken");

    @Test
    void passes_when_the_steady_state_outlives_the_fault() {
        Result result = run(experiment(FAULT, HEAL, ""));
        assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(result.reasons()).isEmpty();
        assertThat(there("fault")).isFalse();
        var journal = result.journal().json();
        assertThat(journal.path("status").asText()).isEqualTo("completed");
        assertThat(journal.path("deviated").asBoolean()).isFalse();
        assertThat(journal.at("/steady_states/before/steady_state_met").asBoolean()).isTrue();
        assertThat(journal.at("/steady_states/during")).isNotEmpty();
        assertThat(journal.at("/steady_states/after/steady_state_met").asBoolean()).isTrue();
        assertThat(journal.at("/run/0/activity/name").asText()).isEqualTo("fault");
        assertThat(journal.at("/run/0/status").asText()).isEqualTo("succeeded");
        assertThat(journal.at("/rollbacks/0/activity/name").asText()).isEqualTo("heal");
        assertThat(journal.at("/x-sluice/seed").asLong()).isEqualTo(7);
        assertThat(journal.at("/x-sluice/verdict").asText()).isEqualTo("PASSED");
    }

    @Test
    void deviates_when_the_steady_state_breaks_during_the_fault_only() {
        Experiment experiment = experiment(BREAK, MEND, "");
        assertThat(run(experiment).verdict()).isEqualTo(Verdict.DEVIATED);
        assertThat(there("broken")).isFalse();
    }

    @Test
    void looks_again_and_again_during_pauses() {
        String slow = FAULT.replace("\"name\"", "\"pauses\":{\"after\":10},\"name\"");
        Result result = run(experiment(slow, HEAL, "\"every\":\"2s\""));
        assertThat(result.journal().json().at("/steady_states/during")).hasSize(6);
        assertThat(clock.nanos()).isEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void injects_nothing_when_the_steady_state_is_not_met_before() throws IOException {
        Files.createFile(folder.resolve("broken"));
        Result result = run(experiment(FAULT, HEAL, ""));
        assertThat(result.verdict()).isEqualTo(Verdict.NOT_STEADY);
        assertThat(there("fault")).isFalse();
        assertThat(result.journal().json().path("run")).isEmpty();
    }

    @Test
    void proves_nothing_when_an_action_fails_but_restores() {
        Result result =
                run(experiment(FAULT + "," + action("no", "exit 7") + "," + BREAK, HEAL, ""));
        assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(result.reasons()).containsExactly("the action 'no' failed: status 7");
        assertThat(there("fault")).isFalse();
        assertThat(there("broken")).isFalse();
    }

    @Test
    void proves_nothing_without_an_action() {
        assertThat(run(experiment(probe("p", "true", "0"), "", "")).verdict())
                .isEqualTo(Verdict.INCONCLUSIVE);
    }

    @Test
    void says_that_a_fault_may_still_be_active() {
        Result result = run(experiment(FAULT, action("heal", "exit 1"), ""));
        assertThat(result.verdict()).isEqualTo(Verdict.NOT_RESTORED);
        assertThat(result.journal().json().path("rollbacks")).hasSize(3);
    }

    @Test
    void runs_every_rollback_though_one_fails() {
        Result result = run(experiment(FAULT, action("no", "exit 1") + "," + HEAL, ""));
        assertThat(result.verdict()).isEqualTo(Verdict.NOT_RESTORED);
        assertThat(there("fault")).isFalse();
    }

    @Test
    void rollbacks_run_in_the_order_of_the_file_and_the_guard_holds_them_in_it() {
        List<String> held = new ArrayList<>();
        Guard guard =
                new Guard() {
                    @Override
                    public void hold(List<JsonNode> rollbacks) {
                        rollbacks.forEach(one -> held.add(one.path("path").asText()));
                    }

                    @Override
                    public void release() {
                        held.add("released");
                    }
                };
        // The second could not run without the first.
        String rollbacks =
                action("empty", "rm $f/box/fault") + "," + action("away", "rmdir $f/box");
        Experiment experiment =
                experiment(action("fill", "mkdir $f/box; touch $f/box/fault"), rollbacks, "");
        Result result;
        try (Activities activities = activities()) {
            result = new Runner(experiment, Means.without(activities, guard, waits), 7).run();
        }

        assertThat(result.verdict()).as("%s", result.reasons()).isEqualTo(Verdict.PASSED);
        assertThat(result.journal().json().path("rollbacks")).hasSize(2);
        assertThat(held)
                .containsExactly(
                        "rm " + folder + "/box/fault", "rmdir " + folder + "/box", "released");
    }

    @ParameterizedTest
    @CsvSource({"1,PASSED", "3,PASSED", "4,INCONCLUSIVE"})
    void wants_the_witness_to_have_seen_the_fault(int atLeast, Verdict verdict) throws IOException {
        Files.writeString(folder.resolve("hits"), "old\n");
        String hit = action("hit", "printf 'a\\\\nb\\\\nc\\\\n' >> $f/hits");
        String witness = probe("hits", "wc -l < $f/hits", "0").replace("\"tolerance\":0,", "");
        Result result =
                run(
                        experiment(
                                hit,
                                "",
                                "\"witness\":{\"at_least\":%d,\"probe\":%s}"
                                        .formatted(atLeast, witness)));
        assertThat(result.verdict()).isEqualTo(verdict);
        assertThat(result.journal().json().at("/x-sluice/witness/grown").asLong()).isEqualTo(3);
    }

    @Test
    void takes_a_number_with_decimals_for_a_count() {
        String witness = probe("measured", "cat $f/measured", "0").replace("\"tolerance\":0,", "");
        String grow = action("grow", "echo 25.0 > $f/measured");
        Result result =
                run(
                        experiment(
                                grow,
                                "",
                                "\"witness\":{\"at_least\":20,\"probe\":%s}".formatted(witness)));
        assertThat(result.verdict()).as("%s", result.reasons()).isEqualTo(Verdict.PASSED);
        assertThat(result.journal().json().at("/x-sluice/witness/grown").asLong()).isEqualTo(25);
    }

    @Test
    void deviates_when_what_is_expected_of_the_fault_has_not_happened() {
        String tripped = "\"expect\":[" + probe("tripped", "test -e $f/fault", "0") + "]";

        Result happened = run(experiment(FAULT, HEAL, tripped));
        Result missing = run(experiment(action("other", "true"), "", tripped));

        assertThat(happened.verdict()).as("%s", happened.reasons()).isEqualTo(Verdict.PASSED);
        assertThat(missing.verdict()).isEqualTo(Verdict.DEVIATED);
        assertThat(missing.reasons()).containsExactly("'tripped' was not as expected");
    }

    @Test
    void ends_when_a_stop_condition_is_met() {
        String stop = probe("too much", "test -e $f/fault", "0");
        Result result = run(experiment(FAULT + "," + BREAK, HEAL, "\"stop\":[" + stop + "]"));
        assertThat(result.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(result.reasons()).containsExactly("the stop condition 'too much' was met");
        assertThat(there("broken")).isFalse();
        assertThat(there("fault")).isFalse();
    }

    @Test
    void ends_when_faults_are_on_longer_than_the_blast_radius_allows() {
        String slow = FAULT.replace("\"name\"", "\"pauses\":{\"after\":60},\"name\"");
        Result result = run(experiment(slow, HEAL, "\"blast_radius\":{\"duration\":\"5s\"}"));
        assertThat(result.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(clock.nanos()).isEqualTo(Duration.ofMillis(5001).toNanos());
        assertThat(there("fault")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"3s,0s,3,PASSED", "2s,0s,3,DEVIATED", "3s,5s,3,PASSED"})
    void waits_for_the_steady_state_to_come_back(
            String within, String stable, int backAfter, Verdict verdict) {
        // The steady state breaks when the rollback runs, so that only recovery sees it.
        onPause =
                count -> {
                    if (count == backAfter) {
                        assertThat(folder.resolve("broken").toFile().delete()).isTrue();
                    }
                };
        String recover =
                "\"recover\":{\"within\":\"%s\",\"stable_for\":\"%s\"}".formatted(within, stable);
        assertThat(run(experiment(FAULT, BREAK, recover)).verdict()).isEqualTo(verdict);
    }

    @Test
    void restores_when_it_is_interrupted() {
        String slow = FAULT.replace("\"name\"", "\"pauses\":{\"after\":60},\"name\"");
        try (Activities activities = activities()) {
            Runner runner =
                    new Runner(
                            experiment(slow + "," + BREAK, HEAL, ""),
                            Means.without(activities, Guard.none(), waits),
                            7);
            onPause = count -> runner.interrupt();
            Result result = runner.run();
            assertThat(result.verdict()).isEqualTo(Verdict.INTERRUPTED);
            assertThat(result.journal().json().path("status").asText()).isEqualTo("interrupted");
        }
        assertThat(there("fault")).isFalse();
        assertThat(there("broken")).isFalse();
    }

    @Test
    void runs_background_activities_beside_the_others() {
        String background = FAULT.replace("\"name\"", "\"background\":true,\"name\"");
        Result result = run(experiment(background + "," + action("then", "true"), HEAL, ""));
        assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(result.journal().json().path("run")).hasSize(2);
    }

    /** The program takes back what it did when it is asked to end. */
    @Test
    void ends_a_program_in_the_background_when_the_run_is_aborted() {
        String holds = "touch $f/fault; trap 'rm $f/fault' TERM; sleep 3600 & wait";
        String background =
                action("holds", holds)
                        .replace(
                                "\"name\"",
                                "\"background\":true,\"pauses\":{\"after\":60},\"name\"");
        String limit = "\"blast_radius\":{\"duration\":\"5s\"}";
        onPause = _ -> awaitFile("fault");

        Result result = run(experiment(background, action("none", "true"), limit));

        assertThat(result.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(there("fault")).as("what the program had made").isFalse();
    }

    private void awaitFile(String name) {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!there(name) && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** What the Chaos Toolkit calls a success, and what it is. */
    @Test
    void the_ctk_profile_repeats_the_false_greens_of_the_chaos_toolkit() throws IOException {
        Experiment applied = experiment(action("no", "exit 7"), "", "");
        assertThat(ctk(applied).failed()).isFalse();
        assertThat(run(applied).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        Experiment unrestored = experiment(FAULT, action("no", "exit 1"), "");
        assertThat(ctk(unrestored).failed()).isFalse();
        assertThat(run(unrestored).verdict()).isEqualTo(Verdict.NOT_RESTORED);
        Experiment during = experiment(BREAK + "," + MEND, "", "");
        assertThat(ctk(during).failed()).isFalse();
        assertThat(run(during).verdict()).isEqualTo(Verdict.DEVIATED);
        Files.createFile(folder.resolve("broken"));
        Experiment before = experiment(FAULT, HEAL, "");
        assertThat(ctk(before).failed()).isFalse();
        assertThat(run(before).verdict()).isEqualTo(Verdict.NOT_STEADY);
    }

    @Test
    void the_ctk_profile_deviates_when_the_steady_state_is_not_met_after() {
        Result result = ctk(experiment(BREAK, "", ""));
        assertThat(result.failed()).isTrue();
        assertThat(result.journal().json().path("deviated").asBoolean()).isTrue();
        assertThat(result.journal().json().path("status").asText()).isEqualTo("completed");
    }

    @ParameterizedTest
    @CsvSource({"released,true", "'',false"})
    void the_guard_takes_faults_back_unless_it_is_told_that_all_is_done(String last, boolean stays)
            throws IOException {
        Files.createFile(folder.resolve("fault"));
        String rollback =
                "[{\"type\":\"process\",\"path\":\"rm\",\"arguments\":[\"%s\"]}]\n"
                        .formatted(folder.resolve("fault"));
        var log = new ByteArrayOutputStream();
        GuardProcess.watch(
                new ByteArrayInputStream((rollback + last).getBytes(StandardCharsets.UTF_8)),
                new PrintStream(log, true, StandardCharsets.UTF_8));
        assertThat(there("fault")).isEqualTo(stays);
        assertThat(log.toString(StandardCharsets.UTF_8).isEmpty()).isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE http://127.0.0.1:1/faults/a, '{\"type\":\"http\",\"method\":\"DELETE\",\"url\":\"http://127.0.0.1:1/faults/a?key=s3cret\",\"headers\":{\"Authorization\":\"Bearer s3cret\"},\"timeout\":1}'",
        "/bin/false, '{\"type\":\"process\",\"path\":\"/bin/false\",\"arguments\":[\"s3cret\"]}'"
    })
    void the_guard_tells_what_it_did_and_no_secret(String words, String rollback)
            throws IOException {
        var log = new ByteArrayOutputStream();
        GuardProcess.watch(
                new ByteArrayInputStream(("[" + rollback + "]").getBytes(StandardCharsets.UTF_8)),
                new PrintStream(log, true, StandardCharsets.UTF_8));
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("could not take back by " + words)
                .doesNotContain("s3cret");
    }
}
