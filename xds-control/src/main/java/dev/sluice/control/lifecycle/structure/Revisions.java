package dev.sluice.control.lifecycle.structure;

import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Route;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.change.spec.VersionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which changes of what is declared are a new revision of structure. What people say of a resource
 * is none, nor is what only rules read; nor are addresses that are pushed alone (EDS): one that is
 * gone serves nobody, so they go to all nodes at once. Stateless.
 */
public final class Revisions {
    private Revisions() {}

    /** The same events, with the word in front that the first ring gets what they declare. */
    public static List<Event> announced(Catalog catalog, List<Event> events) {
        if (catalog.ringPlan().isEmpty()
                || events.stream().noneMatch(event -> isRevision(catalog, event))) {
            return events;
        }
        List<Event> all = new ArrayList<>(events.size() + 1);
        all.add(new Event.StructureRevised(catalog.ringPlan().get().name()));
        all.addAll(events);
        return List.copyOf(all);
    }

    private static boolean isRevision(Catalog catalog, Event event) {
        return switch (event) {
            case Event.ServicePut(var spec) ->
                    isOther(
                            catalog.service(spec.name()).map(Service::spec).map(Revisions::content),
                            content(spec));
            case Event.VersionPut(var spec) ->
                    isOther(
                            catalog.version(spec.name()).map(Version::spec).map(Revisions::content),
                            content(spec));
            case Event.RoutePut(var spec) ->
                    isOther(
                            catalog.route(spec.name()).map(Route::spec).map(Revisions::content),
                            content(spec));
            case Event.ServiceDeleted _, Event.VersionDeleted _, Event.RouteDeleted _ -> true;
            default -> false;
        };
    }

    private static boolean isOther(Optional<?> present, Object next) {
        return !present.equals(Optional.of(next));
    }

    /** A service without what is said of it for people. */
    static ServiceSpec content(ServiceSpec spec) {
        return new ServiceSpec(spec.name(), Description.NONE, spec.outbound(), spec.calls());
    }

    /** A version likewise, without what only rules read and addresses that are pushed alone. */
    static VersionSpec content(VersionSpec spec) {
        return new VersionSpec(
                spec.name(),
                Map.of(),
                spec.endpoints() instanceof Endpoints.Eds
                        ? new Endpoints.Eds(List.of())
                        : spec.endpoints(),
                spec.protocol(),
                spec.tls(),
                spec.healthCheck(),
                Optional.empty(),
                spec.connectTimeout(),
                spec.inbound());
    }

    /** A route likewise. */
    static RouteSpec content(RouteSpec spec) {
        return new RouteSpec(
                spec.name(),
                spec.priority(),
                spec.match(),
                spec.methods(),
                spec.target(),
                spec.operationClass(),
                spec.timeout(),
                spec.retry(),
                Map.of());
    }
}
