package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.lifecycle.gate.GateDraft;
import dev.sluice.control.lifecycle.gate.ShareRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The events by which a migration moves; whether it may is decided before. Immutable. */
record MigrationMoves(Migration migration, ShareRules shares) {

    /** Into a phase; where its modes are others, no key moves yet. */
    List<Event> into(PhaseRule next) {
        List<Event> events = new ArrayList<>();
        events.add(
                moved(
                        next.phase(),
                        next.phase() == Phase.DONE ? Progress.RESTING : Progress.STEPPING,
                        Optional.empty(),
                        "its modes are on their way to the sidecars"));
        List<GateState> changed =
                gates().stream()
                        .filter(gate ->
                                !next.hasModesOf(gate.content())
                                        || gate.content().takeBack() != next.takeBack())
                        .toList();
        if (!changed.isEmpty()) {
            events.add(revised(Action.UPDATED, changed, next, keptShare(next)));
        }
        return events;
    }

    /** The keys of the phase that it stepped into. */
    List<Event> keys(PhaseRule rule) {
        List<Event> events = new ArrayList<>();
        if (rule.keys() == PhaseRule.Keys.NONE) {
            events.add(resting());
        } else {
            events.add(
                    moved(rule.phase(), Progress.MOVING, Optional.empty(), "its keys are moving"));
            events.addAll(shares.revise(gates(), PartsPerMillion.ALL, Action.SHARE_SET));
        }
        return events;
    }

    /** A ramp that the phase is walked by, and what it begins with. */
    List<Event> ramp(PhaseRule rule, RampSpec ramp, List<Event> begins) {
        List<Event> events = new ArrayList<>();
        events.add(
                moved(
                        rule.phase(),
                        Progress.MOVING,
                        Optional.of(ramp.name()),
                        "its keys move by " + ramp.name()));
        events.addAll(begins);
        return events;
    }

    /** The ramp of a phase; a new name at each attempt. */
    RampSpec rampOf(PhaseRule rule) {
        MigrationSpec spec = migration.spec();
        boolean soak = rule.keys() == PhaseRule.Keys.SOAK;
        return new RampSpec(
                new RampName(
                        spec.name().id()
                                + (soak ? "-soak-" : "-ramp-")
                                + (shares.catalog().seq() + 1)),
                spec.target(),
                soak ? List.of(spec.soak()) : spec.ramp(),
                judge(),
                soak ? migration.ramp() : Optional.empty());
    }

    /** As the plan says, and no less strictly than the policy. */
    private JudgePolicy judge() {
        JudgePolicy plan = migration.spec().judge();
        return shares.catalog()
                .policyOf(migration)
                .margins()
                .map(margins -> margins.over(plan))
                .orElse(plan);
    }

    Event resting() {
        return moved(migration.phase(), Progress.RESTING, Optional.empty(), "in force everywhere");
    }

    /** Back to where every key is in the mode of an earlier phase. */
    List<Event> back(PhaseRule to, String why) {
        List<Event> events = new ArrayList<>();
        events.add(moved(to.phase(), Progress.MOVING, Optional.empty(), why));
        boolean byShare = gates().stream().allMatch(gate -> gate.content().from() == to.rest());
        if (byShare) {
            events.addAll(shares.takenBack(migration.spec().target(), why));
        } else {
            events.add(revised(Action.ROLLED_BACK, gates(), to, to.restingShare()));
        }
        return events;
    }

    /** Whether going back takes other modes, which every node must know the present ones for. */
    boolean needsModes(PhaseRule to) {
        return gates().stream().anyMatch(gate -> gate.content().from() != to.rest());
    }

    private PartsPerMillion keptShare(PhaseRule next) {
        return gates().stream().allMatch(gate -> next.hasModesOf(gate.content()))
                ? gates().getFirst().content().share()
                : PartsPerMillion.NONE;
    }

    private GatesRevised revised(
            Action action, List<GateState> changed, PhaseRule rule, PartsPerMillion share) {
        return new GatesRevised(
                action,
                changed.stream()
                        .map(gate ->
                                GateDraft.next(gate.content(), shares.epoch())
                                        .inStepWith(gates())
                                        .withShare(share)
                                        .over(inModes(gate.spec(), rule)))
                        .toList());
    }

    private Event moved(Phase phase, Progress progress, Optional<RampName> ramp, String message) {
        return new Event.MigrationMoved(migration.name(), phase, progress, ramp, message);
    }

    private List<GateState> gates() {
        return shares.catalog().gatesOf(migration.spec().target());
    }

    private static GateSpec inModes(GateSpec written, PhaseRule rule) {
        Gate gate = written.content();
        return written.withContent(
                new Gate(
                        gate.name(),
                        gate.contractVersion(),
                        gate.revision(),
                        gate.gateSet(),
                        gate.legacyCluster(),
                        gate.newCluster(),
                        gate.storeKind(),
                        rule.from(),
                        rule.to(),
                        gate.share(),
                        gate.bucketing(),
                        gate.rules(),
                        rule.takeBack(),
                        gate.maxStale(),
                        gate.kill(),
                        gate.acknowledgedTrips(),
                        gate.trip(),
                        gate.writeAuthority(),
                        gate.writeHold(),
                        gate.fallback()));
    }
}
