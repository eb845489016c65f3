package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.time.Duration;
import java.util.Optional;

/**
 * What a gate says, against the rest of the state: the versions and routes that it needs. The
 * ranges of its own fields are those of the contract's parser. Immutable.
 */
record GateContent(Catalog catalog) {
    void check(GateSpec spec, Refusals refusals) {
        new Ranges(refusals).description(spec.description());
        CohortRules.refuseUnknown(catalog, spec, refusals);
        Gate gate = spec.content();
        Optional<ServiceName> legacy = version("legacy_version", gate.legacyCluster(), refusals);
        Optional<ServiceName> fresh = version("new_version", gate.newCluster(), refusals);
        if (legacy.isPresent() && fresh.isPresent() && !legacy.equals(fresh)) {
            refusals.invalid(
                    "new_version",
                    gate.newCluster(),
                    "a version of " + legacy.get(),
                    "choose two versions of one service");
        }
        if (gate.legacyCluster().equals(gate.newCluster())) {
            refusals.invalid(
                    "new_version",
                    gate.newCluster(),
                    "another version than legacy_version",
                    "name the version with the new schema");
        }
        legacy.ifPresent(service -> checkRoutes(gate.name(), service, refusals));
        spec.writeMaxWait().ifPresent(wait -> checkMaxWait(gate, wait, refusals));
    }

    private static void checkMaxWait(Gate gate, Duration wait, Refusals refusals) {
        if (gate.storeKind() == StoreKind.SHARED) {
            refusals.invalid(
                    "write_max_wait",
                    wait + " where one store is written",
                    "none, or a SEPARATE store",
                    "leave it out: no write has to wait there");
        }
        new Ranges(refusals)
                .duration("write_max_wait", wait, WriteMove.SHORTEST_WAIT, WriteMove.LONGEST_WAIT);
    }

    /** Routes that name the gate stay routes of its service. */
    private void checkRoutes(GateName gate, ServiceName service, Refusals refusals) {
        catalog.routes().stream()
                .filter(route -> route.spec().target().equals(new RouteSpec.Target.ToGate(gate)))
                .filter(route -> !route.name().service().equals(service))
                .forEach(route ->
                        refusals.precondition(
                                "legacy_version",
                                "a version of " + service,
                                "of " + route.name().service() + ", as " + route.name() + " needs",
                                "change the route first"));
    }

    private Optional<ServiceName> version(String path, String cluster, Refusals refusals) {
        Optional<VersionName> name = VersionName.parse(cluster).toOptional();
        if (name.isEmpty()) {
            refusals.invalid(
                    path,
                    cluster,
                    "services/{service}/versions/{version}",
                    "give the full resource name");
        }
        return name.flatMap(
                of -> refusals.reference(catalog.version(of), path, of).map(_ -> of.service()));
    }
}
