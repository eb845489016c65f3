package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateSet;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Decides about gate sets. A gate that joins or leaves one gets a revision that says so. Immutable.
 */
public record GateSetRules(Catalog catalog, FleetReport fleet, CommandContext context, long epoch) {
    private static final int MOST_GATES = 100;

    public Decision create(GateSetSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.gateSet(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        check(spec, refusals);
        return refusals.orElse(() -> put(spec, List.of()));
    }

    public Decision update(GateSetSpec spec) {
        Refusals refusals = new Refusals();
        Optional<GateSet> present = refusals.require(catalog.gateSet(spec.name()), spec.name());
        present.ifPresent(set -> refusals.checkEtag(set, context));
        check(spec, refusals);
        List<GateName> members = present.map(set -> set.spec().gates()).orElse(List.of());
        if (!Set.copyOf(members).equals(Set.copyOf(spec.gates()))) {
            refuseMoving(members, refusals);
            refuseDriven(new ShareTarget.OfSet(spec.name()), refusals);
        }
        boolean same = present.filter(set -> set.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : put(spec, members));
    }

    public Decision delete(GateSetName name) {
        Refusals refusals = new Refusals();
        Optional<GateSet> present = refusals.require(catalog.gateSet(name), name);
        present.ifPresent(set -> refusals.checkEtag(set, context));
        present.ifPresent(set -> refuseMoving(set.spec().gates(), refusals));
        refuseDriven(new ShareTarget.OfSet(name), refusals);
        Prerequisites.waitingFor(catalog, new ShareTarget.OfSet(name)).forEach(refusals::inUse);
        return refusals.orElse(() -> {
            List<GateName> members = present.orElseThrow().spec().gates();
            return List.of(
                    new GatesRevised(
                            Action.SET_CHANGED,
                            members.stream().map(gate -> moved(gate, Optional.empty())).toList()),
                    new Event.GateSetDeleted(name));
        });
    }

    private List<Event> put(GateSetSpec spec, List<GateName> before) {
        Stream<GateSpec> joining =
                spec.gates().stream()
                        .filter(gate -> !before.contains(gate))
                        .map(gate -> moved(gate, Optional.of(spec.name())));
        Stream<GateSpec> leaving =
                before.stream()
                        .filter(gate -> !spec.gates().contains(gate))
                        .map(gate -> moved(gate, Optional.empty()));
        List<GateSpec> revised = Stream.concat(joining, leaving).toList();
        List<Event> events = new ArrayList<>();
        events.add(new Event.GateSetPut(spec));
        if (!revised.isEmpty()) {
            events.add(new GatesRevised(Action.SET_CHANGED, revised));
        }
        return events;
    }

    private GateSpec moved(GateName name, Optional<GateSetName> to) {
        GateState gate = catalog.gate(name).orElseThrow();
        return GateDraft.next(gate.content(), epoch).withSet(to).over(gate.spec());
    }

    private void check(GateSetSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        Prerequisites.check(catalog, spec, refusals);
        ranges.number("gates", spec.gates().size(), 1, MOST_GATES);
        Set<GateName> seen = new HashSet<>();
        List<GateState> members = new ArrayList<>();
        for (int i = 0; i < spec.gates().size(); i++) {
            GateName name = spec.gates().get(i);
            String path = "gates[" + i + "]";
            if (!seen.add(name)) {
                refusals.invalid(path, name, "each gate once", "remove the repetition");
            }
            Optional<GateState> gate = refusals.reference(catalog.gate(name), path, name);
            gate.ifPresent(members::add);
            gate.ifPresent(member -> checkMember(path, member, spec.name(), refusals));
        }
        for (GateState member : members) {
            checkAlike(members.getFirst().content(), member.content(), refusals);
        }
    }

    private void checkMember(String path, GateState gate, GateSetName set, Refusals refusals) {
        gate.content()
                .gateSet()
                .filter(other -> !other.equals(set))
                .ifPresent(other ->
                        refusals.precondition(
                                path,
                                gate.name() + ", of " + other,
                                "a gate of no other set",
                                "take it out of " + other + " first"));
        refuseDriven(new ShareTarget.OfGate(gate.name()), refusals);
        refuseMoving(List.of(gate.name()), refusals);
    }

    /** Writes that are on their way come there together. */
    private void refuseMoving(List<GateName> gates, Refusals refusals) {
        WriteGuards writes = new WriteGuards(catalog, fleet);
        gates.stream()
                .flatMap(name -> catalog.gate(name).stream())
                .forEach(gate -> writes.refuseMoving("gates", gate, refusals));
    }

    private static void checkAlike(Gate first, Gate other, Refusals refusals) {
        alike("salt", first.bucketing().salt(), other.bucketing().salt(), first, other, refusals);
        alike("from", first.from(), other.from(), first, other, refusals);
        alike("to", first.to(), other.to(), first, other, refusals);
        alike("share_ppm", first.share(), other.share(), first, other, refusals);
        alike(
                "kill",
                first.kill().isPresent() ? "killed" : "not killed",
                other.kill().isPresent() ? "killed" : "not killed",
                first,
                other,
                refusals);
    }

    private static void alike(
            String field, Object one, Object two, Gate first, Gate other, Refusals refusals) {
        if (!one.equals(two)) {
            refusals.precondition(
                    "gates",
                    field + " " + two + " of " + other.name(),
                    one + ", as " + first.name() + " has",
                    "make the gates alike before they join");
        }
    }

    private void refuseDriven(ShareTarget target, Refusals refusals) {
        catalog.activeRamp(target)
                .ifPresent(ramp ->
                        refusals.precondition(
                                "gates",
                                ramp.name() + " drives " + target.name(),
                                "no ramp at work",
                                "end or abort the ramp first"));
    }
}
