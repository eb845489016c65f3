package dev.sluice.control.lifecycle.ramp;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Baseline;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.BaselineSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.ShareGuards;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Decides about baselines: what may be kept as one. Immutable. */
public record BaselineRules(Catalog catalog, FleetReport fleet, CommandContext context) {
    private static final int MOST_BASELINES = 1_000;

    /** As few keys as the judge takes for something, unless a policy says otherwise. */
    private static final long FEWEST_KEYS = 100;

    public Decision record(BaselineSpec spec, Recording recording) {
        Refusals refusals = new Refusals();
        Optional<Baseline> present = catalog.baseline(spec.name());
        present.ifPresent(baseline -> {
            refusals.checkEtag(baseline, context);
            if (!baseline.spec().target().equals(spec.target())) {
                refusals.precondition(
                        "target",
                        spec.target().name(),
                        baseline.spec().target().name() + ", as it has been",
                        "take another name for another target");
            }
        });
        if (present.isEmpty() && catalog.baselineMap().values().size() >= MOST_BASELINES) {
            refusals.precondition(
                    "name",
                    MOST_BASELINES + " baselines",
                    "fewer than that",
                    "delete those that nothing names");
        }
        check(spec, refusals);
        List<GateState> gates = catalog.gatesOf(spec.target());
        gates.forEach(gate -> check(gate, recording, refusals));
        refuseSilent(gates, refusals);
        return refusals.orElse(() -> List.of(new Event.BaselineRecorded(spec, recording)));
    }

    public Decision delete(BaselineName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.baseline(name), name)
                .ifPresent(baseline -> refusals.checkEtag(baseline, context));
        catalog.runningRamps().stream()
                .filter(ramp -> ramp.spec().judge().baseline().filter(name::equals).isPresent())
                .forEach(ramp -> refusals.inUse(ramp.name()));
        catalog.openMigrationList().stream()
                .filter(it -> it.spec().judge().baseline().filter(name::equals).isPresent())
                .forEach(migration -> refusals.inUse(migration.name()));
        return refusals.orElse(() -> List.of(new Event.BaselineDeleted(name)));
    }

    private void check(BaselineSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        ranges.duration("max_age", spec.maxAge(), Duration.ofHours(1), Duration.ofDays(90));
        refusals.reference(catalog.find(spec.target().name()), "target", spec.target().name());
        new ShareGuards(catalog, fleet, context.time()).refuseSetMember(spec.target(), refusals);
    }

    /** What was counted must be of the present revision, enough, and of one state. */
    private void check(GateState gate, Recording recording, Refusals refusals) {
        Optional<Recording.OfGate> found =
                recording.of(gate.name()).filter(of -> of.revision().equals(gate.revision()));
        if (found.isEmpty()) {
            refuse(
                    "no count of revision " + gate.revision() + " of " + gate.name(),
                    "one of the present revision",
                    "record again; the gate changed meanwhile",
                    refusals);
            return;
        }
        Recording.OfGate counted = found.get();
        if (counted.seen() < FEWEST_KEYS) {
            refuse(
                    counted.seen()
                            + " keys on LEGACY of "
                            + gate.name()
                            + " under revision "
                            + gate.revision()
                            + ", since "
                            + counted.since(),
                    "at least " + FEWEST_KEYS,
                    "wait for traffic that the share decides about, then record again",
                    refusals);
        }
        if (counted.underFault() > 0) {
            refuse(
                    "faults were injected into " + gate.name() + " under its present revision",
                    "none",
                    "end them, and record under another revision: each change of the gate begins one",
                    refusals);
        }
        if (counted.overflow() > 0) {
            refuse(
                    "sidecars of " + gate.name() + " had no room for all keys",
                    "counts of all keys",
                    "record sooner after a change of the gate, when fewer keys have erred",
                    refusals);
        }
        if (new BaselineFit(catalog, context.time()).hasChanged(gate.content(), counted.since())) {
            refuse(
                    gate.content().legacyCluster()
                            + " changed under revision "
                            + gate.revision()
                            + " of "
                            + gate.name(),
                    "counts of one state of the legacy version",
                    "record under another revision: each change of the gate begins one",
                    refusals);
        }
    }

    private void refuseSilent(List<GateState> gates, Refusals refusals) {
        List<NodeName> silent = fleet.silent(catalog, gates, context.time());
        if (!silent.isEmpty()) {
            refuse(
                    "no report lately from " + silent,
                    "every live sidecar heard",
                    "wait for them, or forget the nodes that are gone for good",
                    refusals);
        }
    }

    private static void refuse(String got, String expected, String remedy, Refusals refusals) {
        refusals.precondition("gates", got, expected, remedy);
    }
}
