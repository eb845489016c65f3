package dev.sluice.chaos.fault;

/**
 * A lease as its sidecar showed it last. Immutable.
 *
 * @param state a word of {@code FaultState}, or {@code UNKNOWN} when the sidecar did not answer
 * @param matched attempts that it has chosen
 * @param injected attempts that it has changed
 */
public record LeaseCount(PlannedLease lease, String state, long matched, long injected) {
    /** The sidecar did not answer. */
    public static final String UNKNOWN = "UNKNOWN";
}
