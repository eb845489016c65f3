package dev.sluice.control.snapshot;

import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.NodeSpec.Kind;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whose structure a later catalog may change: most events are of nodes, which have no part in it,
 * and of shares, which only stock proxies have in their routes. Pure.
 */
public final class Affected {
    private Affected() {}

    /** Kinds of node whose structure is to be rendered again. */
    public static Set<Kind> by(Catalog before, Catalog now) {
        if (!isStructureSame(before, now)) {
            return EnumSet.allOf(Kind.class);
        }
        if (isSame(before.gateMap(), now.gateMap())) {
            return EnumSet.noneOf(Kind.class);
        }
        return areArmsSame(before, now)
                ? EnumSet.complementOf(EnumSet.of(Kind.SLUICE))
                : EnumSet.allOf(Kind.class);
    }

    /** Migrations announce the end of versions in routes. */
    private static boolean isStructureSame(Catalog before, Catalog now) {
        return isSame(before.serviceMap(), now.serviceMap())
                && isSame(before.versionMap(), now.versionMap())
                && isSame(before.routeMap(), now.routeMap())
                && isSame(before.goneVersions(), now.goneVersions())
                && isSame(before.gateSetMap(), now.gateSetMap())
                && isSame(before.migrationMap(), now.migrationMap())
                && isSame(before.openMigrations(), now.openMigrations());
    }

    @SuppressWarnings("ReferenceEquality") // what did not change is the same object
    private static boolean isSame(Object before, Object now) {
        return before == now;
    }

    /** Whether both have the same gates, between the same versions. */
    private static boolean areArmsSame(Catalog before, Catalog now) {
        Iterator<GateState> others = now.gates().iterator();
        for (GateState gate : before.gates()) {
            if (!others.hasNext() || !areArmsSame(gate, others.next())) {
                return false;
            }
        }
        return !others.hasNext();
    }

    private static boolean areArmsSame(GateState gate, GateState other) {
        return isSame(gate, other)
                || (gate.name().equals(other.name())
                        && Stream.of(Arm.values())
                                .allMatch(arm ->
                                        gate.content()
                                                .cluster(arm)
                                                .equals(other.content().cluster(arm))));
    }
}
