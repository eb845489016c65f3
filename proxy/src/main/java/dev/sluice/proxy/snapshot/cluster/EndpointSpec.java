package dev.sluice.proxy.snapshot.cluster;

import dev.sluice.proxy.snapshot.part.SocketAddressSpec;

/**
 * One endpoint. Immutable.
 *
 * @param address where it is
 * @param hostname its name; empty: its address
 * @param weight 1..; default 1
 * @param health as the management server or file says
 * @param check what is special about its health checks
 */
public record EndpointSpec(
        SocketAddressSpec address,
        String hostname,
        int weight,
        Health health,
        HealthCheckSpec.OfEndpoint check) {
    /** An endpoint about whose health checks nothing is special. */
    public EndpointSpec(SocketAddressSpec address, String hostname, int weight, Health health) {
        this(address, hostname, weight, health, HealthCheckSpec.OfEndpoint.DEFAULT);
    }

    /** A healthy endpoint of weight 1 without a name of its own. */
    public static EndpointSpec at(SocketAddressSpec address) {
        return new EndpointSpec(address, "", 1, Health.HEALTHY);
    }

    /** What it is called: its name, else its address. */
    public String host() {
        return hostname.isEmpty() ? address.address() : hostname;
    }

    /** Whether requests may be sent there. */
    public enum Health {
        HEALTHY,
        /** Gets requests only as far as those in health do not suffice. */
        DEGRADED,
        /** Finishes what it has, gets nothing new. */
        DRAINING,
        UNHEALTHY
    }
}
