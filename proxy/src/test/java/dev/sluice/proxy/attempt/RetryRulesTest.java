package dev.sluice.proxy.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.BackOff;
import dev.sluice.proxy.snapshot.route.RetrySpec.Condition;
import dev.sluice.proxy.snapshot.route.RetrySpec.HostSelection;
import dev.sluice.proxy.snapshot.route.RetrySpec.RateLimited;
import dev.sluice.proxy.snapshot.route.RetrySpec.ResetFormat;
import dev.sluice.proxy.snapshot.route.RetrySpec.ResetHeader;
import dev.sluice.proxy.snapshot.route.RetrySpec.Retriable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRulesTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);

    @ParameterizedTest
    @CsvSource({
        "FIVE_XX, 500, true", "FIVE_XX, 499, false", "GATEWAY_ERROR, 502, true",
        "GATEWAY_ERROR, 500, false", "RETRIABLE_4XX, 409, true", "RETRIABLE_4XX, 404, false",
        "RETRIABLE_STATUS_CODES, 425, true", "RETRIABLE_STATUS_CODES, 426, false"
    })
    void a_status_is_repeated_by_its_condition(Condition condition, int status, boolean repeated) {
        ResponseHead head = new ResponseHead(status, new HeaderBlock());

        assertThat(RetryRules.repeats(spec(condition), head))
                .as("repeats %d by %s", status, condition)
                .isEqualTo(repeated);
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT_FAILURE, CONNECT_FAILED, true, true",
        "CONNECT_FAILURE, UPSTREAM_RESET, false, false",
        "REFUSED_STREAM, UPSTREAM_RESET, true, true",
        "REFUSED_STREAM, UPSTREAM_RESET, false, false",
        "RESET_BEFORE_REQUEST, UPSTREAM_CLOSED, true, true",
        "RESET_BEFORE_REQUEST, UPSTREAM_CLOSED, false, false",
        "RESET, UPSTREAM_TIMEOUT, false, true",
        "FIVE_XX, OVERFLOW, true, false",
        "FIVE_XX, NO_HEALTHY_ENDPOINT, true, false"
    })
    void a_failure_is_repeated_by_its_condition(
            Condition condition, Refusal refusal, boolean unprocessed, boolean repeated) {
        AttemptFailure failure = new AttemptFailure(refusal, unprocessed, "");

        assertThat(RetryRules.repeats(spec(condition), failure))
                .as("repeats %s by %s", refusal, condition)
                .isEqualTo(repeated);
    }

    @Test
    void a_header_of_the_answer_is_repeated_by_its_matcher() {
        ResponseHead with = new ResponseHead(200, new HeaderBlock().add("x-again", "1"));
        ResponseHead without = new ResponseHead(200, new HeaderBlock());

        assertThat(RetryRules.repeats(spec(Condition.RETRIABLE_HEADERS), with))
                .as("with the header")
                .isTrue();
        assertThat(RetryRules.repeats(spec(Condition.RETRIABLE_HEADERS), without))
                .as("without the header")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "retry-after, 7, 7",
        "retry-after, 301, -1",
        "retry-after, soon, -1",
        "x-ratelimit-reset, 1030, 30",
        "x-ratelimit-reset, 990, -1"
    })
    void the_answer_says_how_long_to_wait(String name, String value, long seconds) {
        ResponseHead head = new ResponseHead(503, new HeaderBlock().add(name, value));

        assertThat(RetryRules.asked(spec(Condition.FIVE_XX), head, NOW))
                .as("asked wait")
                .isEqualTo(
                        seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds)));
    }

    @Test
    void back_off_doubles_below_its_maximum_and_is_spread() {
        SplittableRandom random = new SplittableRandom(42);
        long longest = 0;
        for (int i = 0; i < 1_000; i++) {
            Duration first = RetryRules.wait(spec(Condition.FIVE_XX), 1, random);
            Duration tenth = RetryRules.wait(spec(Condition.FIVE_XX), 10, random);
            assertThat(first).as("first wait").isLessThan(Duration.ofMillis(25));
            assertThat(tenth).as("tenth wait").isLessThan(Duration.ofMillis(250));
            longest = Math.max(longest, tenth.toMillis());
        }
        assertThat(longest).as("longest tenth wait, ms").isGreaterThan(200);
        assertThat(RetryRules.jittered(Duration.ofSeconds(10), random))
                .as("an asked wait and up to half of it")
                .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(15));
    }

    private static RetrySpec spec(Condition condition) {
        HeaderMatcher again =
                new HeaderMatcher(
                        "x-again",
                        new HeaderMatcher.Test.Present(),
                        HeaderMatcher.Sense.HOLDS,
                        HeaderMatcher.Missing.ABSENT);
        RateLimited limited =
                new RateLimited(
                        List.of(
                                new ResetHeader("retry-after", ResetFormat.SECONDS),
                                new ResetHeader("x-ratelimit-reset", ResetFormat.UNIX_TIMESTAMP)),
                        Duration.ofMinutes(5));
        return new RetrySpec(
                new Retriable(Set.of(condition), Set.of(425), List.of(again), List.of()),
                3,
                RetrySpec.PerTry.NONE,
                new BackOff(Duration.ofMillis(25), Duration.ofMillis(250), Optional.of(limited)),
                HostSelection.ANY);
    }
}
