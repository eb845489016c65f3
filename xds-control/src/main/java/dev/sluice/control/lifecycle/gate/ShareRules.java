package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Decides about shares, kills and trips: everything that moves keys without changing what a gate
 * means. What is taken back is always the whole of what moves together: a gate of a set takes its
 * set along, since half a set would send one request to both schemas. Immutable.
 */
public record ShareRules(Catalog catalog, FleetReport fleet, CommandContext context, long epoch) {
    private static final int LONGEST_REASON = 1_024;

    /** What can stand against it. */
    public ShareGuards guards() {
        return new ShareGuards(catalog, fleet, context.time());
    }

    public Decision set(ShareTarget target, PartsPerMillion share) {
        Refusals refusals = new Refusals();
        subject(target, refusals).ifPresent(of -> refusals.requireEtag(of, context));
        guards().refuseSetMember(target, refusals);
        List<GateState> gates = catalog.gatesOf(target);
        guards().checkShare(gates, share, refusals);
        Optional<Ramp> ramp = catalog.activeRamp(target);
        boolean raises = gates.stream().anyMatch(gate -> raises(gate, share));
        boolean lowers = gates.stream().anyMatch(gate -> lowers(gate, share));
        ramp.filter(_ -> raises).ifPresent(driving -> guards().refuseDriven(driving, refusals));
        if (raises) {
            Prerequisites.refuse(catalog, "share_ppm", gates, share, refusals);
            guards().refuseMigrating("share_ppm", target, refusals);
        }
        return refusals.orElse(() -> {
            List<Event> events = new ArrayList<>(revise(gates, share, Action.SHARE_SET));
            ramp.filter(driving -> lowers && driving.state() != RampState.PAUSED)
                    .ifPresent(driving ->
                            events.add(
                                    moved(
                                            driving,
                                            RampState.PAUSED,
                                            "the share was lowered by hand")));
            return events;
        });
    }

    public Decision rollback(ShareTarget target) {
        Refusals refusals = new Refusals();
        ShareTarget whole = whole(target);
        subject(target, refusals).ifPresent(of -> refusals.checkEtag(of, context));
        requireReason(refusals);
        List<GateState> gates = catalog.gatesOf(whole);
        guards().refuseBack(gates, refusals);
        return refusals.orElse(() -> takenBack(whole, "rolled back by " + actor()));
    }

    /** The events that take a target back to 0 and end its ramp. */
    public List<Event> takenBack(ShareTarget whole, String message) {
        List<Event> events =
                new ArrayList<>(
                        revise(catalog.gatesOf(whole), PartsPerMillion.NONE, Action.ROLLED_BACK));
        catalog.activeRamp(whole)
                .ifPresent(ramp -> events.add(moved(ramp, RampState.ROLLED_BACK, message)));
        return events;
    }

    /**
     * Takes everything back at once, whatever stands against other moves.
     *
     * @param published what is out already of these gates, killed: what still holds of it is
     *     decided as it is out, so that nobody has to hear of it twice
     */
    public Decision kill(ShareTarget target, Map<GateName, GateSpec> published) {
        return kill(target, draft -> draft, published);
    }

    /**
     * As {@link #kill(ShareTarget, Map)}.
     *
     * @param place the draft, under the revision that the kill is to have at least
     */
    Decision kill(
            ShareTarget target, UnaryOperator<GateDraft> place, Map<GateName, GateSpec> published) {
        Refusals refusals = new Refusals();
        ShareTarget whole = whole(target);
        subject(target, refusals).ifPresent(of -> refusals.checkEtag(of, context));
        requireReason(refusals);
        List<GateState> gates = catalog.gatesOf(whole);
        guards().refuseForbidden(gates, refusals);
        Gate.Kill kill = new Gate.Kill(context.reason(), Optional.of(context.time()), actor());
        List<GateState> alive =
                gates.stream().filter(gate -> gate.content().kill().isEmpty()).toList();
        return refusals.orElse(() -> {
            if (alive.isEmpty()) {
                return List.of();
            }
            Function<GateState, GateDraft> killed =
                    gate ->
                            place.apply(
                                    GateDraft.next(gate.content(), epoch)
                                            .inStepWith(gates)
                                            .placed(new WriteMove(gate.content()).killed())
                                            .withKill(Optional.of(kill)));
            List<Event> events = new ArrayList<>();
            events.add(
                    isOut(alive, killed, published)
                            ? new GatesRevised(
                                    Action.KILLED,
                                    alive.stream().map(gate -> published.get(gate.name())).toList())
                            : revised(
                                    alive,
                                    Action.KILLED,
                                    gate -> above(gate, killed.apply(gate), published)));
            catalog.activeRamp(whole)
                    .filter(ramp -> ramp.state() != RampState.PAUSED)
                    .ifPresent(ramp ->
                            events.add(moved(ramp, RampState.PAUSED, "killed by " + actor())));
            return events;
        });
    }

    /** Whether just this is out of all of them; a set gets one number, so none is left out. */
    private static boolean isOut(
            List<GateState> gates,
            Function<GateState, GateDraft> killed,
            Map<GateName, GateSpec> published) {
        return gates.stream()
                .allMatch(gate ->
                        Optional.ofNullable(published.get(gate.name()))
                                .filter(out ->
                                        killed.apply(gate)
                                                .at(out.revision())
                                                .filter(same -> same.over(gate.spec()).equals(out))
                                                .isPresent())
                                .isPresent());
    }

    private static GateSpec above(
            GateState gate, GateDraft killed, Map<GateName, GateSpec> published) {
        return Optional.ofNullable(published.get(gate.name()))
                .map(out -> killed.above(out.revision()))
                .orElse(killed)
                .over(gate.spec());
    }

    public Decision resume(ShareTarget target, List<String> trips) {
        Refusals refusals = new Refusals();
        ShareTarget whole = whole(target);
        subject(target, refusals).ifPresent(of -> refusals.checkEtag(of, context));
        List<GateState> gates = catalog.gatesOf(whole);
        for (int i = 0; i < trips.size(); i++) {
            new Ranges(refusals).text("acknowledged_trips[" + i + "]", trips.get(i), 1, 512);
        }
        boolean full =
                gates.stream()
                        .anyMatch(gate ->
                                union(gate.content().acknowledgedTrips(), trips).size()
                                        > GateDraft.MOST_TRIPS);
        if (full) {
            refusals.precondition(
                    "acknowledged_trips",
                    "more than " + GateDraft.MOST_TRIPS,
                    "at most that many for a gate",
                    "create the gate anew under another name");
        }
        List<GateState> changed =
                gates.stream()
                        .filter(gate ->
                                gate.content().kill().isPresent()
                                        || !gate.content().acknowledgedTrips().containsAll(trips))
                        .toList();
        changed.stream()
                .filter(gate -> !gate.content().share().isNone())
                .forEach(gate -> {
                    guards().refuseLaggingPair("name", gate, refusals);
                    if (WriteMove.concerns(gate.content())) {
                        guards().writes().refuseUnable("name", gate, refusals);
                    }
                });
        Holding holding = guards().writes().holding(gates);
        return refusals.orElse(() ->
                changed.isEmpty()
                        ? List.of()
                        : List.of(
                                revised(
                                        changed,
                                        Action.RESUMED,
                                        gate -> resumed(gate, trips, holding))));
    }

    /**
     * One event for all gates whose share changes, or begins to; none when none does. Where two
     * stores are written, a raise begins with a hold, and comes with what follows it.
     */
    public List<Event> revise(List<GateState> gates, PartsPerMillion share, Action action) {
        Holding holding = guards().writes().holding(gates);
        return place(gates, gate -> new WriteMove(gate).to(share, holding), action);
    }

    /** One event for all gates that come to another place; none when none does. */
    List<Event> place(List<GateState> gates, Function<Gate, Position> place, Action action) {
        List<GateState> changed =
                gates.stream()
                        .filter(gate ->
                                !place.apply(gate.content())
                                        .equals(new WriteMove(gate.content()).position()))
                        .toList();
        return changed.isEmpty()
                ? List.of()
                : List.of(
                        revised(
                                changed,
                                action,
                                gate ->
                                        GateDraft.next(gate.content(), epoch)
                                                .inStepWith(gates)
                                                .placed(place.apply(gate.content()))
                                                .over(gate.spec())));
    }

    /** The whole of what moves together with a target. */
    public ShareTarget whole(ShareTarget target) {
        return whole(catalog, target);
    }

    public static ShareTarget whole(Catalog catalog, ShareTarget target) {
        return target instanceof ShareTarget.OfGate(GateName name)
                ? catalog.gate(name)
                        .flatMap(gate -> gate.content().gateSet())
                        .<ShareTarget>map(ShareTarget.OfSet::new)
                        .orElse(target)
                : target;
    }

    Optional<? extends Resource> subject(ShareTarget target, Refusals refusals) {
        return refusals.require(
                catalog.find(target.name()).map(resource -> (Resource) resource), target.name());
    }

    public static Event moved(Ramp ramp, RampState state, String message) {
        return new Event.RampMoved(ramp.name(), state, message);
    }

    /** Whether a share is above that of a gate. */
    public static boolean raises(GateState gate, PartsPerMillion share) {
        return share.compareTo(gate.content().share()) > 0;
    }

    /** Below what it has come to, or is on its way to. */
    static boolean lowers(GateState gate, PartsPerMillion share) {
        return share.compareTo(new WriteMove(gate.content()).comingShare()) < 0;
    }

    private GateSpec resumed(GateState gate, List<String> trips, Holding holding) {
        WriteMove move = new WriteMove(gate.content());
        return GateDraft.next(gate.content(), epoch)
                .placed(gate.content().isKilled() ? move.resumed(holding) : move.position())
                .withKill(Optional.empty())
                .withTrips(union(gate.content().acknowledgedTrips(), trips))
                .over(gate.spec());
    }

    private static GatesRevised revised(
            List<GateState> gates, Action action, Function<GateState, GateSpec> next) {
        return new GatesRevised(action, gates.stream().map(next).toList());
    }

    private void requireReason(Refusals refusals) {
        new Ranges(refusals).text("reason", context.reason(), 1, LONGEST_REASON);
    }

    private String actor() {
        return context.principal().name();
    }

    private static Set<String> union(Set<String> one, List<String> other) {
        Set<String> all = new TreeSet<>(one);
        all.addAll(other);
        return all;
    }
}
