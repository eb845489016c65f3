package dev.sluice.control.catalog;

import dev.sluice.contract.SinkName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.SinkSpec;
import java.util.function.UnaryOperator;

/** What events make of sinks. Stateless. */
final class SinkFold {
    private SinkFold() {}

    /** A new one is told of what comes after it; a changed one goes on where it is. */
    static PersistentMap<SinkName, Sink> put(
            PersistentMap<SinkName, Sink> sinks, SinkSpec spec, LoggedEvent by) {
        return sinks.with(
                spec.name(),
                sinks.get(spec.name())
                        .map(sink -> sink.with(spec, sink.meta().changed(by)))
                        .orElseGet(() -> new Sink(spec, by.seq(), 0, Meta.created(by))));
    }

    static PersistentMap<SinkName, Sink> advanced(
            PersistentMap<SinkName, Sink> sinks, Event.SinkAdvanced done) {
        return changed(sinks, done.name(), sink -> sink.doneThrough(done.through()));
    }

    static PersistentMap<SinkName, Sink> dropped(
            PersistentMap<SinkName, Sink> sinks, Event.SinkDropped dropped) {
        return changed(sinks, dropped.name(), sink -> sink.dropping(dropped.seq()));
    }

    private static PersistentMap<SinkName, Sink> changed(
            PersistentMap<SinkName, Sink> sinks, SinkName name, UnaryOperator<Sink> change) {
        return sinks.get(name).map(sink -> sinks.with(name, change.apply(sink))).orElse(sinks);
    }
}
