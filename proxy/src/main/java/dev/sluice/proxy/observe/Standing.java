package dev.sluice.proxy.observe;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How an exchange stands while it is under way. Immutable.
 *
 * @param grpcStatus of the answer; -1 when it is no gRPC
 * @param flags why it does not simply carry the upstream's answer, so far
 * @param details one line on {@code flags}, empty without
 * @param bytesReceived body bytes of the request, so far
 * @param bytesSent body bytes of the answer, so far
 * @param times durations, so far
 * @param upstream the last attempt; absent when none was made
 * @param faults what was injected, in order
 */
public record Standing(
        int grpcStatus,
        Set<ResponseFlag> flags,
        String details,
        long bytesReceived,
        long bytesSent,
        ExchangeRecord.Times times,
        Optional<ExchangeRecord.Upstream> upstream,
        List<InjectedFault> faults) {
    private static final ExchangeRecord.Times UNKNOWN = new ExchangeRecord.Times(-1, -1, -1);

    public Standing {
        faults = List.copyOf(faults);
    }

    /** Of one whose first attempt at this cluster is about to be made. */
    public static Standing before(String cluster) {
        return new Standing(
                -1,
                Set.of(),
                "",
                0,
                0,
                UNKNOWN,
                Optional.of(
                        new ExchangeRecord.Upstream(
                                cluster, Optional.empty(), Optional.empty(), 1, 0)),
                List.of());
    }
}
