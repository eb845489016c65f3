package dev.sluice.proxy.snapshot.overload;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * When the proxy sheds load (Envoy {@code OverloadManager}). Immutable.
 *
 * @param refresh how often memory is looked at; default 1 s
 * @param memoryBytes memory whose use is pressure 1 (monitor {@code fixed_heap}); absent: memory is
 *     not looked at
 * @param connections clients' connections at once (monitor {@code
 *     global_downstream_max_connections}); absent: any number
 * @param actions what is done, each at the pressure of the most eager of its triggers
 */
public record OverloadSpec(
        Duration refresh,
        OptionalLong memoryBytes,
        OptionalLong connections,
        Map<Action, List<Trigger>> actions) {
    /** Envoy's default. */
    public static final Duration REFRESH = Duration.ofSeconds(1);

    /** Nothing is watched, and nothing shed. */
    public static final OverloadSpec NONE =
            new OverloadSpec(REFRESH, OptionalLong.empty(), OptionalLong.empty(), Map.of());

    public OverloadSpec {
        actions = Map.copyOf(actions);
    }

    /** What is shed. */
    public enum Action {
        /** New requests are answered 503. */
        STOP_ACCEPTING_REQUESTS,
        /** Clients are asked to leave with their next answer. */
        DISABLE_HTTP_KEEPALIVE,
        /** New connections wait in the kernel. */
        STOP_ACCEPTING_CONNECTIONS,
        /** New connections are closed. */
        REJECT_INCOMING_CONNECTIONS
    }

    /**
     * How eager an action is by the pressure of memory.
     *
     * @param from pressure above which some of it is done, 0..1
     * @param full pressure from which all of it is done, from..1
     */
    public record Trigger(double from, double full) {
        /** The share of it that is done, 0..1. */
        public double share(double pressure) {
            if (pressure >= full) {
                return 1;
            }
            return pressure <= from ? 0 : (pressure - from) / (full - from);
        }
    }
}
