package dev.sluice.control.catalog;

import dev.sluice.contract.VersionName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.VersionSpec;
import java.util.Optional;

/** What events make of versions. Pure. */
final class VersionFold {
    private VersionFold() {}

    /** Which end was told of stays, so that it is told of once. */
    static PersistentMap<VersionName, Version> put(
            PersistentMap<VersionName, Version> versions, VersionSpec spec, LoggedEvent by) {
        Optional<Version> present = versions.get(spec.name());
        Meta meta =
                present.map(version -> version.meta().changed(by))
                        .orElseGet(() -> Meta.created(by));
        return versions.with(spec.name(), new Version(spec, meta, present.flatMap(Version::told)));
    }

    static PersistentMap<VersionName, Version> told(
            PersistentMap<VersionName, Version> versions, Event.VersionExpired expired) {
        return versions.get(expired.name())
                .map(version -> versions.with(expired.name(), version.toldOf(expired.end())))
                .orElse(versions);
    }
}
