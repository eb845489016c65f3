package dev.sluice.control.lifecycle.structure;

import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.Rollout;
import dev.sluice.control.catalog.Route;
import dev.sluice.control.catalog.StructureMaps;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What stands against gates whose structure is not in every ring: a share goes to all nodes at
 * once, so all of them must route by the gate to the same versions. Taking back waits for nothing.
 * Stateless.
 */
public final class RingGuards {
    private RingGuards() {}

    /** Notes the rings in which a gate decides between other things than it is declared to. */
    public static void refuseBehind(
            Catalog catalog, String path, GateState gate, Refusals refusals) {
        Set<Object> declared = needs(gate.content(), catalog.structure());
        refuse(
                catalog,
                held -> !needs(gate.content(), held).equals(declared),
                (plan, rings) ->
                        refusals.precondition(
                                path,
                                "what "
                                        + gate.name()
                                        + " decides between is not what is declared in rings "
                                        + rings
                                        + " of "
                                        + plan.name()
                                        + " ("
                                        + plan.rollout().state()
                                        + ")",
                                "its routes, services and versions in every ring",
                                "wait for the rings; resume or abort a rollout that is halted"));
    }

    /** Notes the rings that route by a gate and have not the versions that it is to go to. */
    public static void refuseMissingArms(Catalog catalog, Gate now, Gate next, Refusals refusals) {
        refuse(
                catalog,
                held ->
                        !arms(now).toList().equals(arms(next).toList())
                                && routes(next, held).findAny().isPresent()
                                && !hasArms(next, held),
                (plan, rings) ->
                        refusals.precondition(
                                "arms",
                                "a version that rings "
                                        + rings
                                        + " of "
                                        + plan.name()
                                        + " do not have yet",
                                "versions that every ring has which routes by " + next.name(),
                                "wait for the rings; resume or abort a rollout that is halted"));
    }

    /** Notes the rings that still route by a gate. */
    public static void refuseRouted(Catalog catalog, GateState gate, Refusals refusals) {
        refuse(
                catalog,
                held -> routes(gate.content(), held).findAny().isPresent(),
                (plan, rings) -> refusals.inUse("routes in rings " + rings + " of " + plan.name()));
    }

    private interface Note {
        void of(RingPlan plan, List<String> rings);
    }

    private static void refuse(Catalog catalog, Predicate<StructureMaps> isBad, Note note) {
        Optional<RingPlan> plan = catalog.ringPlan();
        if (plan.isEmpty()) {
            return;
        }
        List<Rollout.Ring> rings = plan.get().rollout().rings();
        List<String> bad =
                IntStream.range(0, rings.size())
                        .filter(ring -> rings.get(ring).behind().filter(isBad).isPresent())
                        .mapToObj(plan.get()::ringId)
                        .toList();
        if (!bad.isEmpty()) {
            note.of(plan.get(), bad);
        }
    }

    /** Routes by a gate, the services that they are of and the versions of its arms. */
    private static Set<Object> needs(Gate gate, StructureMaps held) {
        Set<Object> needs = new HashSet<>();
        routes(gate, held)
                .forEach(route -> {
                    needs.add(Revisions.content(route.spec()));
                    held.services()
                            .get(route.name().service())
                            .ifPresent(service -> needs.add(Revisions.content(service.spec())));
                });
        arms(gate)
                .flatMap(name -> held.versions().get(name).stream())
                .forEach(version -> needs.add(Revisions.content(version.spec())));
        return needs;
    }

    private static Stream<Route> routes(Gate gate, StructureMaps held) {
        RouteSpec.Target target = new RouteSpec.Target.ToGate(gate.name());
        return held.routes().values().stream()
                .filter(route -> route.spec().target().equals(target));
    }

    private static boolean hasArms(Gate gate, StructureMaps held) {
        return arms(gate).allMatch(name -> held.versions().get(name).isPresent());
    }

    private static Stream<VersionName> arms(Gate gate) {
        return Stream.of(Arm.values())
                .flatMap(arm -> VersionName.parse(gate.cluster(arm)).toOptional().stream());
    }
}
