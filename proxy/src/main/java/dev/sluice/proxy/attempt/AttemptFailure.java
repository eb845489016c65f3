package dev.sluice.proxy.attempt;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.plan.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Why one attempt ended without a head. Immutable.
 *
 * @param refusal what the client is told if it was the last attempt
 * @param unprocessed the upstream is known not to have acted on the request
 * @param detail one line
 */
public record AttemptFailure(Refusal refusal, boolean unprocessed, String detail) {
    static AttemptFailure of(StreamReset reset) {
        return new AttemptFailure(Refusal.of(reset.cause()), reset.unprocessed(), reset.detail());
    }

    /**
     * A time of the attempt is over.
     *
     * @param requestEnded whether the whole request had come
     */
    static AttemptFailure late(AttemptClock.Expiry what, boolean requestEnded) {
        return switch (what) {
            case HEAD ->
                    late(
                            Refusal.UPSTREAM_TIMEOUT,
                            "no answer began within the time of one attempt");
            case IDLE ->
                    late(
                            Refusal.UPSTREAM_TIMEOUT,
                            "nothing moved within the idle time of one attempt");
            case STREAM ->
                    late(
                            requestEnded
                                    ? Refusal.UPSTREAM_STREAM_TOO_LONG
                                    : Refusal.UPSTREAM_REQUEST_TOO_LONG,
                            "the cluster's time for one stream is over");
        };
    }

    private static AttemptFailure late(Refusal refusal, String detail) {
        return new AttemptFailure(refusal, /* unprocessed= */ false, detail);
    }

    /** The connection can't carry the protocol that was asked for. */
    static AttemptFailure noUpgrade(@Nullable CharSequence protocol) {
        return new AttemptFailure(
                Refusal.UPSTREAM_PROTOCOL_ERROR,
                /* unprocessed= */ true,
                "the connection to the upstream can't change to '%s'".formatted(protocol));
    }

    /** No endpoint of the cluster may be chosen. */
    static AttemptFailure noEndpoint(Cluster cluster) {
        return new AttemptFailure(
                Refusal.NO_HEALTHY_ENDPOINT,
                /* unprocessed= */ true,
                "cluster '%s' has no endpoint in health (%d known)"
                        .formatted(cluster.name(), cluster.endpoints().size()));
    }

    public Result result() {
        return refusal == Refusal.UPSTREAM_TIMEOUT || refusal == Refusal.UPSTREAM_STREAM_TOO_LONG
                ? Result.TIMEOUT
                : Result.RESET;
    }
}
