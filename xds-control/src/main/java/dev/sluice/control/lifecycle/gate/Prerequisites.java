package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateSet;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.GateSetSpec;
import dev.sluice.control.change.spec.GateSetSpec.Prerequisite;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What gate sets wait for before they go further. Stateless. */
public final class Prerequisites {
    private static final int MOST = 16;

    private Prerequisites() {}

    /** Notes what must come further before gates go to a share. */
    public static void refuse(
            Catalog catalog,
            String path,
            List<GateState> gates,
            PartsPerMillion share,
            Refusals refusals) {
        Optional<GateState> first = gates.stream().findFirst();
        Optional<GateSet> set =
                first.flatMap(gate -> gate.content().gateSet()).flatMap(catalog::gateSet);
        if (set.isEmpty()) {
            return;
        }
        Mode to = first.orElseThrow().content().to();
        for (Prerequisite needed : set.get().spec().prerequisites()) {
            if (share.compareTo(needed.above()) > 0 && !hasCome(catalog, needed, to)) {
                refusals.precondition(
                        path,
                        share
                                + " of "
                                + set.get().name()
                                + " while "
                                + needed.of().name()
                                + " is at "
                                + shares(catalog, needed.of()),
                        "at most " + needed.above() + " until that is at " + needed.atLeast(),
                        "bring " + needed.of().name() + " to " + needed.atLeast() + " first");
            }
        }
    }

    /** Notes what is wrong with those of a set. */
    static void check(Catalog catalog, GateSetSpec set, Refusals refusals) {
        new Ranges(refusals).number("prerequisites", set.prerequisites().size(), 0, MOST);
        for (int i = 0; i < set.prerequisites().size(); i++) {
            Prerequisite one = set.prerequisites().get(i);
            String path = "prerequisites[" + i + "]";
            new Ranges(refusals)
                    .number(path + ".above_ppm", one.above().value(), 0, PartsPerMillion.WHOLE - 1);
            new Ranges(refusals)
                    .number(
                            path + ".at_least_ppm",
                            one.atLeast().value(),
                            1,
                            PartsPerMillion.WHOLE);
            refusals.reference(catalog.find(one.of().name()), path + ".of", one.of().name());
            ShareTarget own = new ShareTarget.OfSet(set.name());
            boolean isOwn =
                    one.of() instanceof ShareTarget.OfGate(var gate) && set.gates().contains(gate);
            if (isOwn
                    || one.of().equals(own)
                    || !ShareRules.whole(catalog, one.of()).equals(one.of())) {
                refusals.invalid(
                        path + ".of",
                        one.of().name(),
                        "another set, or a gate of none",
                        "name the set that the gate belongs to, unless it is this one");
            }
        }
        List<GateSetName> stuck = stuck(catalog, set);
        if (!stuck.isEmpty()) {
            refusals.invalid(
                    "prerequisites",
                    "sets that wait for each other for ever: " + stuck,
                    "an order in which each can come to 100 %",
                    "let one of them go further first");
        }
    }

    /** Sets and lone gates that wait for this one. */
    static List<GateSetName> waitingFor(Catalog catalog, ShareTarget target) {
        return catalog.gateSets().stream()
                .filter(set ->
                        set.spec().prerequisites().stream()
                                .anyMatch(needed -> needed.of().equals(target)))
                .map(GateSet::name)
                .toList();
    }

    /**
     * Sets that could never come to 100 %, were this one as it is wanted: each is raised as far as
     * the others let it, until none can go further. A set that is higher never holds another back,
     * so the order does not matter.
     */
    private static List<GateSetName> stuck(Catalog catalog, GateSetSpec wanted) {
        Map<GateSetName, GateSetSpec> sets = new TreeMap<>();
        catalog.gateSets().forEach(set -> sets.put(set.name(), set.spec()));
        sets.put(wanted.name(), wanted);
        Map<GateSetName, PartsPerMillion> reached = new HashMap<>();
        sets.keySet().forEach(name -> reached.put(name, PartsPerMillion.NONE));
        boolean further = true;
        while (further) {
            further = false;
            for (GateSetSpec set : sets.values()) {
                PartsPerMillion most = most(set, reached);
                further |= !most.equals(reached.put(set.name(), most));
            }
        }
        return sets.keySet().stream()
                .filter(name -> !PartsPerMillion.ALL.equals(reached.get(name)))
                .toList();
    }

    private static PartsPerMillion most(
            GateSetSpec set, Map<GateSetName, PartsPerMillion> reached) {
        return set.prerequisites().stream()
                .filter(needed ->
                        needed.of() instanceof ShareTarget.OfSet(var other)
                                && reached.getOrDefault(other, PartsPerMillion.ALL)
                                                .compareTo(needed.atLeast())
                                        < 0)
                .map(Prerequisite::above)
                .min(PartsPerMillion::compareTo)
                .orElse(PartsPerMillion.ALL);
    }

    private static boolean hasCome(Catalog catalog, Prerequisite needed, Mode to) {
        return catalog.gatesOf(needed.of()).stream()
                .map(GateState::content)
                .allMatch(gate -> isAt(gate, to, needed.atLeast()));
    }

    /** Whether a gate is in later modes than these, or at a share between them. */
    private static boolean isAt(Gate gate, Mode to, PartsPerMillion share) {
        boolean isPast = gate.from().compareTo(to) >= 0;
        boolean isThere = gate.to().compareTo(to) >= 0 && gate.share().compareTo(share) >= 0;
        return !gate.isKilled() && (isPast || isThere);
    }

    private static List<String> shares(Catalog catalog, ShareTarget of) {
        return catalog.gatesOf(of).stream()
                .map(GateState::content)
                .map(gate ->
                        (gate.isKilled() ? "killed" : gate.share().toString())
                                + " of "
                                + gate.from()
                                + " to "
                                + gate.to())
                .distinct()
                .toList();
    }
}
