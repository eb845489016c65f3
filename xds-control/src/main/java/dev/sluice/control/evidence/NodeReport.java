package dev.sluice.control.evidence;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.TripReport;
import java.util.List;
import java.util.Set;

/**
 * One report of one sidecar: cumulative counts since its process began. Immutable. Source:
 * evidence.proto, EvidenceReport.
 *
 * @param bootId of this run of the process
 * @param sequence counts up from 1 within a boot
 * @param carried as {@code gates}, of decisions carried to it, by bucket in the place of key
 * @param applied the revision by which it decides for each gate it holds
 * @param goodbye whether it is the last of an orderly end
 * @param callers who called the service beside it
 */
public record NodeReport(
        NodeName node,
        String bootId,
        long sequence,
        List<GateCounts> gates,
        List<GateCounts> carried,
        AppliedGates applied,
        List<TripReport> trips,
        List<LocalKillReport> localKills,
        boolean goodbye,
        List<CallerCounts> callers) {
    public NodeReport {
        callers = List.copyOf(callers);
        gates = List.copyOf(gates);
        carried = List.copyOf(carried);
        trips = List.copyOf(trips);
        localKills = List.copyOf(localKills);
    }

    /** Of a node that counts no callers. */
    public NodeReport(
            NodeName node,
            String bootId,
            long sequence,
            List<GateCounts> gates,
            List<GateCounts> carried,
            AppliedGates applied,
            List<TripReport> trips,
            List<LocalKillReport> localKills,
            boolean goodbye) {
        this(
                node,
                bootId,
                sequence,
                gates,
                carried,
                applied,
                trips,
                localKills,
                goodbye,
                List.of());
    }

    /**
     * What one arm of one gate did for one operation, since boot.
     *
     * @param share requests decided by share, first attempts: what is judged
     * @param other requests decided otherwise: shown, not judged
     * @param latency of the requests decided by share
     * @param cells distinct keys, once a revision and node
     * @param firstErrors keys at their first error in this revision
     * @param firstSlow keys at their first slow answer in this revision
     * @param overflow keys or events that the sidecar had no room for
     */
    public record GateCounts(
            GateName gate,
            GateRevision revision,
            Arm arm,
            String operation,
            Outcomes share,
            Outcomes other,
            long fallbacks,
            LatencyHistogram latency,
            KeyCells cells,
            Set<Long> firstErrors,
            Set<Long> firstSlow,
            long overflow) {
        public GateCounts {
            firstErrors = Set.copyOf(firstErrors);
            firstSlow = Set.copyOf(firstSlow);
        }
    }
}
