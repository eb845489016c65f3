package dev.sluice.control.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * What the runs of one node's process decide by. There are two while one hands over to the next:
 * the first serves its last requests beside the second, so the node has applied what both have.
 * Guarded by its owner.
 */
final class NodeRuns {
    /**
     * After which a run counts no more that ended without a goodbye: two reports of the largest
     * fleet missed.
     */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private final Map<String, Heard> runs = new HashMap<>(2);

    private record Heard(Instant time, AppliedGates gates) {}

    /** A run has reported; says what the node has applied by it. */
    AppliedGates heard(NodeReport report, Instant now) {
        if (report.goodbye()) {
            runs.remove(report.bootId());
        } else {
            runs.put(report.bootId(), new Heard(now, report.applied()));
        }
        runs.values().removeIf(heard -> heard.time().plus(SILENCE).isBefore(now));
        return runs.values().stream()
                .map(Heard::gates)
                .reduce(AppliedGates::byBoth)
                .orElse(report.applied());
    }
}
