package dev.sluice.control.snapshot;

import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.PersistentMap;
import dev.sluice.control.catalog.RingPlan;
import dev.sluice.control.catalog.StructureMaps;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.VersionSpec;
import java.util.Optional;

/**
 * What a state says to the nodes of one ring: gates and addresses as they are now, structure as far
 * as it has come to the ring. Pure.
 */
public final class Rings {
    private Rings() {}

    /** Index of the ring of a node; 0 where there are none. */
    public static int of(Catalog catalog, NodeSpec node) {
        return catalog.ringPlan().map(plan -> plan.ringOf(node)).orElse(0);
    }

    /**
     * The state as a ring is to see it.
     *
     * @param ring index, which a plan with fewer rings may no longer have
     */
    public static Catalog seenBy(int ring, Catalog catalog) {
        return catalog.ringPlan()
                .flatMap(plan -> behind(plan, ring))
                .map(held -> catalog.with(withAddresses(held, catalog.versionMap())))
                .orElse(catalog);
    }

    /** Whether somebody had what was refused sent again between two states. */
    public static boolean isRetry(Catalog before, Catalog now) {
        return now.ringPlan()
                .filter(plan -> resumed(plan) > before.ringPlan().map(Rings::resumed).orElse(0L))
                .filter(plan -> plan.rollout().current().revision() == plan.rollout().revision())
                .isPresent();
    }

    private static long resumed(RingPlan plan) {
        return plan.rollout().resumed();
    }

    private static Optional<StructureMaps> behind(RingPlan plan, int ring) {
        int known = Math.min(ring, plan.rollout().rings().size() - 1);
        return plan.rollout().rings().get(known).behind();
    }

    /** Addresses that are pushed alone go to all nodes at once. */
    private static StructureMaps withAddresses(
            StructureMaps held, PersistentMap<VersionName, Version> declared) {
        PersistentMap<VersionName, Version> versions = held.versions();
        for (Version version : held.versions().values()) {
            Optional<Endpoints> now =
                    declared.get(version.name())
                            .map(it -> it.spec().endpoints())
                            .filter(it -> isOther(it, version.spec().endpoints()));
            if (now.isPresent()) {
                versions =
                        versions.with(
                                version.name(), version.with(with(version.spec(), now.get())));
            }
        }
        return new StructureMaps(held.services(), versions, held.routes(), held.gone());
    }

    private static boolean isOther(Endpoints now, Endpoints held) {
        return now instanceof Endpoints.Eds && held instanceof Endpoints.Eds && !now.equals(held);
    }

    private static VersionSpec with(VersionSpec spec, Endpoints endpoints) {
        return new VersionSpec(
                spec.name(),
                spec.labels(),
                endpoints,
                spec.protocol(),
                spec.tls(),
                spec.healthCheck(),
                spec.acceptedSchema(),
                spec.connectTimeout(),
                spec.inbound(),
                spec.expires());
    }
}
