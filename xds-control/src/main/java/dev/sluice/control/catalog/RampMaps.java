package dev.sluice.control.catalog;

import dev.sluice.contract.RampName;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.RampSpec;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * All ramps, and which of them drives a target. Immutable.
 *
 * @param active by the name of what they drive
 */
record RampMaps(PersistentMap<RampName, Ramp> all, PersistentMap<String, RampName> active) {
    RampMaps started(RampSpec spec, LoggedEvent by) {
        Ramp ramp = Ramp.started(spec, time(by), Meta.created(by));
        return new RampMaps(
                all.with(spec.name(), ramp), active.with(spec.target().name(), spec.name()));
    }

    RampMaps stepped(Event.RampStepped stepped, LoggedEvent by) {
        return changed(
                stepped.name(),
                ramp -> ramp.stepped(stepped.step(), time(by), ramp.meta().changed(by)));
    }

    RampMaps applied(RampName name, LoggedEvent by) {
        return changed(name, ramp -> ramp.applied(time(by), ramp.meta().changed(by)));
    }

    RampMaps judged(Event.RampJudged judged, LoggedEvent by) {
        return changed(
                judged.name(), ramp -> ramp.judged(judged.verdict(), ramp.meta().changed(by)));
    }

    /** With one of them in another state; one that is over then drives nothing any more. */
    RampMaps moved(Event.RampMoved moved, LoggedEvent by) {
        RampMaps next =
                changed(
                        moved.name(),
                        ramp ->
                                ramp.moved(
                                        moved.state(), moved.message(), ramp.meta().changed(by)));
        return all.get(moved.name())
                .filter(_ -> !moved.state().isActive())
                .map(ramp -> new RampMaps(next.all, active.without(ramp.spec().target().name())))
                .orElse(next);
    }

    private RampMaps changed(RampName name, UnaryOperator<Ramp> change) {
        return all.get(name)
                .map(ramp -> new RampMaps(all.with(name, change.apply(ramp)), active))
                .orElse(this);
    }

    private static Instant time(LoggedEvent by) {
        return by.stamp().time();
    }
}
