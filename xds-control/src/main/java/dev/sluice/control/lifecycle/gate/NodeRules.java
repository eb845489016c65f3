package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.NodeName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.catalog.Node.Presence;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides about nodes and what they report. What a node says again changes nothing, since streams
 * break and reports repeat. Immutable.
 */
public record NodeRules(Catalog catalog, CommandContext context) {

    public Decision register(NodeSpec spec) {
        boolean known =
                catalog.node(spec.name())
                        .filter(node -> node.presence() == Presence.CONNECTED)
                        .filter(node -> node.spec().equals(spec))
                        .isPresent();
        return new Decision.Change(known ? List.of() : List.of(new Event.NodeRegistered(spec)));
    }

    public Decision lost(NodeName name) {
        boolean connected =
                catalog.node(name).filter(n -> n.presence() == Presence.CONNECTED).isPresent();
        return new Decision.Change(connected ? List.of(new Event.NodeLost(name)) : List.of());
    }

    public Decision left(NodeName name) {
        boolean live = catalog.node(name).filter(Node::isLive).isPresent();
        return new Decision.Change(live ? List.of(new Event.NodeLeft(name)) : List.of());
    }

    public Decision forget(NodeName name) {
        Refusals refusals = new Refusals();
        Optional<Node> node = refusals.require(catalog.node(name), name);
        node.ifPresent(found -> refusals.checkEtag(found, context));
        new Ranges(refusals).text("reason", context.reason(), 1, 1_024);
        node.filter(found -> found.presence() == Presence.CONNECTED)
                .ifPresent(_ ->
                        refusals.precondition(
                                "name",
                                name + " is connected",
                                "a node that is gone",
                                "stop the node first"));
        return refusals.orElse(() -> List.of(new Event.NodeForgotten(name)));
    }

    /** Trips that moved nothing are alarms and hold nothing up. */
    public Decision trip(TripReport trip) {
        Optional<GateState> gate = catalog.gate(trip.gate());
        boolean news =
                trip.moved()
                        && gate.isPresent()
                        && !gate.get().trips().contains(trip.id())
                        && !gate.get().content().acknowledgedTrips().contains(trip.id());
        return new Decision.Change(news ? List.of(new Event.TripRecorded(trip)) : List.of());
    }

    /** The ramp of a gate that somebody killed at one sidecar stands still, as for any kill. */
    public Decision localKill(LocalKillReport kill) {
        Optional<GateState> gate =
                catalog.gate(kill.gate())
                        .filter(found -> !found.localKills().contains(kill.id()))
                        .filter(found -> !found.content().acknowledgedTrips().contains(kill.id()));
        if (gate.isEmpty()) {
            return new Decision.Change(List.of());
        }
        List<Event> events = new ArrayList<>();
        events.add(new Event.LocalKillRecorded(kill));
        catalog.activeRamp(ShareRules.whole(catalog, new ShareTarget.OfGate(kill.gate())))
                .filter(ramp -> ramp.state() != RampState.PAUSED)
                .ifPresent(ramp ->
                        events.add(
                                ShareRules.moved(
                                        ramp,
                                        RampState.PAUSED,
                                        kill.gate() + " was killed at " + kill.node())));
        return new Decision.Change(events);
    }
}
