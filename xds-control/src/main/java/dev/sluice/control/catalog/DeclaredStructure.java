package dev.sluice.control.catalog;

import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import java.util.Collection;
import java.util.Optional;

/** The services, versions and routes of a state; collections are in the order of their names. */
public interface DeclaredStructure {
    /** All of them. */
    StructureMaps structure();

    default PersistentMap<ServiceName, Service> serviceMap() {
        return structure().services();
    }

    default PersistentMap<VersionName, Version> versionMap() {
        return structure().versions();
    }

    default PersistentMap<RouteName, Route> routeMap() {
        return structure().routes();
    }

    /** Versions that nodes had once, and may come back with. */
    default PersistentMap<VersionName, Gone> goneVersions() {
        return structure().gone();
    }

    default Optional<Service> service(ServiceName name) {
        return serviceMap().get(name);
    }

    default Optional<Version> version(VersionName name) {
        return versionMap().get(name);
    }

    default Optional<Route> route(RouteName name) {
        return routeMap().get(name);
    }

    default Collection<Service> services() {
        return serviceMap().values();
    }

    default Collection<Version> versions() {
        return versionMap().values();
    }

    default Collection<Route> routes() {
        return routeMap().values();
    }
}
