package dev.sluice.control.lifecycle.decision;

import dev.sluice.control.change.Event;
import dev.sluice.control.change.Refusal;
import java.util.List;

/** What a command does to a catalog. Immutable. */
public sealed interface Decision {
    /** The command is right; without events it asks for what is so already. */
    record Change(List<Event> events) implements Decision {
        public Change {
            events = List.copyOf(events);
        }
    }

    /** The command changes nothing, for every one of these reasons; at least one. */
    record Refused(List<Refusal> refusals) implements Decision {
        public Refused {
            refusals = List.copyOf(refusals);
        }
    }
}
