package dev.sluice.proxy.cluster;

import dev.sluice.proxy.snapshot.EndpointSpec.Health;
import java.net.InetSocketAddress;

/**
 * A place that requests of a cluster are sent to. Immutable but for its load, which outlives
 * changes of weight and health.
 *
 * @param address resolved
 * @param host name by which the configuration knows it, an address where it has none
 * @param weight 1..
 * @param health whether requests may be sent there
 * @param load what it has to do
 */
public record Endpoint(
        InetSocketAddress address, String host, int weight, Health health, EndpointLoad load) {}
