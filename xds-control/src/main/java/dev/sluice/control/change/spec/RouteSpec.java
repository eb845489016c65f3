package dev.sluice.control.change.spec;

import dev.sluice.contract.GateName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.OperationClass;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a person says of one route of a service's outbound listener: calls that match go to a gate's
 * arms or to one version. Immutable; ranges are checked by {@code lifecycle}.
 *
 * <p>The match is Envoy's own message, since the control plane hands it on unread and Envoy's words
 * are its definition.
 *
 * @param priority routes are tried by ascending priority, then by name; 0..1,000,000
 * @param methods HTTP methods, upper case; empty for all
 * @param timeout whole time for a call with its retries, 0 (none)..24 h; 15 s by default
 * @param retry empty for no retries
 * @param labels for people; at most 64, keys and values 1..63 characters
 */
public record RouteSpec(
        RouteName name,
        int priority,
        RouteMatch match,
        List<String> methods,
        Target target,
        OperationClass operationClass,
        Duration timeout,
        Optional<Retry> retry,
        Map<String, String> labels) {
    public RouteSpec {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        methods = List.copyOf(methods);
    }

    /** Where a call goes. */
    public sealed interface Target {
        /** The gate chooses the version. */
        record ToGate(GateName gate) implements Target {}

        /** Always this version. */
        record ToVersion(VersionName version) implements Target {}
    }

    /**
     * When a failed attempt is repeated.
     *
     * @param retryOn Envoy's words, at least one
     * @param numRetries 1..10; 1 by default
     * @param perTryTimeout 1 ms..timeout; empty for none
     */
    public record Retry(List<String> retryOn, int numRetries, Optional<Duration> perTryTimeout) {
        public Retry {
            retryOn = List.copyOf(retryOn);
        }
    }
}
