package dev.sluice.proxy.snapshot.log;

import java.util.List;

/** The shape of a line in JSON. Immutable. */
public sealed interface LogShape {
    /** An object; its members are written in the order of their names. */
    record Members(List<Member> members) implements LogShape {
        public Members {
            members = List.copyOf(members);
        }
    }

    /** One member of an object. */
    record Member(String name, LogShape value) {}

    /** A list. */
    record Items(List<LogShape> items) implements LogShape {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** What parts say, one after the other; a part alone keeps its JSON type. */
    record Value(List<LogPart> parts) implements LogShape {
        public Value {
            parts = List.copyOf(parts);
        }
    }

    /**
     * The same in every line.
     *
     * @param json a number, {@code true}, {@code false} or {@code null}
     */
    record Constant(String json) implements LogShape {}
}
