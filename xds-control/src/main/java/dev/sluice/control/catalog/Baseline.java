package dev.sluice.control.catalog;

import dev.sluice.contract.BaselineName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Recording;
import dev.sluice.control.change.spec.BaselineSpec;
import java.time.Instant;

/**
 * A baseline as it is. Immutable.
 *
 * @param recording the newest
 * @param recorder who made that one
 * @param reason why, as was said then
 */
public record Baseline(
        BaselineSpec spec, Recording recording, Principal recorder, String reason, Meta meta)
        implements Resource {
    /** With one more, or with another recording of one. */
    static PersistentMap<BaselineName, Baseline> recorded(
            PersistentMap<BaselineName, Baseline> all, Event.BaselineRecorded put, LoggedEvent by) {
        BaselineName name = put.baseline().name();
        Meta meta =
                all.get(name)
                        .map(before -> before.meta().changed(by))
                        .orElseGet(() -> Meta.created(by));
        return all.with(
                name,
                new Baseline(
                        put.baseline(),
                        put.recording(),
                        by.stamp().principal(),
                        by.stamp().reason(),
                        meta));
    }

    public BaselineName name() {
        return spec.name();
    }

    /** From when on it is too old. */
    public Instant end() {
        return recording.time().plus(spec.maxAge());
    }

    @Override
    public String resourceName() {
        return name().name();
    }
}
