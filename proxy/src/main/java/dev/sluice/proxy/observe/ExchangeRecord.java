package dev.sluice.proxy.observe;

import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.OperationClass;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is remembered of one finished exchange. Immutable.
 *
 * @param startEpochMillis when the request's head was complete, wall clock
 * @param listener name of the listener
 * @param protocol as Envoy's {@code %PROTOCOL%}
 * @param method of the request
 * @param authority as the client sent it
 * @param path as the client sent it, with query
 * @param status sent to the client; 0 when none was
 * @param grpcStatus of the answer; -1 when it is no gRPC
 * @param flags why it ended otherwise than by the upstream's answer; Envoy's response-flag words
 * @param details one line on {@code flags}, empty without
 * @param bytesReceived body bytes of the request
 * @param bytesSent body bytes of the answer
 * @param times durations
 * @param route name of the route; empty when none matched
 * @param upstream the last attempt; absent when none was made
 * @param gate the decision; absent when the route names no gate
 * @param requestId of {@code x-request-id}; empty without
 * @param filterEvents what filters noticed
 * @param faults what was injected, in order
 * @param downstream address of the client
 * @param userAgent of the request; empty without
 * @param trace what its spans tell beyond this; absent where its listener does not trace
 * @param log what access logs ask for beyond this; {@link LogFacts#NONE} where there are none
 * @param served the call that it was, at the sidecar of a gate's arm; absent elsewhere
 */
public record ExchangeRecord(
        long startEpochMillis,
        String listener,
        String protocol,
        String method,
        String authority,
        String path,
        int status,
        int grpcStatus,
        Set<ResponseFlag> flags,
        String details,
        long bytesReceived,
        long bytesSent,
        Times times,
        String route,
        Optional<Upstream> upstream,
        Optional<GateOutcome> gate,
        String requestId,
        List<FilterEvent> filterEvents,
        List<InjectedFault> faults,
        InetSocketAddress downstream,
        String userAgent,
        Optional<TraceFacts> trace,
        LogFacts log,
        Optional<ServedCall> served) {
    private static final int SWITCHING_PROTOCOLS = 101;

    /**
     * How long the upstream made the client wait, nanoseconds: without the time for which a write
     * was held; a tunnel lasts for other reasons.
     */
    public long answerNanos() {
        return status == SWITCHING_PROTOCOLS ? headNanos() : times.total() - heldNanos();
    }

    /** The same to the upstream's final head, if that came. */
    public long headNanos() {
        return times.upstreamHead() - heldNanos();
    }

    private long heldNanos() {
        return gate.map(GateOutcome::heldNanos).orElse(0L);
    }

    /**
     * Durations in nanoseconds from the request's complete head; -1 where the point was not
     * reached.
     *
     * @param total to the end of the exchange
     * @param requestEnd to the last byte of the request
     * @param upstreamHead to the upstream's final head
     */
    public record Times(long total, long requestEnd, long upstreamHead) {}

    /**
     * Where the last attempt went.
     *
     * @param cluster name
     * @param host address of the endpoint; absent when none could be chosen
     * @param source this proxy's end of the connection; absent when there was none
     * @param attempts including retries and fallback, at least 1
     * @param hedges those of them that were begun beside a slow one
     */
    public record Upstream(
            String cluster,
            Optional<InetSocketAddress> host,
            Optional<InetSocketAddress> source,
            int attempts,
            int hedges) {}

    /**
     * How the decided arm did, for evidence: the first attempt on it counts, whatever a retry made
     * of it.
     *
     * @param decision as made
     * @param operation name in evidence
     * @param operationClass of the route
     * @param keyHash XXH3_64 of gate name, 0x01 and key, independent of the bucket; 0 when there
     *     was no key
     * @param result of the first attempt
     * @param fellBack LEGACY answered after NEW failed
     * @param fault what faults that were injected before the result mean for it
     * @param heldNanos how long it was held as a write before it was decided
     */
    public record GateOutcome(
            GateDecision decision,
            String operation,
            OperationClass operationClass,
            long keyHash,
            Result result,
            boolean fellBack,
            FaultMark fault,
            long heldNanos) {
        /** Of a request that was not held. */
        public GateOutcome(
                GateDecision decision,
                String operation,
                OperationClass operationClass,
                long keyHash,
                Result result,
                boolean fellBack,
                FaultMark fault) {
            this(decision, operation, operationClass, keyHash, result, fellBack, fault, 0);
        }
    }

    /** How an attempt ended; the words of evidence. */
    public enum Result {
        SUCCESS,
        CLIENT_ERROR,
        SERVER_ERROR,
        RESET,
        TIMEOUT,
        CANCELLED
    }
}
