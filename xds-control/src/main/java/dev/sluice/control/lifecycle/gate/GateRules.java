package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Expiry;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.structure.RingGuards;
import java.util.List;
import java.util.Optional;

/**
 * Decides about what gates mean. The ranges of a gate's own fields are those of the contract's
 * parser; here is what needs the rest of the state or the revision before. Immutable.
 */
public record GateRules(Catalog catalog, FleetReport fleet, CommandContext context, long epoch) {

    public Decision create(GateSpec written) {
        GateSpec spec = CohortRules.filled(catalog, written);
        Refusals refusals = new Refusals();
        Gate gate = spec.content();
        if (catalog.gate(gate.name()).isPresent()) {
            refusals.exists(gate.name());
        }
        new GateContent(catalog).check(spec, refusals);
        refuseExpired("legacy_version", gate.legacyCluster(), refusals);
        refuseExpired("new_version", gate.newCluster(), refusals);
        return refusals.orElse(() -> {
            GateDraft first = GateDraft.first(gate, catalog.retiredGates().get(gate.name()), epoch);
            return revised(Action.CREATED, first.over(spec));
        });
    }

    public Decision update(GateSpec spec, BackMoves backMoves) {
        return change(spec, backMoves, Action.UPDATED, new Refusals());
    }

    public Decision restore(GateName name, GateRevision revision, BackMoves backMoves) {
        Refusals refusals = new Refusals();
        Optional<GateState> state = refusals.require(catalog.gate(name), name);
        if (state.isEmpty()) {
            return refusals.refused();
        }
        refusals.requireEtag(state.get(), context);
        Optional<GateSpec> old =
                refusals.reference(
                                state.get().revision(revision),
                                "revision",
                                "revision " + revision + " of " + name)
                        .map(GateRevisionEntry::spec);
        return old.isEmpty()
                ? refusals.refused()
                : change(old.get(), backMoves, Action.RESTORED, refusals);
    }

    public Decision delete(GateName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.gate(name), name)
                .ifPresent(gate -> refusals.checkEtag(gate, context));
        catalog.routes().stream()
                .filter(route -> route.spec().target().equals(new RouteSpec.Target.ToGate(name)))
                .forEach(route -> refusals.inUse(route.name()));
        catalog.gate(name).flatMap(gate -> gate.content().gateSet()).ifPresent(refusals::inUse);
        catalog.activeRamp(new ShareTarget.OfGate(name))
                .ifPresent(ramp -> refusals.inUse(ramp.name()));
        catalog.openMigration(new ShareTarget.OfGate(name))
                .ifPresent(migration -> refusals.inUse(migration.name()));
        catalog.gate(name).ifPresent(gate -> RingGuards.refuseRouted(catalog, gate, refusals));
        Prerequisites.waitingFor(catalog, new ShareTarget.OfGate(name)).forEach(refusals::inUse);
        return refusals.orElse(() -> List.of(new Event.GateDeleted(name)));
    }

    private Decision change(
            GateSpec written, BackMoves backMoves, Action action, Refusals refusals) {
        GateSpec wanted = CohortRules.filled(catalog, written);
        GateName name = wanted.content().name();
        Optional<GateState> state = refusals.require(catalog.gate(name), name);
        new GateContent(catalog).check(wanted, refusals);
        if (state.isEmpty()) {
            return refusals.refused();
        }
        GateState present = state.get();
        GateDraft draft = GateDraft.next(present.content(), epoch);
        Gate asked = draft.withShare(wanted.content().share()).over(wanted).content();
        checkDecisive(present, asked, action, refusals);
        checkVersions(present.content(), asked, action, refusals);
        checkShare(present, asked, refusals);
        new ModeGuards(new ShareRules(catalog, fleet, context, epoch))
                .check(present, asked, refusals);
        checkBuckets(present, asked, refusals);
        checkTakeBack(present.content(), asked, refusals);
        checkSet(present, asked, refusals);
        RingGuards.refuseMissingArms(catalog, present.content(), asked, refusals);
        new RuleGuards(catalog, new ShareRules(catalog, fleet, context, epoch))
                .check(present, asked, backMoves, refusals);
        return refusals.orElse(() -> {
            GateSpec next = draft.placed(place(present, asked)).over(wanted);
            return isSame(present, next) ? List.of() : revised(action, next);
        });
    }

    /** Where its keys and writes come by it: between other modes at once, since none moves. */
    private Position place(GateState present, Gate asked) {
        WriteMove move = new WriteMove(present.content());
        if (ModeGuards.stepsChange(present.content(), asked)) {
            return move.position().withShare(asked.share());
        }
        return asked.share().equals(present.content().share())
                ? move.position()
                : move.to(asked.share(), writes().holding(List.of(present)));
    }

    private WriteGuards writes() {
        return new WriteGuards(catalog, fleet);
    }

    /** Where only some of the writes have changed sides, other buckets would move them unheld. */
    private void checkBuckets(GateState present, Gate asked, Refusals refusals) {
        Gate now = present.content();
        if (!WriteMove.concerns(now) || now.bucketing().equals(asked.bucketing())) {
            return;
        }
        writes().refuseMoving("bucketing", present, refusals);
        if (!now.share().isNone() && !now.share().isAll()) {
            refusals.precondition(
                    "bucketing",
                    "another bucketing of " + now.name() + " at " + now.share(),
                    "a share of 0 % or 100 % where two stores are written",
                    "take the gate back, or bring it to 100 %; or begin another gate");
        }
    }

    /**
     * An old revision may have to be restored whatever it names; else what is named anew counts.
     */
    private void checkVersions(Gate now, Gate next, Action action, Refusals refusals) {
        if (action == Action.RESTORED) {
            return;
        }
        if (!now.legacyCluster().equals(next.legacyCluster())) {
            refuseExpired("legacy_version", next.legacyCluster(), refusals);
        }
        if (!now.newCluster().equals(next.newCluster())) {
            refuseExpired("new_version", next.newCluster(), refusals);
        }
    }

    private void refuseExpired(String path, String cluster, Refusals refusals) {
        VersionName.parse(cluster)
                .toOptional()
                .ifPresent(name -> Expiry.refuse(catalog, context.time(), path, name, refusals));
    }

    /** A change of what decides an arm must not be made blindly. */
    private void checkDecisive(GateState present, Gate next, Action action, Refusals refusals) {
        Gate now = present.content();
        boolean decisive =
                !now.share().equals(next.share())
                        || !now.rules().equals(next.rules())
                        || !now.bucketing().equals(next.bucketing())
                        || now.from() != next.from()
                        || now.to() != next.to();
        if (action == Action.RESTORED) {
            return; // the etag was asked for with the name
        }
        if (decisive) {
            refusals.requireEtag(present, context);
        } else {
            refusals.checkEtag(present, context);
        }
    }

    private void checkShare(GateState present, Gate next, Refusals refusals) {
        ShareRules shares = new ShareRules(catalog, fleet, context, epoch);
        if (next.share().compareTo(present.content().share()) > 0
                || next.takeBack() != present.content().takeBack()) {
            shares.guards()
                    .refuseMigrating("take_back", new ShareTarget.OfGate(present.name()), refusals);
        }
        boolean stepsChange = ModeGuards.stepsChange(present.content(), next);
        if (!stepsChange) {
            shares.guards().checkShare(List.of(present), next.share(), refusals);
        }
        Optional<Ramp> ramp =
                catalog.activeRamp(shares.whole(new ShareTarget.OfGate(present.name())));
        boolean moves = stepsChange || !present.content().share().equals(next.share());
        ramp.filter(_ -> moves)
                .ifPresent(driving -> shares.guards().refuseDriven(driving, refusals));
    }

    private static void checkTakeBack(Gate now, Gate next, Refusals refusals) {
        if (now.takeBack() == TakeBack.FORBIDDEN && next.takeBack() == TakeBack.FROM) {
            refusals.precondition(
                    "take_back",
                    "FROM after FORBIDDEN",
                    "FORBIDDEN",
                    "begin another gate; the legacy data of this one is no longer kept in step");
        }
        if (next.takeBack() == TakeBack.FORBIDDEN && now.kill().isPresent()) {
            refusals.precondition(
                    "take_back",
                    "FORBIDDEN while the gate is killed",
                    "no kill in force",
                    "resume the gate first");
        }
    }

    /** What a set has in common is changed in the whole set or not at all. */
    private void checkSet(GateState present, Gate next, Refusals refusals) {
        Gate now = present.content();
        now.gateSet()
                .filter(_ ->
                        !now.share().equals(next.share())
                                || ModeGuards.stepsChange(now, next)
                                || !now.bucketing().salt().equals(next.bucketing().salt()))
                .ifPresent(set ->
                        refusals.precondition(
                                "name",
                                "another salt, mode or share in one gate of " + set,
                                "what the other gates of the set have",
                                "take the gate out of the set first, or change the share of"
                                        + " the set"));
    }

    private static boolean isSame(GateState present, GateSpec next) {
        return next.withRevision(present.revision()).equals(present.spec());
    }

    private static List<Event> revised(Action action, GateSpec spec) {
        return List.of(new GatesRevised(action, List.of(spec)));
    }
}
