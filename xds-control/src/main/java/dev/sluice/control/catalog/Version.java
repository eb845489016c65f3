package dev.sluice.control.catalog;

import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.VersionSpec;

/** A version of a service as it is. Immutable. */
public record Version(VersionSpec spec, Meta meta) implements Resource {
    public VersionName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
