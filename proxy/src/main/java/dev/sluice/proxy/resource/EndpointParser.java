package dev.sluice.proxy.resource;

import dev.sluice.proxy.snapshot.EndpointSpec;
import dev.sluice.proxy.snapshot.EndpointSpec.Health;
import dev.sluice.proxy.snapshot.SocketAddressSpec;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads endpoints; empty after a problem. Stateless. */
final class EndpointParser {
    private EndpointParser() {}

    /**
     * @param address reads an address of the kind that the cluster may have
     */
    static Optional<List<EndpointSpec>> parse(
            ClusterLoadAssignment proto,
            BiFunction<Address, Spot, Optional<SocketAddressSpec>> address,
            Spot at) {
        int before = at.problems().count();
        List<EndpointSpec> endpoints = new ArrayList<>();
        for (int i = 0; i < proto.getEndpointsCount(); i++) {
            LocalityLbEndpoints locality = proto.getEndpoints(i);
            Spot spot = at.field("endpoints").index(i).field("lb_endpoints");
            for (int j = 0; j < locality.getLbEndpointsCount(); j++) {
                endpoint(locality.getLbEndpoints(j), address, spot.index(j))
                        .ifPresent(endpoints::add);
            }
        }
        return at.problems().count() > before ? Optional.empty() : Optional.of(endpoints);
    }

    private static Optional<EndpointSpec> endpoint(
            LbEndpoint proto,
            BiFunction<Address, Spot, Optional<SocketAddressSpec>> address,
            Spot at) {
        if (!proto.hasEndpoint()) {
            at.add("no endpoint", "an endpoint with an address", "write it");
            return Optional.empty();
        }
        int weight =
                proto.hasLoadBalancingWeight()
                        ? Values.number(
                                proto.getLoadBalancingWeight(),
                                1,
                                Integer.MAX_VALUE,
                                at.field("load_balancing_weight"))
                        : 1;
        Optional<Health> health = health(proto.getHealthStatus(), at.field("health_status"));
        Optional<SocketAddressSpec> socket =
                address.apply(
                        proto.getEndpoint().getAddress(), at.field("endpoint").field("address"));
        return socket.isPresent() && health.isPresent()
                ? Optional.of(new EndpointSpec(socket.get(), weight, health.get()))
                : Optional.empty();
    }

    private static Optional<Health> health(HealthStatus status, Spot at) {
        return switch (status) {
            case UNKNOWN, HEALTHY -> Optional.of(Health.HEALTHY);
            case DRAINING -> Optional.of(Health.DRAINING);
            case UNHEALTHY, TIMEOUT -> Optional.of(Health.UNHEALTHY);
            case DEGRADED, UNRECOGNIZED -> {
                at.add(
                        status.name(),
                        "HEALTHY, DRAINING or UNHEALTHY",
                        "choose one of these; degraded endpoints are not set apart");
                yield Optional.empty();
            }
        };
    }
}
