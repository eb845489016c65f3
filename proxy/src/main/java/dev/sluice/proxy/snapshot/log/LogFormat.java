package dev.sluice.proxy.snapshot.log;

import java.util.List;

/** What a line of an access log looks like. Immutable. */
public sealed interface LogFormat {
    /**
     * Text; it ends its lines itself.
     *
     * @param empty what stands for a value that there is not
     */
    record Text(List<LogPart> parts, Empty empty) implements LogFormat {
        public Text {
            parts = List.copyOf(parts);
        }
    }

    /**
     * One JSON object on a line.
     *
     * @param empty what stands for a value that there is not
     */
    record Json(LogShape.Members root, Empty empty) implements LogFormat {}

    /** What stands for a value that there is not. */
    enum Empty {
        /** A hyphen; {@code null} where a JSON value keeps its type. */
        SHOWN,
        /** Nothing; a member of a JSON object is left out, and so is an object without members. */
        OMITTED
    }
}
