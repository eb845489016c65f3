package dev.sluice.control.catalog;

import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.VersionSpec;
import java.time.Instant;
import java.util.Optional;

/**
 * A version of a service as it is. Immutable.
 *
 * @param told the end of which the log says that the version was in use then; empty for none
 */
public record Version(VersionSpec spec, Meta meta, Optional<Instant> told) implements Resource {
    public VersionName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    /** The same, said something else of. */
    public Version with(VersionSpec other) {
        return new Version(other, meta, told);
    }

    Version toldOf(Instant end) {
        return new Version(spec, meta, Optional.of(end));
    }
}
