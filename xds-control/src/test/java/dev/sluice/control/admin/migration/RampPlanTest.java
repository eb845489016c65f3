package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import dev.sluice.admin.v1.Criterion;
import dev.sluice.admin.v1.JudgePolicy;
import dev.sluice.admin.v1.PlanRampRequest;
import dev.sluice.admin.v1.PlanRampResponse;
import dev.sluice.admin.v1.QueryCriterion;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.catalog.Catalog;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RampPlanTest {
    @Test
    void a_step_tells_the_keys_it_needs_and_a_hopeless_one_has_none() {
        PlanRampResponse plan =
                answer(
                        PlanRampRequest.newBuilder()
                                .setRamp(
                                        Ramp.newBuilder()
                                                .setJudge(
                                                        JudgePolicy.newBuilder()
                                                                .setHarmBudgetPpm(1))
                                                .addSteps(step(20))
                                                .addSteps(step(990_000)))
                                .setErrorRatePpm(200_000)
                                .build());

        assertThat(plan.getSteps(0).getMargin()).isEqualTo(0.05);
        assertThat(plan.getSteps(0).getKeys()).isGreaterThan(plan.getSteps(0).getNewKeys());
        assertThat(plan.getSteps(1).hasKeys()).isFalse();
        assertThat(plan.getSteps(1).hasNewKeys()).isFalse();
    }

    private static PlanRampResponse answer(PlanRampRequest request) {
        return RampPlan.answer(request, Catalog.EMPTY, new BaselineForm(() -> Instant.EPOCH));
    }

    @Test
    void a_baseline_is_of_the_target_that_the_plan_names() {
        assertThatThrownBy(() ->
                        answer(
                                PlanRampRequest.newBuilder()
                                        .setRamp(
                                                Ramp.newBuilder()
                                                        .setJudge(
                                                                JudgePolicy.newBuilder()
                                                                        .setBaseline("before"))
                                                        .addSteps(step(20)))
                                        .build()))
                .hasMessageContaining("ramp.judge.baseline");
        assertThatThrownBy(() ->
                        answer(
                                PlanRampRequest.newBuilder()
                                        .setRamp(
                                                Ramp.newBuilder()
                                                        .setJudge(
                                                                JudgePolicy.newBuilder()
                                                                        .setBaseline(
                                                                                "baselines/before"))
                                                        .addSteps(step(20)))
                                        .build()))
                .hasMessageContaining("ramp.target");
    }

    @Test
    void a_plan_without_steps_or_with_a_bad_rate_is_refused_with_all_problems() {
        assertThatThrownBy(() ->
                        answer(PlanRampRequest.newBuilder().setErrorRatePpm(2_000_000).build()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT: 2 problems");
    }

    @Test
    void criteria_read_back_as_they_were_written_with_defaults() {
        Problems problems = Problems.root();
        var read =
                JudgeForm.CONTENT.read(
                        JudgePolicy.newBuilder()
                                .addCriteria(criterion(Criterion.Measure.TIMEOUTS).setLimit(7))
                                .addCriteria(
                                        criterion(Criterion.Measure.P99_MICROS)
                                                .setAgainst(Criterion.Against.NOTHING)
                                                .setOnBreach(Criterion.OnBreach.HOLD))
                                .build(),
                        problems);

        assertThat(problems.all()).isEmpty();
        assertThat(JudgeForm.CONTENT.read(JudgeForm.write(read), problems)).isEqualTo(read);
        assertThat(read.criteria().getFirst())
                .isEqualTo(
                        new dev.sluice.control.change.spec.Criterion(
                                dev.sluice.control.change.spec.Criterion.Measure.TIMEOUTS,
                                dev.sluice.control.change.spec.Criterion.Against.LEGACY,
                                7,
                                dev.sluice.control.change.spec.Criterion.OnBreach.ROLL_BACK));
        for (Criterion.Measure measure : Criterion.Measure.values()) {
            if (measure != Criterion.Measure.MEASURE_UNSPECIFIED
                    && measure != Criterion.Measure.UNRECOGNIZED) {
                var one = JudgePolicy.newBuilder().addCriteria(criterion(measure)).build();
                assertThat(JudgeForm.write(JudgeForm.CONTENT.read(one, problems)).getCriteria(0))
                        .extracting(Criterion::getMeasure)
                        .isEqualTo(measure);
            }
        }
    }

    @Test
    void unknown_words_of_a_criterion_are_refused_each_with_its_place() {
        Problems problems = Problems.at("judge");
        JudgeForm.CONTENT.read(
                JudgePolicy.newBuilder()
                        .addCriteria(
                                Criterion.newBuilder()
                                        .setMeasureValue(99)
                                        .setAgainstValue(98)
                                        .setOnBreachValue(97))
                        .build(),
                problems);

        assertThat(problems.all())
                .extracting(Problem::path)
                .containsExactly(
                        "judge.criteria[0].measure",
                        "judge.criteria[0].against",
                        "judge.criteria[0].on_breach");
    }

    @Test
    void queries_read_back_as_they_were_written_with_defaults() {
        Problems problems = Problems.root();
        JudgePolicy least = JudgePolicy.newBuilder().addQueries(query()).build();
        JudgePolicy most =
                JudgePolicy.newBuilder()
                        .addQueries(
                                query().setBearerSecret("metrics")
                                        .setAgainst(Criterion.Against.NOTHING)
                                        .setBound(QueryCriterion.Bound.AT_LEAST)
                                        .setOnBreach(Criterion.OnBreach.HOLD)
                                        .setInARow(7)
                                        .setInterval(Durations.fromSeconds(20))
                                        .setTimeout(Durations.fromSeconds(2))
                                        .setWindow(Durations.fromSeconds(60))
                                        .setMaxAge(Durations.fromSeconds(90)))
                        .build();

        var read = JudgeForm.CONTENT.read(least, problems);
        assertThat(JudgeForm.write(JudgeForm.CONTENT.read(most, problems)).getQueries(0))
                .isEqualTo(most.getQueries(0));
        assertThat(JudgeForm.CONTENT.read(JudgeForm.write(read), problems)).isEqualTo(read);
        assertThat(problems.all()).isEmpty();
        QueryCriterion written = JudgeForm.write(read).getQueries(0);
        assertThat(written.getInARow()).isEqualTo(3);
        assertThat(written.getMaxAge()).isEqualTo(Durations.fromSeconds(60));
    }

    @Test
    void a_query_without_a_server_a_number_or_known_words_is_refused_with_its_places() {
        Problems problems = Problems.at("judge");
        var refusing =
                new JudgeForm(_ -> Optional.of(new Problem("url", "there", "here", "allow it")));
        refusing.read(
                JudgePolicy.newBuilder()
                        .addQueries(
                                query().setUrl("smtp://x?a")
                                        .setLimit(Double.NaN)
                                        .setBoundValue(9)
                                        .setAgainstValue(9)
                                        .setOnBreachValue(9))
                        .build(),
                problems);

        assertThat(problems.all())
                .extracting(Problem::path)
                .containsExactly(
                        "judge.queries[0].url",
                        "judge.queries[0].against",
                        "judge.queries[0].bound",
                        "judge.queries[0].limit",
                        "judge.queries[0].on_breach",
                        "judge.queries[0].url");
    }

    private static QueryCriterion.Builder query() {
        return QueryCriterion.newBuilder()
                .setName("lag")
                .setUrl("https://metrics.example.com/prometheus")
                .setQuery("lag{arm=\"{{arm}}\"}")
                .setLimit(2.5);
    }

    private static Criterion.Builder criterion(Criterion.Measure measure) {
        return Criterion.newBuilder().setMeasure(measure);
    }

    private static RampStep step(int share) {
        return RampStep.newBuilder().setSharePpm(share).build();
    }
}
