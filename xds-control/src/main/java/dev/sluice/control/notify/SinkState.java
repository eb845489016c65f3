package dev.sluice.control.notify;

import java.time.Instant;
import java.util.Optional;

/**
 * How the telling of one sink stands. Immutable.
 *
 * @param through place in the log up to which all is done
 * @param waiting events that were read and are not done
 * @param sent since this control plane leads, as {@code failures}
 * @param lastSent when it last took something
 * @param failure why the last attempt failed; empty when it did not
 * @param retry when it is tried again
 */
public record SinkState(
        long through,
        int waiting,
        long sent,
        long failures,
        Optional<Instant> lastSent,
        Optional<String> failure,
        Optional<Instant> retry) {}
