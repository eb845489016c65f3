package dev.sluice.contract.fault;

import java.time.Duration;
import java.util.Locale;

/** What is injected into an attempt on an arm; the words of {@code sluice.chaos.v1.Fault}. */
public sealed interface Fault {
    /**
     * The attempt begins later.
     *
     * @param length 1 ms..10 min
     */
    record Delay(Duration length) implements Fault {}

    /**
     * The arm answers with this status and no body, without having been asked.
     *
     * @param status 200..599
     */
    record HttpStatus(int status) implements Fault {}

    /**
     * The arm answers with this gRPC status in its head, without having been asked.
     *
     * @param code 1..16
     * @param message may be empty
     */
    record GrpcStatus(int code, String message) implements Fault {}

    /** The connection breaks. */
    record Reset(ResetPoint point) implements Fault {}

    /** The connection takes no more requests, this one included. */
    record Goaway() implements Fault {}

    /**
     * The body of the answer comes slowly.
     *
     * @param bytesPerSecond 1..1 GiB
     */
    record BodyRate(long bytesPerSecond) implements Fault {}

    /**
     * Bits of the answer's body are wrong.
     *
     * @param oneInBytes about one bit in so many bytes; 1..1 MiB
     */
    record CorruptBody(int oneInBytes) implements Fault {}

    /**
     * The answer breaks off.
     *
     * @param afterBytes of its body; 0..1 GiB
     */
    record CutBody(long afterBytes) implements Fault {}

    /**
     * The answer's end comes later.
     *
     * @param length 1 ms..10 min
     */
    record SlowTrailers(Duration length) implements Fault {}

    /**
     * The answer says another length than it has.
     *
     * @param offBy bytes to add; -1 MiB..1 MiB, not 0
     */
    record WrongLength(int offBy) implements Fault {}

    /** The answer's trailers are lost. */
    record MissingTrailers() implements Fault {}

    /** When a connection breaks. */
    enum ResetPoint {
        /** Before it could be made: the arm has seen nothing. */
        CONNECT,
        /** When the answer's head comes: the arm has acted, and nobody hears of it. */
        ANSWER
    }

    /** Its word in metrics, such as {@code cut_body}. */
    default String word() {
        return getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
