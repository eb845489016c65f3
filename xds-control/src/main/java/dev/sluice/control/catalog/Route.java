package dev.sluice.control.catalog;

import dev.sluice.contract.RouteName;
import dev.sluice.control.change.spec.RouteSpec;

/** A route as it is. Immutable. */
public record Route(RouteSpec spec, Meta meta) implements Resource {
    public RouteName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
