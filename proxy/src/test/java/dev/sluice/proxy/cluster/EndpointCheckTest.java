package dev.sluice.proxy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.EndpointCheck.Change;
import dev.sluice.proxy.endpoint.EndpointHealth;
import dev.sluice.proxy.probe.Verdict;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Intervals;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Jitter;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Question;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointCheckTest {
    static final HealthCheckSpec SPEC =
            new HealthCheckSpec(
                    new Question.Tcp("", List.of()),
                    Duration.ofSeconds(1),
                    new Intervals(
                            Duration.ofSeconds(10),
                            Duration.ofSeconds(20),
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(2),
                            Duration.ofSeconds(60),
                            Duration.ofSeconds(61),
                            Jitter.NONE),
                    3,
                    2);

    private final EndpointHealth health = EndpointHealth.pending(0);
    private final EndpointCheck check = new EndpointCheck(SPEC, health);

    private Change take(Verdict verdict) {
        return check.take(verdict, 5);
    }

    @Test
    void the_first_check_decides_alone() {
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.CHANGED);
        assertThat(health.isCheckFailed()).isFalse();
        assertThat(health.healthySince()).as("since when").isEqualTo(5);
    }

    @Test
    void a_first_check_that_fails_leaves_it_out_and_it_waits_no_more() {
        assertThat(take(Verdict.UNREACHED)).isEqualTo(Change.CHANGED);
        assertThat(health.isCheckFailed()).isTrue();
        assertThat(health.isPending()).isFalse();
        assertThat(take(Verdict.UNREACHED)).isEqualTo(Change.NONE);
    }

    @Test
    void a_healthy_one_is_left_out_after_as_many_checks_without_an_answer_as_configured() {
        take(Verdict.HEALTHY);
        assertThat(take(Verdict.UNREACHED)).isEqualTo(Change.NEAR);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.NONE);
        assertThat(take(Verdict.UNREACHED)).as("counted anew").isEqualTo(Change.NEAR);
        assertThat(take(Verdict.UNREACHED)).isEqualTo(Change.CHANGED);
        assertThat(health.isCheckFailed()).isTrue();
    }

    @Test
    void a_bad_answer_leaves_it_out_at_once() {
        take(Verdict.HEALTHY);
        assertThat(take(Verdict.UNHEALTHY)).isEqualTo(Change.CHANGED);
    }

    @Test
    void it_comes_back_after_as_many_good_checks_as_configured() {
        take(Verdict.UNHEALTHY);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.NEAR);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.NEAR);
        assertThat(take(Verdict.UNREACHED)).isEqualTo(Change.NONE);
        assertThat(take(Verdict.HEALTHY)).as("counted anew").isEqualTo(Change.NEAR);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.NEAR);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.CHANGED);
    }

    @Test
    void one_that_asks_to_be_spared_is_used_and_spared() {
        take(Verdict.HEALTHY);
        assertThat(take(Verdict.DEGRADED)).isEqualTo(Change.CHANGED);
        assertThat(health.isDegraded()).isTrue();
        assertThat(take(Verdict.DEGRADED)).isEqualTo(Change.NONE);
        assertThat(take(Verdict.HEALTHY)).isEqualTo(Change.CHANGED);
        assertThat(health.isDegraded()).isFalse();
    }

    @Test
    void the_interval_is_that_of_what_was_found() {
        assertThat(seconds(Change.NONE, Verdict.HEALTHY, false)).isEqualTo(10);
        assertThat(seconds(Change.CHANGED, Verdict.DEGRADED, false)).isEqualTo(10);
        assertThat(seconds(Change.NONE, Verdict.UNREACHED, false)).isEqualTo(20);
        assertThat(seconds(Change.NEAR, Verdict.HEALTHY, false)).isEqualTo(1);
        assertThat(seconds(Change.NEAR, Verdict.UNREACHED, false)).isEqualTo(2);
        assertThat(seconds(Change.NONE, Verdict.HEALTHY, true)).isEqualTo(60);
        assertThat(seconds(Change.NEAR, Verdict.UNHEALTHY, true)).isEqualTo(61);
    }

    private long seconds(Change change, Verdict last, boolean idle) {
        return check.interval(change, last, idle).toSeconds();
    }
}
