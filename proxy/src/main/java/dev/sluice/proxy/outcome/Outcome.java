package dev.sluice.proxy.outcome;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.plan.AnsweredBy;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the execution of a plan ended. Immutable.
 *
 * @param status sent to the client; 0 when none was
 * @param grpcStatus of the answer; -1 when it is no gRPC
 * @param flags why it ended otherwise than by the upstream's answer
 * @param details one line on {@code flags}, empty without
 * @param bytesReceived body bytes of the request
 * @param bytesSent body bytes of the answer
 * @param times durations
 * @param upstream the last attempt; absent when none was made
 * @param result of the first attempt on the target
 * @param answeredBy who gave the answer
 * @param faults what was injected, in order
 * @param fault what faults that were injected before {@code result} mean for it
 */
public record Outcome(
        int status,
        int grpcStatus,
        Set<ResponseFlag> flags,
        String details,
        long bytesReceived,
        long bytesSent,
        ExchangeRecord.Times times,
        Optional<ExchangeRecord.Upstream> upstream,
        ExchangeRecord.Result result,
        AnsweredBy answeredBy,
        List<InjectedFault> faults,
        FaultMark fault) {
    /** The same, but no evidence. */
    public Outcome leftOut() {
        return new Outcome(
                status,
                grpcStatus,
                flags,
                details,
                bytesReceived,
                bytesSent,
                times,
                upstream,
                result,
                answeredBy,
                faults,
                FaultMark.EXCLUDED);
    }
}
