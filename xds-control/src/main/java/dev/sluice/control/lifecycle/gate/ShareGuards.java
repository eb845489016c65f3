package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.structure.RingGuards;
import dev.sluice.control.lifecycle.window.Openings;
import dev.sluice.control.lifecycle.window.WindowRules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can stand against moving keys, whoever asks for it. Immutable.
 *
 * @param fleet what nodes have told of themselves by now
 * @param now when it is asked
 */
public record ShareGuards(Catalog catalog, FleetReport fleet, Instant now) {
    private static final int MOST_LISTED = 10;

    /** What can stand against writes changing sides. */
    public WriteGuards writes() {
        return new WriteGuards(catalog, fleet);
    }

    /** What stands against a share of these gates, whoever asks for it. */
    void checkShare(List<GateState> gates, PartsPerMillion share, Refusals refusals) {
        for (GateState gate : gates) {
            if (ShareRules.raises(gate, share)) {
                refuseRaise("share_ppm", gate, refusals);
                refuseFrozen("share_ppm", gate, refusals);
                writes().refuseUnheld("share_ppm", gate, refusals);
            }
            if (share.compareTo(gate.content().share()) < 0) {
                refuseBack(List.of(gate), refusals);
            }
        }
    }

    /** What stands against taking keys back by any way but a kill. */
    public void refuseBack(List<GateState> gates, Refusals refusals) {
        refuseForbidden(gates, refusals);
        LiveSchema.refuseUnserved(catalog, gates, refusals);
    }

    /** Past the point of no return nothing goes back. */
    public void refuseForbidden(List<GateState> gates, Refusals refusals) {
        for (GateState gate : gates) {
            if (gate.content().takeBack() == TakeBack.FORBIDDEN) {
                refusals.precondition(
                        "take_back",
                        "FORBIDDEN for " + gate.name(),
                        "FROM",
                        "the legacy data is no longer kept in step: repair the new version and"
                                + " roll forward");
            }
        }
    }

    /** A gate of a set has no share of its own to set. */
    public void refuseSetMember(ShareTarget target, Refusals refusals) {
        ShareTarget whole = ShareRules.whole(catalog, target);
        if (!whole.equals(target)) {
            refusals.precondition(
                    "name",
                    target.name() + " belongs to " + whole.name(),
                    "a gate that stands alone",
                    "change the share of " + whole.name());
        }
    }

    void refuseDriven(Ramp ramp, Refusals refusals) {
        refusals.precondition(
                "share_ppm",
                "a raise while " + ramp.name() + " drives the share",
                "no ramp at work",
                "let the ramp raise it, or abort the ramp first");
    }

    /** What a migration moves goes on by its plan, and by nobody's hand. */
    public void refuseMigrating(String path, ShareTarget target, Refusals refusals) {
        catalog.openMigration(ShareRules.whole(catalog, target))
                .filter(migration -> migration.progress() != Progress.PLANNED)
                .ifPresent(migration ->
                        refusals.precondition(
                                path,
                                migration.name() + " moves the keys of " + target.name(),
                                "no migration at work",
                                "advance the migration, or take it back"));
    }

    /** What stands against a raise of a gate, whoever asks for it. */
    public void refuseRaise(String path, GateState gate, Refusals refusals) {
        refuseTakenBack(path, gate, refusals);
        refuseLaggingPair(path, gate, refusals);
        writes().refuseMoving(path, gate, refusals);
        RingGuards.refuseBehind(catalog, path, gate, refusals);
        refuseAtPeak(path, gate, refusals);
    }

    private void refuseAtPeak(String path, GateState gate, Refusals refusals) {
        refuseIn(path, gate, WindowRules.peaks(catalog, risk(gate), now), refusals);
    }

    private Optional<Risk> risk(GateState gate) {
        return moving(gate).map(it -> it.spec().product().risk());
    }

    /**
     * Windows that hold a raise of a gate by now and did not when it began; in one that was open
     * then it was let.
     */
    List<WindowName> closedSince(GateState gate, Instant began) {
        return Stream.concat(
                        WindowRules.freezes(catalog, moving(gate), now).stream(),
                        WindowRules.peaks(catalog, risk(gate), now).stream())
                .map(WindowSpec::name)
                .filter(window -> !WindowRules.wasOpen(catalog, window, began))
                .toList();
    }

    /** A share that is on its way goes no further in a freeze. */
    public void refuseFrozen(String path, GateState gate, Refusals refusals) {
        refuseIn(path, gate, WindowRules.freezes(catalog, moving(gate), now), refusals);
    }

    private void refuseIn(String path, GateState gate, List<WindowSpec> open, Refusals refusals) {
        if (!open.isEmpty()) {
            refusals.precondition(
                    path,
                    "a raise of "
                            + gate.name()
                            + " in "
                            + open.stream().map(it -> it.name().name()).toList(),
                    Openings.next(open, now)
                            .map(end -> "from " + end + " on")
                            .orElse("a time outside of these windows: there is none"),
                    "wait until then; taking keys back is never held");
        }
    }

    private Optional<Migration> moving(GateState gate) {
        return catalog.openMigration(
                ShareRules.whole(catalog, new ShareTarget.OfGate(gate.name())));
    }

    /** Keys go forward only where every node knows the present pair of modes. */
    void refuseLaggingPair(String path, GateState gate, Refusals refusals) {
        gate.pairBegan().ifPresent(began -> refuseLagging(path, gate, began, refusals));
    }

    /** Nodes that still decide by older modes would be a third one in force beside the next. */
    public void refuseLagging(
            String path, GateState gate, GateRevisionEntry revision, Refusals refusals) {
        List<NodeName> lagging = fleet.lagging(catalog, gate, revision);
        if (!lagging.isEmpty()) {
            refusals.precondition(
                    path,
                    "revision "
                            + revision.revision()
                            + " of "
                            + gate.name()
                            + " is not applied by "
                            + listed(lagging),
                    "every live node of the gate reports it applied",
                    "wait for them, or forget the nodes that are gone for good");
        }
    }

    /** Keys that a kill or a trip took back would go on unseen. */
    public void refuseTakenBack(String path, GateState gate, Refusals refusals) {
        if (gate.content().kill().isPresent()) {
            refusals.precondition(
                    path,
                    "a change of " + gate.name() + " while it is killed",
                    "no kill in force",
                    "resume the gate first");
        }
        if (!gate.openTrips().isEmpty()) {
            refusals.precondition(
                    path,
                    "a change of "
                            + gate.name()
                            + " while these trips are open: "
                            + gate.openTrips().stream().map(trip -> trip.id()).toList(),
                    "every trip acknowledged",
                    "find the cause, then resume the gate with these trip ids");
        }
        if (!gate.openLocalKills().isEmpty()) {
            refusals.precondition(
                    path,
                    "a change of " + gate.name() + " while it is killed at " + killed(gate),
                    "no kill in force at any sidecar",
                    "ask who gave it, then resume the gate with these kill ids");
        }
    }

    private static String killed(GateState gate) {
        String all =
                gate.openLocalKills().stream()
                        .limit(MOST_LISTED)
                        .map(kill -> kill.node() + " (" + kill.id() + ": " + kill.reason() + ")")
                        .collect(Collectors.joining(", "));
        int more = gate.openLocalKills().size() - MOST_LISTED;
        return more > 0 ? all + " and " + more + " more" : all;
    }

    /** At most {@value #MOST_LISTED} of them by name. */
    static String listed(List<NodeName> nodes) {
        String named =
                nodes.stream()
                        .limit(MOST_LISTED)
                        .map(NodeName::name)
                        .collect(Collectors.joining(", "));
        return nodes.size() <= MOST_LISTED
                ? named
                : named + " and " + (nodes.size() - MOST_LISTED) + " more";
    }
}
