package dev.sluice.proxy.attempt;

import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RetrySpec.Condition;
import dev.sluice.proxy.snapshot.route.RetrySpec.RateLimited;
import dev.sluice.proxy.snapshot.route.RetrySpec.ResetHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which ends of an attempt a route's retry policy repeats, and after what wait: the conditions of
 * Envoy's {@code x-envoy-retry-on} and {@code x-envoy-retry-grpc-on}. Pure.
 */
final class RetryRules {
    /** Longest base interval that counts, so that the product of it stays in range. */
    private static final long MAX_BASE = Duration.ofHours(1).toNanos();

    private static final int LONGEST_NUMBER = 12;
    private static final String RATE_LIMITED = "x-envoy-ratelimited";

    private RetryRules() {}

    /** Whether an attempt that got no head is repeated; overflow never is. */
    static boolean repeats(RetrySpec spec, AttemptFailure failure) {
        if (failure.refusal() == Refusal.OVERFLOW
                || failure.refusal() == Refusal.NO_HEALTHY_ENDPOINT) {
            return false;
        }
        boolean refused = failure.refusal() == Refusal.UPSTREAM_RESET && failure.unprocessed();
        return has(spec, Condition.FIVE_XX)
                || has(spec, Condition.GATEWAY_ERROR)
                || has(spec, Condition.RESET)
                || (failure.refusal() == Refusal.CONNECT_FAILED
                        && has(spec, Condition.CONNECT_FAILURE))
                || (refused && has(spec, Condition.REFUSED_STREAM))
                || (failure.unprocessed() && has(spec, Condition.RESET_BEFORE_REQUEST));
    }

    /** Whether an attempt that got this final head is repeated. */
    static boolean repeats(RetrySpec spec, ResponseHead head) {
        int status = head.status();
        boolean gateway = status >= 502 && status <= 504;
        return (status >= 500 && has(spec, Condition.FIVE_XX))
                || (gateway && has(spec, Condition.GATEWAY_ERROR))
                || (status == 409 && has(spec, Condition.RETRIABLE_4XX))
                || (spec.retriable().statusCodes().contains(status)
                        && has(spec, Condition.RETRIABLE_STATUS_CODES))
                || (has(spec, Condition.RETRIABLE_HEADERS) && hasHeader(spec, head))
                || (has(spec, Condition.ENVOY_RATE_LIMITED)
                        && head.headers().contains(RATE_LIMITED))
                || repeatsGrpc(spec, GrpcStatus.in(head.headers()));
    }

    /**
     * Wait before a retry: evenly distributed below base × (2^n - 1), and below the maximum.
     *
     * @param retry n, 1..
     */
    static Duration wait(RetrySpec spec, int retry, RandomGenerator random) {
        long base = spec.backOff().base().toNanos();
        long most = Math.multiplyExact((1L << Math.min(retry, 16)) - 1, Math.min(base, MAX_BASE));
        long below = Math.min(most, spec.backOff().max().toNanos());
        return Duration.ofNanos(below <= 0 ? 0 : random.nextLong(below));
    }

    /** The wait that the answer asks for; empty when it says nothing that is believed. */
    static Optional<Duration> asked(RetrySpec spec, ResponseHead head, Instant now) {
        if (spec.backOff().rateLimited().isEmpty()) {
            return Optional.empty();
        }
        RateLimited limited = spec.backOff().rateLimited().get();
        for (ResetHeader header : limited.headers()) {
            Optional<Duration> wait =
                    seconds(head.headers().first(header.name()))
                            .map(value ->
                                    switch (header.format()) {
                                        case SECONDS -> Duration.ofSeconds(value);
                                        case UNIX_TIMESTAMP ->
                                                Duration.between(now, Instant.ofEpochSecond(value));
                                    })
                            .filter(duration -> !duration.isNegative())
                            .filter(duration -> duration.compareTo(limited.max()) <= 0);
            if (wait.isPresent()) {
                return wait;
            }
        }
        return Optional.empty();
    }

    /** An asked wait and up to half of it, so that not all come back at once. */
    static Duration jittered(Duration asked, RandomGenerator random) {
        long half = asked.toNanos() / 2;
        return half <= 0 ? asked : asked.plusNanos(random.nextLong(half));
    }

    private static Optional<Long> seconds(@Nullable CharSequence text) {
        if (text == null || text.isEmpty() || text.length() > LONGEST_NUMBER) {
            return Optional.empty();
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Optional.of(Long.parseLong(text, 0, text.length(), 10))
                : Optional.empty();
    }

    private static boolean hasHeader(RetrySpec spec, ResponseHead head) {
        AnswerView view = new AnswerView(head);
        return spec.retriable().headers().stream().anyMatch(matcher -> matcher.matches(view));
    }

    private static boolean repeatsGrpc(RetrySpec spec, int grpcStatus) {
        return switch (grpcStatus) {
            case 1 -> has(spec, Condition.GRPC_CANCELLED);
            case 4 -> has(spec, Condition.GRPC_DEADLINE_EXCEEDED);
            case 8 -> has(spec, Condition.GRPC_RESOURCE_EXHAUSTED);
            case 13 -> has(spec, Condition.GRPC_INTERNAL);
            case 14 -> has(spec, Condition.GRPC_UNAVAILABLE);
            default -> false;
        };
    }

    private static boolean has(RetrySpec spec, Condition condition) {
        return spec.retriable().conditions().contains(condition);
    }
}
