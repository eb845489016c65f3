package dev.sluice.proxy.snapshot.cluster;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections to endpoints begin. Immutable.
 *
 * @param timeout of TCP and TLS together; Envoy's default 5 s
 * @param source where they come from; absent: the cluster does not say, and the bootstrap may
 */
public record ConnectSpec(Duration timeout, Optional<SourceSpec> source) {
    /** Envoy's defaults. */
    public static final ConnectSpec DEFAULT =
            new ConnectSpec(Duration.ofSeconds(5), Optional.empty());
}
