package dev.sluice.control.orchestrate;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.evidence.ArmEvidence;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateEvidence;
import java.time.InstantSource;
import java.util.stream.IntStream;

/**
 * Reads off what the legacy arms of a target have done by now, under the present revisions of its
 * gates. Thread-safe.
 */
public final class LegacyRecorder {
    private static final int[] QUANTILES = {500_000, 900_000, 950_000, 990_000, 999_000};
    private static final double WHOLE = 1_000_000;

    private final EvidenceTotals evidence;
    private final InstantSource clock;

    public LegacyRecorder(EvidenceTotals evidence, InstantSource clock) {
        this.evidence = evidence;
        this.clock = clock;
    }

    /** What was counted by now; whether it is enough is decided elsewhere. */
    public Recording record(Catalog catalog, ShareTarget target) {
        return new Recording(
                clock.instant(), catalog.gatesOf(target).stream().map(this::record).toList());
    }

    private Recording.OfGate record(GateState gate) {
        GateEvidence seen = evidence.of(gate.name(), gate.revision());
        return new Recording.OfGate(
                gate.name(),
                gate.revision(),
                gate.presentEntry().time(),
                counts(seen.legacy()),
                counts(seen.carriedLegacy()));
    }

    private static Recording.Counts counts(ArmEvidence arm) {
        return new Recording.Counts(
                arm.judged(),
                IntStream.of(arm.share().requests() == 0 ? new int[0] : QUANTILES)
                        .mapToObj(ppm ->
                                new Recording.Quantile(
                                        ppm, arm.latency().quantileMicros(ppm / WHOLE)))
                        .toList());
    }
}
