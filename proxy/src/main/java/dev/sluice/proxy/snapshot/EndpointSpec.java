package dev.sluice.proxy.snapshot;

/**
 * One endpoint. Immutable.
 *
 * @param address where it is
 * @param weight 1..; default 1
 * @param health as the management server or file says
 */
public record EndpointSpec(SocketAddressSpec address, int weight, Health health) {
    /** Whether requests may be sent there. */
    public enum Health {
        HEALTHY,
        /** Finishes what it has, gets nothing new. */
        DRAINING,
        UNHEALTHY
    }
}
