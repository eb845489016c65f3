package dev.sluice.proxy.endpoint;

import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.Set;

/**
 * A place that requests of a cluster are sent to. Immutable but for its load and health, which
 * outlive changes of weight and configured health.
 *
 * @param address resolved
 * @param spec as configured
 * @param load what it has to do
 * @param health what this proxy itself found out about it
 * @param outcomes how its requests ended lately
 */
public record Endpoint(
        InetSocketAddress address,
        EndpointSpec spec,
        EndpointLoad load,
        EndpointHealth health,
        EndpointOutcomes outcomes) {
    /** Name by which the configuration knows it, an address where it has none. */
    public String host() {
        return spec.host();
    }

    /** Whether it is known by a name of its own and not by its address alone. */
    public boolean isNamed() {
        String host = spec.host();
        boolean address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return !spec.hostname().isEmpty() || !address;
    }

    /** 1.. */
    public int weight() {
        return spec.weight();
    }

    /** Whether requests may be sent there, by all that is known now. */
    public Availability availability() {
        boolean out = spec.health() == Health.UNHEALTHY || spec.health() == Health.DRAINING;
        if (out || health.isFailed()) {
            return Availability.UNAVAILABLE;
        }
        return spec.health() == Health.DEGRADED || health.isDegraded()
                ? Availability.DEGRADED
                : Availability.HEALTHY;
    }

    /** Why it is not plainly healthy; nothing when it is. */
    public Set<HealthFlag> flags() {
        Set<HealthFlag> flags = health.flags();
        EnumSet<HealthFlag> all =
                flags.isEmpty() ? EnumSet.noneOf(HealthFlag.class) : EnumSet.copyOf(flags);
        switch (spec.health()) {
            case HEALTHY -> {}
            case DEGRADED -> all.add(HealthFlag.DEGRADED_EDS_HEALTH);
            case DRAINING, UNHEALTHY -> all.add(HealthFlag.FAILED_EDS_HEALTH);
        }
        return all;
    }

    /** What an endpoint may be used for. */
    public enum Availability {
        HEALTHY,
        /** Used as far as the healthy ones do not suffice. */
        DEGRADED,
        /** Used in panic only. */
        UNAVAILABLE
    }
}
