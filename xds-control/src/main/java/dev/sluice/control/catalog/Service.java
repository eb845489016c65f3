package dev.sluice.control.catalog;

import dev.sluice.contract.ServiceName;
import dev.sluice.control.change.spec.ServiceSpec;

/** A service as it is. Immutable. */
public record Service(ServiceSpec spec, Meta meta) implements Resource {
    public ServiceName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
