package dev.sluice.control.catalog;

import dev.sluice.contract.DatabaseName;
import dev.sluice.control.change.spec.DatabaseSpec;

/** A database as it is. Immutable. */
public record Database(DatabaseSpec spec, Meta meta) implements Resource {
    public DatabaseName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
