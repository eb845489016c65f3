package dev.sluice.demo.load;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One request in the ledger, from being sent to its outcome. Immutable.
 *
 * @param call what was asked
 * @param sent when
 * @param latency to the last byte of the answer or to the failure
 * @param outcome how it ended
 */
public record Entry(Call call, Instant sent, Duration latency, Outcome outcome) {
    /** How a request ended. */
    public sealed interface Outcome {
        /**
         * An answer came.
         *
         * @param status of HTTP
         * @param servedBy such as {@code customers/new}
         * @param decision of the edge sidecar; absent when the header was missing or malformed
         * @param inner the call that the service made for this one
         * @param body of the answer
         */
        record Answered(
                int status,
                String servedBy,
                Optional<GateDecision> decision,
                Optional<Inner> inner,
                String body)
                implements Outcome {}

        /** No whole answer came. */
        record Lost(String why) implements Outcome {}
    }

    /**
     * A call between services.
     *
     * @param servedBy such as {@code customers/new}
     * @param decision of the calling service's sidecar
     */
    public record Inner(String servedBy, Optional<GateDecision> decision) {
        /** Of a service that does not say whom it called. */
        static final Inner MISSING = new Inner("", Optional.empty());
    }

    /** The user was not served: no answer, or one that blames the shop. */
    public boolean isError() {
        return switch (outcome) {
            case Outcome.Answered answered -> answered.status() >= 500;
            case Outcome.Lost _ -> true;
        };
    }

    /** How it ended, in a few words. */
    public String cause() {
        return switch (outcome) {
            case Outcome.Answered(int status, String servedBy, var _, var _, String body) ->
                    status + (servedBy.isEmpty() ? "" : " by " + servedBy) + ": " + body.strip();
            case Outcome.Lost(String why) -> "no answer: " + why;
        };
    }

    /** Arm that the edge sidecar decided on; absent when no decision came back. */
    public Optional<Arm> decidedArm() {
        return outcome instanceof Outcome.Answered answered
                ? answered.decision().map(GateDecision::arm)
                : Optional.empty();
    }

    /** Legacy answered, or answered a call that was made for this one. */
    public boolean touchedLegacy() {
        return outcome instanceof Outcome.Answered answered
                && (isLegacy(answered.servedBy())
                        || answered.inner()
                                .map(Inner::servedBy)
                                .filter(Entry::isLegacy)
                                .isPresent());
    }

    private static boolean isLegacy(String servedBy) {
        return servedBy.endsWith("/legacy");
    }

    /** A write whose effect the user may rely on. */
    public boolean isAcknowledgedWrite() {
        return call.isWrite()
                && outcome instanceof Outcome.Answered answered
                && answered.status() < 300;
    }
}
