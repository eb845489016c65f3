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
     * @param types how values are written
     */
    record Json(LogShape.Members root, Empty empty, Types types) implements LogFormat {}

    /** What stands for a value that there is not. */
    enum Empty {
        /** A hyphen; {@code null} where a JSON value keeps its type. */
        SHOWN,
        /** Nothing; a member of a JSON object is left out. */
        OMITTED
    }

    /** How values are written in JSON. */
    enum Types {
        /** All as texts (Envoy's deprecated {@code json_format} of file logs). */
        TEXTS,
        /** As numbers and objects where they are. */
        KEPT
    }
}
