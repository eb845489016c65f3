package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;

/**
 * Why one attempt ended without a head. Immutable.
 *
 * @param refusal what the client is told if it was the last attempt
 * @param unprocessed the upstream is known not to have acted on the request
 * @param detail one line
 */
record AttemptFailure(Refusal refusal, boolean unprocessed, String detail) {
    static AttemptFailure of(StreamReset reset) {
        return new AttemptFailure(Refusal.of(reset.cause()), reset.unprocessed(), reset.detail());
    }

    /** The time of the attempt is over. */
    static AttemptFailure late(Refusal refusal, String detail) {
        return new AttemptFailure(refusal, /* unprocessed= */ false, detail);
    }

    Result result() {
        return refusal == Refusal.UPSTREAM_TIMEOUT || refusal == Refusal.UPSTREAM_STREAM_TOO_LONG
                ? Result.TIMEOUT
                : Result.RESET;
    }
}
