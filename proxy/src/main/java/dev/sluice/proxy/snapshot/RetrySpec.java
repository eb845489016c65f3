package dev.sluice.proxy.snapshot;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * When and how an attempt is repeated (Envoy {@code RetryPolicy}). Immutable.
 *
 * @param conditions any is enough
 * @param statusCodes for {@code retriable-status-codes}
 * @param retries at most, 0..; Envoy's default 1
 * @param perTryTimeout absent: only the route's timeout
 * @param baseInterval of the jittered exponential back-off; Envoy's default 25 ms
 * @param maxInterval Envoy's default ten times the base
 */
public record RetrySpec(
        Set<Condition> conditions,
        Set<Integer> statusCodes,
        int retries,
        Optional<Duration> perTryTimeout,
        Duration baseInterval,
        Duration maxInterval) {
    public RetrySpec {
        conditions = conditions.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(conditions));
        statusCodes = Set.copyOf(statusCodes);
    }

    /** Words of Envoy's {@code x-envoy-retry-on} and {@code x-envoy-retry-grpc-on}. */
    public enum Condition {
        FIVE_XX("5xx"),
        GATEWAY_ERROR("gateway-error"),
        RESET("reset"),
        RESET_BEFORE_REQUEST("reset-before-request"),
        CONNECT_FAILURE("connect-failure"),
        RETRIABLE_4XX("retriable-4xx"),
        REFUSED_STREAM("refused-stream"),
        RETRIABLE_STATUS_CODES("retriable-status-codes"),
        GRPC_CANCELLED("cancelled"),
        GRPC_DEADLINE_EXCEEDED("deadline-exceeded"),
        GRPC_INTERNAL("internal"),
        GRPC_RESOURCE_EXHAUSTED("resource-exhausted"),
        GRPC_UNAVAILABLE("unavailable");

        private final String word;

        Condition(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
