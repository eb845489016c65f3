package dev.sluice.proxy.snapshot.filter;

import dev.sluice.proxy.snapshot.header.HeaderMutations.Changes;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import java.time.Duration;

/**
 * A limit of requests in a time, by a token bucket of this proxy alone. Immutable.
 *
 * @param bucket how many requests pass
 * @param enabled share of requests that are asked for a token
 * @param enforced share of those without a token that are refused
 * @param refusal how a request is refused
 * @param notEnforced changes to a request that had no token and passes all the same
 * @param response changes to the answer of a request that had no token
 * @param budget whether answers tell the state of the bucket
 */
public record LocalRateLimitSpec(
        Bucket bucket,
        RuntimeShare enabled,
        RuntimeShare enforced,
        Refusal refusal,
        Changes notEnforced,
        Changes response,
        Budget budget) {
    /**
     * A token bucket, full at the start.
     *
     * @param most tokens it holds, at least 1
     * @param perFill tokens that come with each fill, at least 1
     * @param interval between fills, at least 50 ms as Envoy
     */
    public record Bucket(long most, long perFill, Duration interval) {}

    /**
     * How a request is refused.
     *
     * @param status 400..599
     * @param grpc what a gRPC call gets
     */
    public record Refusal(int status, GrpcCode grpc) {}

    /** gRPC status of a refused call. */
    public enum GrpcCode {
        UNAVAILABLE,
        RESOURCE_EXHAUSTED
    }

    /** Whether answers carry {@code x-ratelimit-limit}, {@code -remaining} and {@code -reset}. */
    public enum Budget {
        HIDDEN,
        SHOWN
    }
}
