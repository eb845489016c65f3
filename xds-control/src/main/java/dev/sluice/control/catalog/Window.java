package dev.sluice.control.catalog;

import dev.sluice.contract.WindowName;
import dev.sluice.control.change.spec.WindowSpec;

/** A window as it is. Immutable. */
public record Window(WindowSpec spec, Meta meta) implements Resource {
    public WindowName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
