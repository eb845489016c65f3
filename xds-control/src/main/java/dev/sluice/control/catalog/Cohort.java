package dev.sluice.control.catalog;

import dev.sluice.contract.CohortName;
import dev.sluice.control.change.spec.CohortSpec;

/** A cohort as it is; gates that use it have what it says in their own revisions. Immutable. */
public record Cohort(CohortSpec spec, Meta meta) implements Resource {
    public CohortName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
