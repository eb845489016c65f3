package dev.sluice.proxy.xds;

import dev.sluice.evidence.v1.EvidenceReport;

/** Where reports come from; {@code telemetry} fills it through boot. Thread-safe. */
@FunctionalInterface
public interface EvidenceSource {
    /** Everything seen since boot, without node, boot and sequence. */
    EvidenceReport.Builder counts();
}
