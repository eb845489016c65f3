package dev.sluice.control.catalog;

import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.change.spec.RouteSpec;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Versions whose end has come. Such a version is served as before, since keys may have to go back
 * to it. Pure.
 */
public final class StaleVersions {
    private StaleVersions() {}

    /** Whether its owner wanted it gone by now. */
    public static boolean isExpired(Version version, Instant now) {
        return version.spec().expires().filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Gates and routes that name it: what keeps it from being deleted. */
    public static List<String> users(Catalog catalog, VersionName name) {
        return Stream.concat(
                        catalog.gates().stream()
                                .filter(gate ->
                                        gate.content().cluster(Arm.LEGACY).equals(name.name())
                                                || gate.content()
                                                        .cluster(Arm.NEW)
                                                        .equals(name.name()))
                                .map(GateState::resourceName),
                        catalog.routes().stream()
                                .filter(route ->
                                        route.spec()
                                                .target()
                                                .equals(new RouteSpec.Target.ToVersion(name)))
                                .map(Route::resourceName))
                .toList();
    }

    /** Why a version should be looked at, a sentence each; empty before its end. */
    public static List<String> reasons(Catalog catalog, Version version, Instant now) {
        if (!isExpired(version, now)) {
            return List.of();
        }
        List<String> users = users(catalog, version.name());
        return List.of(
                "it has expired at "
                        + version.spec().expires().orElseThrow()
                        + (users.isEmpty()
                                ? ", and nothing names it"
                                : ", and is named by " + String.join(", ", users)));
    }

    /** Whether people are to be told that it is in use past its end; once for each end. */
    public static boolean isToBeTold(Catalog catalog, Version version, Instant now) {
        return isExpired(version, now)
                && !version.told().equals(version.spec().expires())
                && !users(catalog, version.name()).isEmpty();
    }
}
