package dev.sluice.control.lifecycle.structure;

import dev.sluice.contract.ServiceName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * No sidecar may be told to bind one port twice: the listeners of one sidecar are those of the
 * services that its service calls, and its version's inbound one. Ports alone are compared, since a
 * node's bind address replaces all addresses. Immutable.
 */
record Listeners(Catalog catalog) {

    /** Checks every sidecar that a changed service is called from or stands beside. */
    void check(ServiceSpec changed, Refusals refusals) {
        Stream.concat(
                        Stream.of(changed),
                        catalog.services().stream()
                                .map(Service::spec)
                                .filter(caller -> !caller.name().equals(changed.name()))
                                .filter(caller -> caller.calls().contains(changed.name())))
                .forEach(caller -> checkCaller(caller, changed, refusals));
    }

    /** Checks the sidecar of a changed version. */
    void check(VersionSpec changed, Refusals refusals) {
        Optional<Service> service = catalog.service(changed.name().service());
        if (service.isPresent() && changed.inbound().isPresent()) {
            ServiceSpec spec = service.get().spec();
            claim(outbound(spec, spec, refusals), changed, refusals);
        }
    }

    private void checkCaller(ServiceSpec caller, ServiceSpec changed, Refusals refusals) {
        Map<Integer, Object> taken = outbound(caller, changed, refusals);
        catalog.versions().stream()
                .map(Version::spec)
                .filter(version -> version.name().service().equals(caller.name()))
                .forEach(version -> claim(taken, version, refusals));
    }

    /** Ports of the outbound listeners of a caller's sidecars, by who has them. */
    private Map<Integer, Object> outbound(
            ServiceSpec caller, ServiceSpec changed, Refusals refusals) {
        Map<Integer, Object> taken = new HashMap<>();
        for (ServiceName callee : caller.calls()) {
            Optional<ServiceSpec> spec =
                    callee.equals(changed.name())
                            ? Optional.of(changed)
                            : catalog.service(callee).map(Service::spec);
            spec.flatMap(ServiceSpec::outbound)
                    .ifPresent(listen -> {
                        Object before = taken.putIfAbsent(listen.port(), callee);
                        if (before != null && !before.equals(callee)) {
                            clash(listen.port(), before, callee, caller.name(), refusals);
                        }
                    });
        }
        return taken;
    }

    private static void claim(Map<Integer, Object> taken, VersionSpec version, Refusals refusals) {
        version.inbound()
                .ifPresent(inbound -> {
                    int port = inbound.listen().port();
                    Object before = taken.get(port);
                    if (before != null) {
                        clash(port, before, version.name(), version.name(), refusals);
                    }
                });
    }

    private static void clash(
            int port, Object one, Object other, Object sidecar, Refusals refusals) {
        refusals.precondition(
                "port",
                port + " for both " + one + " and " + other,
                "one listener a port on the sidecars of " + sidecar,
                "give one of them another port");
    }
}
