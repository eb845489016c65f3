package dev.sluice.proxy.resource.cluster;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec;
import dev.sluice.proxy.snapshot.cluster.EndpointSpec.Health;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec.Drop;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec.PriorityHealth;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec;
import dev.sluice.proxy.snapshot.cluster.LocalitySpec.LocalityName;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads endpoints; empty after a problem. Stateless. */
public final class EndpointParser {
    private static final int OVERPROVISIONING = 140;

    /** Envoy's bound. */
    private static final int LAST_PRIORITY = 128;

    private EndpointParser() {}

    /**
     * One load assignment; empty after a problem.
     *
     * @param address reads an address of the kind that the cluster may have
     */
    public static Optional<LoadAssignmentSpec> parse(
            ClusterLoadAssignment proto,
            BiFunction<Address, Spot, Optional<SocketAddressSpec>> address,
            Spot at) {
        int before = at.problems().count();
        List<LocalitySpec> localities = new ArrayList<>();
        for (int i = 0; i < proto.getEndpointsCount(); i++) {
            localities.add(
                    locality(proto.getEndpoints(i), address, at.field("endpoints").index(i)));
        }
        checkPriorities(localities, at.field("endpoints"));
        Spot policy = at.field("policy");
        int overprovisioning =
                proto.getPolicy().hasOverprovisioningFactor()
                        ? Values.number(
                                proto.getPolicy().getOverprovisioningFactor(),
                                1,
                                Integer.MAX_VALUE,
                                policy.field("overprovisioning_factor"))
                        : OVERPROVISIONING;
        List<Drop> drops = drops(proto.getPolicy(), policy.field("drop_overloads"));
        PriorityHealth health =
                proto.getPolicy().getWeightedPriorityHealth()
                        ? PriorityHealth.BY_WEIGHT
                        : PriorityHealth.BY_COUNT;
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(new LoadAssignmentSpec(localities, overprovisioning, health, drops));
    }

    private static LocalitySpec locality(
            LocalityLbEndpoints proto,
            BiFunction<Address, Spot, Optional<SocketAddressSpec>> address,
            Spot at) {
        List<EndpointSpec> endpoints = new ArrayList<>();
        Spot spot = at.field("lb_endpoints");
        for (int i = 0; i < proto.getLbEndpointsCount(); i++) {
            endpoint(proto.getLbEndpoints(i), address, spot.index(i)).ifPresent(endpoints::add);
        }
        int priority = proto.getPriority();
        if (priority < 0 || priority > LAST_PRIORITY) {
            at.field("priority")
                    .add(
                            Integer.toUnsignedString(priority),
                            "0.." + LAST_PRIORITY,
                            "write a priority in this range");
        }
        int weight =
                proto.hasLoadBalancingWeight() ? weight(proto.getLoadBalancingWeight(), at) : 0;
        Locality name = proto.getLocality();
        return new LocalitySpec(
                new LocalityName(name.getRegion(), name.getZone(), name.getSubZone()),
                priority,
                weight,
                endpoints);
    }

    private static int weight(UInt32Value proto, Spot at) {
        return Values.number(proto, 1, Integer.MAX_VALUE, at.field("load_balancing_weight"));
    }

    /** Priorities are told apart by their number alone, so that a missing one is a mistake. */
    private static void checkPriorities(List<LocalitySpec> localities, Spot at) {
        List<Integer> used =
                localities.stream().map(LocalitySpec::priority).distinct().sorted().toList();
        for (int i = 0; i < used.size(); i++) {
            if (used.get(i) != i && used.get(i) >= 0 && used.get(i) <= LAST_PRIORITY) {
                at.add("priorities " + used, "0, 1, 2, … without a gap", "renumber them");
                return;
            }
        }
    }

    private static List<Drop> drops(ClusterLoadAssignment.Policy proto, Spot at) {
        List<Drop> drops = new ArrayList<>();
        for (int i = 0; i < proto.getDropOverloadsCount(); i++) {
            var drop = proto.getDropOverloads(i);
            int ppm = Values.ppm(drop.getDropPercentage(), at.index(i).field("drop_percentage"));
            drops.add(
                    new Drop(Values.text(drop.getCategory(), at.index(i).field("category")), ppm));
        }
        return drops;
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
                proto.hasLoadBalancingWeight() ? weight(proto.getLoadBalancingWeight(), at) : 1;
        Optional<Health> health = health(proto.getHealthStatus(), at.field("health_status"));
        Spot spot = at.field("endpoint");
        Optional<SocketAddressSpec> socket =
                address.apply(proto.getEndpoint().getAddress(), spot.field("address"));
        Optional<String> hostname =
                Values.headerValue(proto.getEndpoint().getHostname(), spot.field("hostname"));
        HealthCheckSpec.OfEndpoint check =
                HealthCheckParser.ofEndpoint(
                        proto.getEndpoint().getHealthCheckConfig(),
                        spot.field("health_check_config"));
        return socket.isPresent() && health.isPresent() && hostname.isPresent()
                ? Optional.of(
                        new EndpointSpec(socket.get(), hostname.get(), weight, health.get(), check))
                : Optional.empty();
    }

    private static Optional<Health> health(HealthStatus status, Spot at) {
        return switch (status) {
            case UNKNOWN, HEALTHY -> Optional.of(Health.HEALTHY);
            case DEGRADED -> Optional.of(Health.DEGRADED);
            case DRAINING -> Optional.of(Health.DRAINING);
            case UNHEALTHY, TIMEOUT -> Optional.of(Health.UNHEALTHY);
            case UNRECOGNIZED -> {
                at.add(status.name(), "a status of Envoy's list", "choose one of these");
                yield Optional.empty();
            }
        };
    }
}
