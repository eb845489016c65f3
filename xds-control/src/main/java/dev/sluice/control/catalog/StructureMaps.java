package dev.sluice.control.catalog;

import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.ServiceSpec;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What people declared of structure at one place of the log. Immutable.
 *
 * @param gone versions that nodes had once, and may come back with; bounded ({@link GoneVersions})
 */
public record StructureMaps(
        PersistentMap<ServiceName, Service> services,
        PersistentMap<VersionName, Version> versions,
        PersistentMap<RouteName, Route> routes,
        PersistentMap<VersionName, Gone> gone) {
    /** Before the first event. */
    static final StructureMaps EMPTY =
            new StructureMaps(
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty(),
                    PersistentMap.empty());

    /** With what nodes of another structure lose when they come back to this one. */
    StructureMaps takenBackFrom(StructureMaps other, LoggedEvent by) {
        GoneVersions kept = new GoneVersions(gone);
        for (Version version : other.versions.values()) {
            Set<ServiceName> losing = other.callers(version.name().service());
            losing.removeAll(
                    versions.get(version.name()).isPresent()
                            ? callers(version.name().service())
                            : Set.of());
            if (!losing.isEmpty()) {
                kept = kept.with(new Gone(version.spec(), by.seq(), by.stamp().time(), losing));
            }
        }
        return new StructureMaps(services, versions, routes, kept.byName());
    }

    /** Services whose nodes call another; nobody calls what nobody listens for. */
    private Set<ServiceName> callers(ServiceName called) {
        boolean isListenedFor =
                services.get(called).map(Service::spec).flatMap(ServiceSpec::outbound).isPresent();
        return services.values().stream()
                .filter(service -> isListenedFor && service.spec().calls().contains(called))
                .map(Service::name)
                .collect(Collectors.toSet());
    }
}
