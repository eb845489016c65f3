package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.WindowName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Decides what comes next of writes on their way:
 *
 * <pre>
 * a raise, and a freeze has opened since           released
 * held, and every live node has applied it         they change sides
 * held for the longest hold, and some node has not  released; a raise comes to nothing then, its ramp
 *                                                  waits for a person, and a way back goes on later
 * not held, and every live node would follow soon  held
 * </pre>
 *
 * It goes by the catalog and the fleet alone, so that it is the same after a restart, and asked
 * twice it does nothing twice. Immutable.
 */
public record WriteRules(Catalog catalog, ShareRules shares) {
    /**
     * How long before the first held write would fail a hold is given up, so that none fails by one
     * that comes to nothing.
     */
    public static final Duration MARGIN = Duration.ofSeconds(2);

    /** Between a hold that came to nothing and the next of the same writes. */
    public static final Duration REST = Duration.ofSeconds(10);

    /** What is done, and why, for people. */
    public record Next(Step step, String reason) {}

    /** What can be done about writes on their way. */
    public enum Step {
        HOLD(Action.WRITES_HELD),
        SWITCH(Action.WRITES_SWITCHED),
        RELEASE(Action.WRITES_RELEASED);

        private final Action action;

        Step(Action action) {
            this.action = action;
        }
    }

    /** What moves together, of all gates of which writes are on their way. */
    public static List<ShareTarget> moving(Catalog catalog) {
        TreeMap<String, ShareTarget> moving = new TreeMap<>();
        for (GateState gate : catalog.gates()) {
            if (!new WriteMove(gate.content()).isSettled()) {
                ShareTarget whole = ShareRules.whole(catalog, new ShareTarget.OfGate(gate.name()));
                moving.put(whole.name(), whole);
            }
        }
        return List.copyOf(moving.values());
    }

    /** Does what comes next; nothing where there is nothing to do yet. */
    public Decision settle(ShareTarget target) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.find(target.name()), target.name());
        return refusals.orElse(
                () -> next(target).map(next -> events(target, next)).orElse(List.of()));
    }

    /** What comes next; empty: nothing is on its way, or it has to be waited for. */
    public Optional<Next> next(ShareTarget target) {
        List<GateState> gates = moving(target);
        Holding holding = shares.guards().writes().holding(gates);
        if (gates.isEmpty()) {
            return Optional.empty();
        }
        List<WindowName> closed = closed(gates);
        if (!closed.isEmpty()) {
            return next(
                    Step.RELEASE,
                    "no share is raised in "
                            + closed.stream().map(WindowName::name).toList()
                            + ", which opened before every live node held the writes");
        }
        if (holding == Holding.NOT_NEEDED) {
            return next(Step.SWITCH, "no node decides by it");
        }
        return gates.stream().anyMatch(WriteRules::isHeld)
                ? ofHeld(gates)
                : ofUnheld(gates, holding);
    }

    /** Windows that hold a raise by now, and did not when it began. */
    private List<WindowName> closed(List<GateState> gates) {
        return gates.stream()
                .filter(gate -> new WriteMove(gate.content()).isRaise())
                .flatMap(gate -> shares.guards().closedSince(gate, holdBegan(gate)).stream())
                .distinct()
                .toList();
    }

    private Optional<Next> ofHeld(List<GateState> gates) {
        List<NodeName> lagging = shares.fleet().lagging(catalog, gates);
        if (lagging.isEmpty()) {
            return next(Step.SWITCH, "every live node holds the writes");
        }
        Duration longest = longestHold(gates);
        return now().isBefore(since(gates).plus(longest))
                ? Optional.empty()
                : next(
                        Step.RELEASE,
                        "within "
                                + longest.toSeconds()
                                + " s the hold was not applied by "
                                + ShareGuards.listed(lagging));
    }

    private Optional<Next> ofUnheld(List<GateState> gates, Holding holding) {
        boolean rests =
                gates.stream()
                        .map(GateState::presentEntry)
                        .filter(entry -> entry.action() == Action.WRITES_RELEASED)
                        .anyMatch(entry -> now().isBefore(entry.time().plus(REST)));
        return rests || holding == Holding.LATER
                ? Optional.empty()
                : next(Step.HOLD, "every live node has applied what is in force");
    }

    private List<Event> events(ShareTarget target, Next next) {
        List<GateState> gates = moving(target);
        return switch (next.step()) {
            case HOLD -> placed(gates, next, WriteMove::heldNow);
            case SWITCH ->
                    placed(
                            shares.guards().writes().holding(gates) == Holding.NOT_NEEDED
                                    ? gates
                                    : gates.stream().filter(WriteRules::isHeld).toList(),
                            next,
                            WriteMove::arrived);
            case RELEASE -> released(target, gates, next);
        };
    }

    private List<Event> released(ShareTarget target, List<GateState> gates, Next next) {
        boolean raise = gates.stream().anyMatch(gate -> new WriteMove(gate.content()).isRaise());
        List<Event> events = new ArrayList<>(placed(gates, next, WriteMove::released));
        catalog.activeRamp(target)
                .filter(ramp -> raise && ramp.state() != RampState.PAUSED)
                .ifPresent(ramp ->
                        events.add(
                                ShareRules.moved(
                                        ramp,
                                        RampState.PAUSED,
                                        "its writes could not change sides: " + next.reason())));
        return events;
    }

    private List<Event> placed(
            List<GateState> gates, Next next, Function<WriteMove, Position> place) {
        return shares.place(gates, gate -> place.apply(new WriteMove(gate)), next.step().action);
    }

    private List<GateState> moving(ShareTarget target) {
        return catalog.gatesOf(target).stream()
                .filter(gate -> !new WriteMove(gate.content()).isSettled())
                .toList();
    }

    private Instant now() {
        return shares.context().time();
    }

    private static boolean isHeld(GateState gate) {
        return new WriteMove(gate.content()).isHeld();
    }

    /** Shorter than any of their writes may wait. */
    private static Duration longestHold(List<GateState> gates) {
        return gates.stream()
                .flatMap(gate -> gate.content().writeHold().stream())
                .map(hold -> hold.maxWait().minus(MARGIN))
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** When the last of the holds began. */
    private static Instant since(List<GateState> gates) {
        return gates.stream()
                .filter(WriteRules::isHeld)
                .map(gate -> gate.presentEntry().time())
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** When the first revision came of those in a row with the present hold. */
    private static Instant holdBegan(GateState gate) {
        Position now = new WriteMove(gate.content()).position();
        Instant began = gate.presentEntry().time();
        boolean holds = false;
        for (GateRevisionEntry entry : gate.revisions().values()) {
            boolean same = new WriteMove(entry.spec().content()).position().equals(now);
            began = same && !holds ? entry.time() : began;
            holds = same;
        }
        return began;
    }

    private static Optional<Next> next(Step step, String reason) {
        return Optional.of(new Next(step, reason));
    }
}
