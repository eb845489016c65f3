package dev.sluice.proxy.snapshot.listener;

import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import java.time.Duration;
import java.util.List;

/**
 * A filter that carries bytes both ways (Envoy {@code TcpProxy}). Immutable.
 *
 * @param statPrefix name in metrics
 * @param clusters at least one, each with its weight; one is drawn for each connection
 * @param idleTimeout without a byte in either direction; default 1 h; zero turns it off
 * @param longest a connection may live; zero: no limit
 * @param connectAttempts 1..; default 1
 * @param accessLogs where each connection is written
 */
public record TcpProxySpec(
        String statPrefix,
        List<Weighted> clusters,
        Duration idleTimeout,
        Duration longest,
        int connectAttempts,
        List<AccessLogSpec> accessLogs)
        implements NetworkFilterSpec {
    public TcpProxySpec {
        clusters = List.copyOf(clusters);
        accessLogs = List.copyOf(accessLogs);
    }

    /**
     * A cluster to draw.
     *
     * @param weight 1..
     */
    public record Weighted(String cluster, int weight) {}
}
