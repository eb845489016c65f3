package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.ExperimentReader;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.run.CtkRunner;
import dev.sluice.chaos.run.CtkSettings;
import dev.sluice.chaos.run.Guard;
import dev.sluice.chaos.run.Means;
import dev.sluice.chaos.run.Result;
import dev.sluice.chaos.run.Runner;
import dev.sluice.chaos.run.Verdict;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs that are ended while they wait for an answer that never becomes whole, although an hour is
 * allowed for it.
 */
class CutRunsIT {
    @TempDir private Path folder;

    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicInteger wellLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final RealWaits waits = new RealWaits();
    private final H1Upstream server = H1Upstream.start(this::answer);

    @AfterEach
    void stop() {
        server.close();
    }

    /** The head and half of the body, when nothing is well any more. */
    private H1Answer answer(H1Request request) {
        if (request.target().equals("/well") && wellLeft.getAndDecrement() > 0) {
            return H1Answer.ok("well");
        }
        reached.countDown();
        return H1Answer.partial(10, "half");
    }

    private String http(String path) {
        return "{\"type\":\"http\",\"url\":\"http://127.0.0.1:%d%s\",\"timeout\":3600}"
                .formatted(server.port(), path);
    }

    private static String action(String more, String provider) {
        return "{\"type\":\"action\",\"name\":\"a\",%s\"provider\":%s}".formatted(more, provider);
    }

    private static String probe(String provider) {
        return "{\"type\":\"probe\",\"name\":\"p\",\"tolerance\":0,\"provider\":%s}"
                .formatted(provider);
    }

    private String program(String shell) {
        return "{\"type\":\"process\",\"path\":\"cd %s; %s\",\"arguments\":\"\"}"
                .formatted(folder, shell);
    }

    /** The first action makes a file, and the rollback takes it away. */
    private Experiment experiment(String every, String more, String own) {
        return ExperimentReader.read(
                        """
                        {"title":"t","description":"d",
                         "steady-state-hypothesis":{"title":"s","probes":[%s]},
                         "method":[%s%s],"rollbacks":[%s],"sluice":{"every":"%s"%s}}\
                        """
                                .formatted(
                                        probe(http("/well"))
                                                .replace("\"tolerance\":0", "\"tolerance\":200"),
                                        action("", program("touch fault")),
                                        more.isEmpty() ? "" : "," + more,
                                        action("", program("rm -f fault")),
                                        every,
                                        own.isEmpty() ? "" : "," + own),
                        "e.json")
                .orThrow();
    }

    private static Activities activities() {
        return new Activities(new Substitution(Map.of()));
    }

    private Result interrupted(Experiment experiment) {
        try (Activities activities = activities()) {
            Runner runner =
                    new Runner(experiment, Means.without(activities, Guard.none(), waits), 7);
            CompletableFuture<Result> run = CompletableFuture.supplyAsync(runner::run);
            Patience.await(reached, "the call that gets no answer");
            runner.interrupt();
            waits.end();
            return Patience.await(run, "the end of the run");
        }
    }

    private String more(String where) {
        return switch (where) {
            case "action" -> action("", http("/never"));
            case "background" ->
                    action("\"background\":true,\"pauses\":{\"after\":3600},", http("/never"));
            case "probe" -> probe(http("/never"));
            default -> "";
        };
    }

    private String own(String where) {
        return switch (where) {
            case "stop", "expect" -> "\"%s\":[%s]".formatted(where, probe(http("/never")));
            case "witness" ->
                    "\"witness\":{\"at_least\":1,\"probe\":%s}"
                            .formatted(probe(http("/well")).replace("\"tolerance\":0,", ""));
            default -> "";
        };
    }

    @ParameterizedTest
    @CsvSource({
        "baseline, 0",
        "look, 1",
        "recovery, 2",
        "action, 1000000",
        "background, 1000000",
        "probe, 1000000",
        "stop, 1000000",
        "expect, 1000000",
        "witness, 3"
    })
    void an_interruption_waits_for_no_answer(String where, int well) {
        wellLeft.set(well);

        Result result = interrupted(experiment("1h", more(where), own(where)));

        assertThat(result.verdict()).as("%s", result.reasons()).isEqualTo(Verdict.INTERRUPTED);
        assertThat(result.reasons()).containsExactly("interrupted");
        assertThat(folder.resolve("fault")).doesNotExist();
        JsonNode journal = result.journal().json();
        assertThat(journal.path("status").asText()).isEqualTo("interrupted");
        assertThat(journal.path("deviated").asBoolean()).isFalse();
        assertThat(journal.path("rollbacks")).hasSize(where.equals("baseline") ? 0 : 1);
    }

    @Test
    void an_interruption_waits_for_no_answer_in_the_profile_ctk() {
        Experiment experiment =
                experiment("1h", more("action"), "").withStrategies("always", "default");
        try (Activities activities = activities()) {
            CtkRunner runner = new CtkRunner(experiment, activities, waits, CtkSettings.DEFAULT, 7);
            CompletableFuture<Result> run = CompletableFuture.supplyAsync(runner::run);
            Patience.await(reached, "the call that gets no answer");
            runner.interrupt();
            waits.end();
            assertThat(Patience.await(run, "the end of the run").verdict())
                    .isEqualTo(Verdict.INTERRUPTED);
        }
        assertThat(folder.resolve("fault")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"action, 1000000", "background, 1000000", "look, 1"})
    void the_blast_radius_ends_a_call_that_gets_no_answer(String where, int well) {
        wellLeft.set(well);
        Result result =
                run(
                        experiment(
                                "20ms",
                                more(where),
                                """
                                "blast_radius":{"duration":"300ms"},"recover":{"within":"200ms"}\
                                """));

        assertThat(result.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(result.reasons())
                .startsWith("faults were on for longer than the blast radius of 300 ms");
        if (where.equals("look")) {
            assertThat(result.reasons())
                    .endsWith("the steady state did not come back within 200 ms")
                    .hasSize(2);
        } else {
            assertThat(result.reasons()).hasSize(1);
        }
        assertThat(folder.resolve("fault")).doesNotExist();
    }

    @Test
    void a_stop_condition_is_looked_at_while_an_action_lasts() {
        String stop = "\"stop\":[" + probe(program("test -e seen")) + "]";
        String action = action("", program("touch seen; sleep 3600"));

        Result result = run(experiment("20ms", action, stop));

        assertThat(result.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(result.reasons()).containsExactly("the stop condition 'p' was met");
        assertThat(folder.resolve("fault")).doesNotExist();
    }

    @Test
    void a_steady_state_that_breaks_while_an_action_lasts_deviates() {
        String action = action("", program("touch seen; while test -e seen; do sleep 0.01; done"));
        String whole = probe(program("! rm seen"));
        Experiment experiment =
                ExperimentReader.read(
                                """
                                {"title":"t","description":"d",
                                 "steady-state-hypothesis":{"title":"s","probes":[%s]},
                                 "method":[%s],"rollbacks":[],"sluice":{"every":"20ms"}}\
                                """
                                        .formatted(whole, action),
                                "e.json")
                        .orThrow();

        assertThat(run(experiment).verdict()).isEqualTo(Verdict.DEVIATED);
    }

    private Result run(Experiment experiment) {
        try (Activities activities = activities()) {
            Runner runner =
                    new Runner(experiment, Means.without(activities, Guard.none(), waits), 7);
            return Patience.await(CompletableFuture.supplyAsync(runner::run), "the end of the run");
        }
    }
}
