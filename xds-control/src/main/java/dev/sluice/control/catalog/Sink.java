package dev.sluice.control.catalog;

import dev.sluice.contract.SinkName;
import dev.sluice.control.change.spec.SinkSpec;

/**
 * A sink as it is. Immutable.
 *
 * @param through place in the log up to which all is sent or given up; never goes back
 * @param dropped how many events were given up
 */
public record Sink(SinkSpec spec, long through, long dropped, Meta meta) implements Resource {
    public SinkName name() {
        return spec.name();
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    Sink with(SinkSpec changed, Meta at) {
        return new Sink(changed, through, dropped, at);
    }

    /** Its content is the same, so its etag stays. */
    Sink doneThrough(long seq) {
        return new Sink(spec, Math.max(through, seq), dropped, meta);
    }

    Sink dropping(long seq) {
        return new Sink(spec, Math.max(through, seq), dropped + 1, meta);
    }
}
