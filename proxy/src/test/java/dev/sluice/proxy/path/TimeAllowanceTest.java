package dev.sluice.proxy.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.plan.TimeLimits;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec.Timeouts;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.GrpcLimit;
import dev.sluice.proxy.snapshot.route.RouteTimeoutSpec.StreamLimit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeAllowanceTest {
    private static final Duration ONE = Duration.ofSeconds(1);
    private static final Duration TWO = Duration.ofSeconds(2);
    private static final Duration TENTH = Duration.ofMillis(100);

    private final HeaderBlock headers = new HeaderBlock();

    private TimeLimits allow(RouteTimeoutSpec route, RetrySpec.PerTry perTry) {
        RetrySpec retry =
                new RetrySpec(
                        new RetrySpec.Retriable(Set.of(), Set.of(), List.of(), List.of()),
                        1,
                        perTry,
                        new RetrySpec.BackOff(ONE, ONE, Optional.empty()),
                        RetrySpec.HostSelection.ANY);
        return new TimeAllowance(Timeouts.DEFAULT)
                .allow(action(route, Optional.of(retry)), headers);
    }

    private static RouteActionSpec.Forward action(
            RouteTimeoutSpec route, Optional<RetrySpec> retry) {
        return new RouteActionSpec.Forward(
                new RouteActionSpec.ClusterChoice.Single("c"),
                route,
                retry,
                new RouteActionSpec.PathRewrite.Keep(),
                new RouteActionSpec.HostRewrite.Keep(),
                List.of(),
                Map.of(),
                RouteActionSpec.Connect.GOES_ON,
                List.of(),
                RouteActionSpec.Numbering.NONE,
                503);
    }

    private TimeLimits allow(RouteTimeoutSpec route) {
        return allow(route, RetrySpec.PerTry.NONE);
    }

    private static RouteTimeoutSpec grpc(Duration max, Duration offset) {
        return new RouteTimeoutSpec(
                ONE, Optional.empty(), Optional.of(new GrpcLimit(max, offset)), Optional.empty());
    }

    private static RouteTimeoutSpec stream(Optional<Duration> max, Optional<GrpcLimit> grpc) {
        return new RouteTimeoutSpec(
                ONE, Optional.empty(), Optional.empty(), Optional.of(new StreamLimit(max, grpc)));
    }

    private String header(String name) {
        return String.valueOf(headers.first(name));
    }

    @Test
    void by_default_the_route_has_15_s_and_the_upstream_is_told() {
        TimeLimits limits = allow(RouteTimeoutSpec.DEFAULT);

        assertThat(limits.answer()).isEqualTo(Duration.ofSeconds(15));
        assertThat(limits.idle()).as("the listener's").isEqualTo(Duration.ofMinutes(5));
        assertThat(limits.stream()).isZero();
        assertThat(header("x-envoy-expected-rq-timeout-ms")).isEqualTo("15000");
    }

    @Test
    void the_client_may_ask_for_other_times_and_its_wishes_go_no_further() {
        headers.add("x-envoy-upstream-rq-timeout-ms", "700");
        headers.add("x-envoy-upstream-rq-per-try-timeout-ms", "300");

        TimeLimits limits = allow(RouteTimeoutSpec.DEFAULT);

        assertThat(limits.answer()).isEqualTo(Duration.ofMillis(700));
        assertThat(limits.perTry()).isEqualTo(Duration.ofMillis(300));
        assertThat(header("x-envoy-expected-rq-timeout-ms")).isEqualTo("300");
        assertThat(headers.size()).as("fields left: the expected time").isEqualTo(1);
    }

    @Test
    void wishes_that_are_no_numbers_are_dropped_and_endless_ones_are_cut() {
        headers.add("x-envoy-upstream-rq-timeout-ms", "999999999999999999");
        headers.add("x-envoy-upstream-rq-per-try-timeout-ms", "1s");

        TimeLimits limits = allow(RouteTimeoutSpec.DEFAULT);

        assertThat(limits.answer()).isEqualTo(Duration.ofDays(36_500));
        assertThat(limits.perTry()).isZero();
        assertThat(headers.contains("x-envoy-upstream-rq-per-try-timeout-ms")).isFalse();
    }

    @Test
    void a_try_that_may_take_as_long_as_the_whole_has_no_time_of_its_own() {
        TimeLimits shorter =
                allow(
                        RouteTimeoutSpec.DEFAULT,
                        new RetrySpec.PerTry(ONE, TWO, RetrySpec.Slow.GIVEN_UP));
        TimeLimits asLong =
                allow(
                        RouteTimeoutSpec.DEFAULT,
                        new RetrySpec.PerTry(Duration.ofSeconds(15), ONE, RetrySpec.Slow.GIVEN_UP));

        assertThat(shorter.perTry()).isEqualTo(ONE);
        assertThat(shorter.perTryIdle()).isEqualTo(TWO);
        assertThat(asLong.perTry()).isZero();
    }

    @Test
    void where_a_slow_try_goes_on_the_time_of_the_whole_is_told() {
        TimeLimits limits =
                allow(
                        RouteTimeoutSpec.DEFAULT,
                        new RetrySpec.PerTry(ONE, TWO, RetrySpec.Slow.HEDGED));

        assertThat(limits.perTry()).isEqualTo(ONE);
        assertThat(header("x-envoy-expected-rq-timeout-ms")).isEqualTo("15000");
    }

    @Test
    void a_later_attempt_is_told_what_is_left() {
        TimeLimits limits =
                allow(
                        RouteTimeoutSpec.DEFAULT,
                        new RetrySpec.PerTry(TWO, ONE, RetrySpec.Slow.GIVEN_UP));

        limits.tell(headers, 14_500);
        assertThat(header("x-envoy-expected-rq-timeout-ms")).as("of the whole").isEqualTo("500");
        limits.tell(headers, 16_000);
        assertThat(header("x-envoy-expected-rq-timeout-ms")).as("nothing left").isEqualTo("1");
        limits.tell(headers, 100);
        assertThat(header("x-envoy-expected-rq-timeout-ms")).as("of a try").isEqualTo("2000");
    }

    @Test
    void an_older_route_cuts_the_clients_grpc_timeout_and_passes_it_on() {
        headers.add("content-type", "application/grpc").add("grpc-timeout", "5S");
        assertThat(allow(grpc(TWO, TENTH)).answer()).isEqualTo(TWO);
        assertThat(header("grpc-timeout")).isEqualTo("2000m");

        headers.set("grpc-timeout", "1S");
        assertThat(allow(grpc(TWO, TENTH)).answer()).isEqualTo(Duration.ofMillis(900));
        assertThat(header("grpc-timeout")).isEqualTo("900m");

        headers.set("grpc-timeout", "50m");
        assertThat(allow(grpc(TWO, TENTH)).answer())
                .as("an offset that would leave nothing is not taken off")
                .isEqualTo(Duration.ofMillis(50));

        headers.remove("grpc-timeout");
        assertThat(allow(grpc(TWO, TENTH)).answer()).as("without a wish").isEqualTo(TWO);
        headers.remove("grpc-timeout");
        assertThat(allow(grpc(Duration.ZERO, TENTH)).answer()).as("no maximum").isZero();
    }

    @Test
    void an_older_route_gives_requests_that_are_not_grpc_its_own_time() {
        headers.add("grpc-timeout", "5S");

        assertThat(allow(grpc(TWO, TENTH)).answer()).isEqualTo(ONE);
        assertThat(header("grpc-timeout")).as("what is not ours stays").isEqualTo("5S");
    }

    @Test
    void the_time_of_a_stream_stands_in_place_of_the_time_of_an_answer() {
        TimeLimits limits = allow(stream(Optional.of(TWO), Optional.empty()));

        assertThat(limits.answer()).isZero();
        assertThat(limits.stream()).isEqualTo(TWO);
        assertThat(headers.isEmpty()).as("nothing is expected of an upstream").isTrue();
    }

    @Test
    void a_stream_may_take_what_grpc_timeout_says_up_to_the_maximum() {
        RouteTimeoutSpec route = stream(Optional.of(ONE), Optional.of(new GrpcLimit(TWO, TENTH)));
        assertThat(allow(route).stream()).as("without a wish").isEqualTo(ONE);

        headers.add("grpc-timeout", "1500m");
        assertThat(allow(route).stream()).isEqualTo(Duration.ofMillis(1400));
        assertThat(header("grpc-timeout")).isEqualTo("1400m");

        headers.set("grpc-timeout", "1H");
        assertThat(allow(route).stream()).isEqualTo(Duration.ofMillis(1900));

        headers.set("grpc-timeout", "90m");
        assertThat(allow(route).stream())
                .as("an offset longer than the wish leaves no time")
                .isEqualTo(Duration.ofNanos(1));
        assertThat(header("grpc-timeout")).isEqualTo("0m");
    }

    @Test
    void without_a_maximum_for_grpc_timeout_the_fixed_time_holds_and_is_told() {
        headers.add("grpc-timeout", "1H");

        assertThat(allow(stream(Optional.of(ONE), Optional.empty())).stream()).isEqualTo(ONE);
        assertThat(header("grpc-timeout")).isEqualTo("1000m");
    }

    /** Patience of a request that waited in filters for this long. */
    private Duration patience(RouteTimeoutSpec route, Duration elapsed) {
        return new TimeAllowance(Timeouts.DEFAULT)
                .patience(action(route, Optional.empty()), headers, elapsed.toNanos());
    }

    @Test
    void a_request_waits_before_it_is_sent_until_the_first_of_its_times_is_over() {
        assertThat(patience(RouteTimeoutSpec.DEFAULT, ONE)).as("of the answer").hasSeconds(15);
        assertThat(patience(stream(Optional.of(TWO), Optional.empty()), Duration.ZERO))
                .as("of the stream")
                .isEqualTo(TWO);
        assertThat(patience(stream(Optional.of(TWO), Optional.empty()), TENTH))
                .as("of the stream, less what is over")
                .isEqualTo(TWO.minus(TENTH));
        assertThat(patience(stream(Optional.of(TWO), Optional.empty()), TWO.plus(ONE)))
                .as("of a stream that is over")
                .isPositive()
                .isLessThan(Duration.ofMillis(1));
        headers.add("x-envoy-upstream-rq-timeout-ms", "100");
        assertThat(patience(RouteTimeoutSpec.DEFAULT, Duration.ZERO)).as("asked").isEqualTo(TENTH);
        assertThat(header("x-envoy-upstream-rq-timeout-ms")).as("left for later").isEqualTo("100");
    }
}
