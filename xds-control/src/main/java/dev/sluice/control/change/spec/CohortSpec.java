package dev.sluice.control.change.spec;

import dev.sluice.contract.CohortName;
import dev.sluice.contract.gate.CohortMatch;

/**
 * A named part of the keys, for rules of gates. Immutable; ranges are checked by {@code lifecycle}.
 *
 * @param content who is in it, under its name
 */
public record CohortSpec(CohortMatch content, Description description) {
    /**
     * @throws IllegalArgumentException when the content has no name
     */
    public CohortSpec {
        if (content.name().isEmpty()) {
            throw new IllegalArgumentException("a cohort without a name");
        }
    }

    public CohortName name() {
        return content.name().orElseThrow();
    }
}
