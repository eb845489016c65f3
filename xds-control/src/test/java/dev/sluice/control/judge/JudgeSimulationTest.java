package dev.sluice.control.judge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.control.judge.SimulatedRamp.Result;
import dev.sluice.control.judge.Traffic.Errors;
import dev.sluice.control.judge.Traffic.Keys;
import dev.sluice.control.judge.Traffic.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small slice of {@link JudgeSimulation}, with fixed seeds: the same in each build. */
class JudgeSimulationTest {
    private static final long SEED = 20_261_101;

    @Test
    void two_arms_alike_are_not_taken_back_though_keys_are_skewed_and_errors_on_few_of_them() {
        List<Result> results =
                new JudgeSimulation(10, SEED)
                        .alike(0.05, Keys.ZIPF_10, Errors.ON_2_PERCENT_OF_KEYS);

        assertThat(JudgeSimulation.alarms(results, Result::judge)).isZero();
        assertThat(JudgeSimulation.alarms(results, Result::flagger))
                .as("a fixed threshold takes a good version back for what legacy does too")
                .isEqualTo(10);
    }

    /**
     * At most 1 of 100 may be taken back; one alarm in 60 ramps is as much chance as it may get.
     */
    @Test
    void a_member_that_only_obeys_is_not_taken_back_when_alike_and_found_when_worse() {
        List<Result> alike =
                new JudgeSimulation(60, SEED)
                        .alikeByBuckets(0.05, Keys.ZIPF_10, Errors.ON_2_PERCENT_OF_KEYS);
        List<Result> worse =
                new JudgeSimulation(20, SEED)
                        .worseByBuckets(JudgeSimulation.errors(5_000, Errors.SPREAD));

        assertThat(JudgeSimulation.alarms(alike, Result::judge)).isLessThanOrEqualTo(1);
        assertThat(JudgeSimulation.median(worse))
                .hasValueSatisfying(
                        median -> assertThat(median.candidates()).isLessThanOrEqualTo(1_500));
    }

    @Test
    void one_point_more_errors_are_found_within_few_candidate_requests() {
        List<Result> results =
                new JudgeSimulation(60, SEED).worse(JudgeSimulation.errors(0, Errors.SPREAD));

        assertThat(JudgeSimulation.median(results))
                .hasValueSatisfying(
                        median -> assertThat(median.candidates()).isLessThanOrEqualTo(500));
    }

    @Test
    void a_slower_tail_is_found_before_the_share_passes_five_percent() {
        List<Result> results =
                new JudgeSimulation(10, SEED)
                        .worse(new Shape(20_000, Keys.UNIFORM, Errors.SPREAD, 0.001, 0.001, 0.036));

        assertThat(results)
                .allSatisfy(result ->
                        assertThat(result.judge())
                                .hasValueSatisfying(alarm ->
                                        assertThat(alarm.share()).isLessThanOrEqualTo(50_000)));
    }

    @Test
    void the_figures_of_a_run_are_kept_as_a_table_and_as_json(@TempDir Path folder)
            throws IOException {
        var alarm = new SimulatedRamp.Alarm(399, 10_000);
        var late = new SimulatedRamp.Alarm(8_000, 250_000);
        List<Result> results =
                List.of(
                        new Result(Optional.of(alarm), Optional.of(late), Optional.empty()),
                        new Result(Optional.of(alarm), Optional.empty(), Optional.empty()));
        var figures =
                new JudgeFigures(
                        2,
                        7,
                        List.of(JudgeFigures.Alike.of(0.01, Keys.ZIPF_08, Errors.SPREAD, results)),
                        List.of(JudgeFigures.Worse.of("slow", results)));

        assertThat(figures.markdown())
                .contains(
                        "| 1.0 % | ZIPF_08 | SPREAD | 2 | 1 | 0 |",
                        "| slow | 2, 399 at 1 % | 2 | 1 | 0 |");
        figures.write(folder.resolve("judge.json"));
        JsonNode json = new ObjectMapper().readTree(folder.resolve("judge.json").toFile());
        assertThat(json.path("alike").path(0).path("flagger").asInt()).isEqualTo(1);
        JsonNode worse = json.path("worse").path(0);
        assertThat(worse.path("sluice").path("median_candidates").asInt()).isEqualTo(399);
        assertThat(worse.path("flagger").path("found_by_5_percent").asInt()).isZero();
        assertThat(worse.path("flagger").has("median_candidates")).isFalse();
    }
}
