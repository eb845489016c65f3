package dev.sluice.chaos.toxiproxy.toxic;

import java.util.List;
import java.util.Optional;

/** The toxics of Toxiproxy 2.12 by their names on the wire, with the attributes of each. */
public enum ToxicType {
    /** Delays each chunk by {@code latency} ± {@code jitter} milliseconds. */
    LATENCY("latency", "latency", "jitter"),
    /** Lets {@code rate} kilobytes (1,000 bytes) a second through; 0 holds everything. */
    BANDWIDTH("bandwidth", "rate"),
    /** Delays the end of the stream by {@code delay} milliseconds. */
    SLOW_CLOSE("slow_close", "delay"),
    /** Drops all data and closes after {@code timeout} milliseconds of silence; 0 never closes. */
    TIMEOUT("timeout", "timeout"),
    /** Resets both ends {@code timeout} milliseconds after the first data. */
    RESET_PEER("reset_peer", "timeout"),
    /**
     * Cuts data into pieces of {@code average_size} ± {@code size_variation} bytes, {@code delay}
     * microseconds apart; a size below 1 cuts nothing.
     */
    SLICER("slicer", "average_size", "size_variation", "delay"),
    /** Closes after {@code bytes} bytes. */
    LIMIT_DATA("limit_data", "bytes"),
    /** Does nothing. */
    NOOP("noop");

    private final String wireName;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<String> attributes;

    ToxicType(String wireName, String... attributes) {
        this.wireName = wireName;
        this.attributes = List.of(attributes);
    }

    /** The type of this name; empty for another. */
    public static Optional<ToxicType> of(String wireName) {
        for (ToxicType type : values()) {
            if (type.wireName.equals(wireName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public String wireName() {
        return wireName;
    }

    /** Names of the attributes in the order of the wire; each is a whole number, 0 by default. */
    public List<String> attributes() {
        return attributes;
    }
}
