package dev.sluice.control.change;

/**
 * One event at its place in the log. Immutable.
 *
 * @param seq from 1, without gaps
 * @param epoch from 1; raised when a backup is restored
 * @param payload stamp and event as the canonical JSON line that is stored and hashed
 * @param previous hash of the event before, {@link Digest#ZERO} for the first
 * @param hash digest of previous, seq, epoch and payload
 */
public record LoggedEvent(
        long seq,
        long epoch,
        Stamp stamp,
        Event event,
        String payload,
        Digest previous,
        Digest hash) {}
