package dev.sluice.proxy.snapshot.log;

import java.util.List;
import java.util.Map;

/**
 * What {@code DYNAMIC_METADATA} shows of this proxy itself: namespaces and their keys. Envoy takes
 * the same operators, and finds nothing there. Immutable.
 */
public final class LogMetadata {
    /** The gate's decision, and what became of it. */
    public static final String GATE = "sluice.gate";

    /** What Envoy has no word for. */
    public static final String PROXY = "sluice.proxy";

    /** Keys of each namespace, sorted. */
    public static final Map<String, List<String>> KEYS =
            Map.of(
                    GATE,
                    List.of(
                            "arm",
                            "bucket",
                            "fallback",
                            "gate",
                            "held_micros",
                            "mode",
                            "operation",
                            "reason",
                            "result",
                            "revision",
                            "rule",
                            "share_ppm",
                            "write_authority_ppm"),
                    PROXY,
                    List.of("duration_micros", "faults", "listener", "upstream_head_micros"));

    private LogMetadata() {}

    /** Keys of a namespace; none of an unknown one. */
    public static List<String> keys(String namespace) {
        return KEYS.getOrDefault(namespace, List.of());
    }
}
