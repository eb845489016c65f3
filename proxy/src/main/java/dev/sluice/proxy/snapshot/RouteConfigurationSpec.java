package dev.sluice.proxy.snapshot;

import java.util.List;

/**
 * Routes of one or more listeners (Envoy {@code RouteConfiguration}). Immutable.
 *
 * @param name as RDS knows it; may be empty inline
 * @param virtualHosts each domain in one of them only
 * @param headers applied after those of virtual host and route
 */
public record RouteConfigurationSpec(
        String name, List<VirtualHostSpec> virtualHosts, HeaderMutations headers) {
    public RouteConfigurationSpec {
        virtualHosts = List.copyOf(virtualHosts);
    }
}
