package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.attempt.AttemptFailure;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.TimeLimits;

/**
 * Why this proxy itself ends an exchange. Immutable.
 *
 * @param refusal what the client is told as long as it has no head
 * @param result how the attempt under way ends
 * @param detail one line
 */
record EndCause(Refusal refusal, Result result, String detail) {
    /** The answer was not complete in time. */
    static EndCause timedOut(TimeLimits limits) {
        return new EndCause(
                Refusal.UPSTREAM_TIMEOUT,
                Result.TIMEOUT,
                "no complete answer within " + limits.answer());
    }

    /**
     * Nothing moved for too long.
     *
     * @param requestEnded whether the whole request had come, so that the client is not to blame
     */
    static EndCause stoodStill(TimeLimits limits, boolean requestEnded) {
        return new EndCause(
                requestEnded ? Refusal.ANSWER_IDLE : Refusal.REQUEST_IDLE,
                late(requestEnded),
                "no progress within " + limits.idle());
    }

    /**
     * The stream as a whole took too long.
     *
     * @param requestEnded whether the whole request had come, so that the client is not to blame
     */
    static EndCause tookTooLong(TimeLimits limits, boolean requestEnded) {
        return new EndCause(
                requestEnded ? Refusal.STREAM_TOO_LONG : Refusal.REQUEST_TOO_LONG,
                late(requestEnded),
                "the stream did not end within " + limits.stream());
    }

    /** Its arm was taken back, and it is given no more time. */
    static EndCause takenBack() {
        return new EndCause(
                Refusal.TAKEN_BACK,
                Result.CANCELLED,
                "the gate was taken back, and the stream did not end within its drain time");
    }

    /** No attempt is left. */
    static EndCause of(AttemptFailure failure) {
        return new EndCause(failure.refusal(), failure.result(), failure.detail());
    }

    /** The upstream broke its answer off. */
    static EndCause brokenOff(StreamReset reset) {
        return new EndCause(
                Refusal.of(reset.cause()), Result.RESET, "the answer broke off: " + reset.detail());
    }

    private static Result late(boolean requestEnded) {
        return requestEnded ? Result.TIMEOUT : Result.CANCELLED;
    }

    /** Tells a peer that this side gives up. */
    StreamReset reset() {
        return StreamReset.local(detail);
    }
}
