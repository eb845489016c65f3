package dev.sluice.control.catalog;

import dev.sluice.contract.GateSetName;
import dev.sluice.control.change.spec.GateSetSpec;

/** A gate set as it is; its etag changes with the share and kill of its gates too. Immutable. */
public record GateSet(GateSetSpec spec, Meta meta) implements Resource {
    public GateSetName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
