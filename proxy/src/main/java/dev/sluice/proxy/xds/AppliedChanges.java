package dev.sluice.proxy.xds;

import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import java.util.Map;

/**
 * What the reports of one stream say of the gates that are obeyed: all of them, and once the server
 * has said that it takes changes, what is another than in the last report that it took. Owned by
 * the configuration thread.
 */
final class AppliedChanges {
    private Map<String, AppliedGate> taken = Map.of();
    private Map<String, AppliedGate> sent = Map.of();
    private long takenSequence; // 0: all are to be said
    private long sentSequence;

    /**
     * Says the gates in a report, whose sequence is set.
     *
     * @param gates that are obeyed now, by name
     */
    void say(Map<String, AppliedGate> gates, EvidenceReport.Builder report) {
        sent = Map.copyOf(gates);
        sentSequence = report.getSequence();
        if (takenSequence == 0) {
            report.addAllApplied(gates.values());
            return;
        }
        report.setAppliedSince(takenSequence);
        gates.forEach((name, gate) -> {
            if (!gate.equals(taken.get(name))) {
                report.addApplied(gate);
            }
        });
        taken.keySet().stream()
                .filter(name -> !gates.containsKey(name))
                .forEach(report::addReleased);
    }

    /** The server has taken a report. */
    void receipted(EvidenceReceipt receipt) {
        boolean isKnown = receipt.getTakesChanges() && receipt.getSequence() == sentSequence;
        taken = isKnown ? sent : Map.of();
        takenSequence = isKnown ? sentSequence : 0;
    }
}
