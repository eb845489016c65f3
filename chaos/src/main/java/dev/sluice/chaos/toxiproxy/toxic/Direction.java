package dev.sluice.chaos.toxiproxy.toxic;

import java.util.Locale;
import java.util.Optional;

/** A way that bytes take through a proxy, in the order in which Toxiproxy lists toxics. */
public enum Direction {
    /** From the client to the upstream. */
    UPSTREAM,
    /** From the upstream to the client. */
    DOWNSTREAM;

    /** Its name on the wire. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The direction that a toxic's {@code stream} names, in any case; empty for other words. */
    public static Optional<Direction> of(String stream) {
        return switch (stream.toLowerCase(Locale.ROOT)) {
            case "upstream" -> Optional.of(UPSTREAM);
            case "downstream" -> Optional.of(DOWNSTREAM);
            default -> Optional.empty();
        };
    }
}
