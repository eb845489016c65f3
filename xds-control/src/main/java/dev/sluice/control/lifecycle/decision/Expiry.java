package dev.sluice.control.lifecycle.decision;

import dev.sluice.contract.VersionName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.StaleVersions;
import java.time.Instant;

/** Versions whose end has come get nothing new that names them. Stateless. */
public final class Expiry {
    private Expiry() {}

    /**
     * Against naming a version that has expired.
     *
     * @param path where it would be named
     */
    public static void refuse(
            Catalog catalog, Instant now, String path, VersionName name, Refusals refusals) {
        catalog.version(name)
                .filter(version -> StaleVersions.isExpired(version, now))
                .ifPresent(version ->
                        refusals.precondition(
                                path,
                                name
                                        + ", which has expired at "
                                        + version.spec().expires().orElseThrow(),
                                "a version whose end has not come",
                                "name another version, or give it a later expire_time first"));
    }
}
