package dev.sluice.proxy.resource.cluster;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.ConfigSources;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.resource.tls.TransportSockets;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.CircuitBreakers;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.RetryLimit;
import dev.sluice.proxy.snapshot.cluster.ConnectSpec;
import dev.sluice.proxy.snapshot.cluster.DnsSpec.Taken;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.cluster.OutlierSpec;
import dev.sluice.proxy.snapshot.cluster.UpstreamSpec;
import dev.sluice.proxy.snapshot.tls.TransportSocketSpec;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.Optional;

/** Reads clusters; empty after a problem. Stateless. */
public final class ClusterParser {
    private static final double RETRY_PERCENT = 20;
    private static final int LEAST_RETRIES = 3;

    private ClusterParser() {}

    /** One cluster; empty after a problem. */
    public static Optional<ClusterSpec> parse(Cluster proto, Spot at) {
        int before = at.problems().count();
        String name = Values.text(proto.getName(), at.field("name"));
        Optional<Discovery> discovery = discovery(proto, at);
        Optional<BalancingSpec> balancing = balancing(proto, at);
        ConnectSpec connect = ConnectParser.parse(proto, at);
        UpstreamSpec upstream = UpstreamParser.parse(proto, at);
        TransportSocketSpec transport =
                proto.hasTransportSocket()
                        ? TransportSockets.upstream(
                                        proto.getTransportSocket(), at.field("transport_socket"))
                                .orElse(new TransportSocketSpec.RawBuffer())
                        : new TransportSocketSpec.RawBuffer();
        if (upstream.protocol() == ClusterSpec.Protocol.AUTO && transport.tls().isEmpty()) {
            at.field("typed_extension_protocol_options")
                    .add(
                            "auto_config without TLS",
                            "a transport_socket with UpstreamTlsContext",
                            "use explicit_http_config, or TLS, whose ALPN chooses the protocol");
        }
        CircuitBreakers breakers = breakers(proto, at.field("circuit_breakers"));
        Optional<OutlierSpec> outliers =
                proto.hasOutlierDetection() && !OriginalDstParser.applies(proto)
                        ? Optional.of(
                                OutlierParser.parse(
                                        proto.getOutlierDetection(), at.field("outlier_detection")))
                        : Optional.empty();
        Optional<HealthCheckSpec> check =
                HealthCheckParser.parse(proto.getHealthChecksList(), at.field("health_checks"));
        return at.problems().count() > before
                ? Optional.empty()
                : Optional.of(
                        new ClusterSpec(
                                name,
                                discovery.orElseThrow(),
                                balancing.orElseThrow(),
                                connect,
                                upstream,
                                transport,
                                breakers,
                                check,
                                outliers));
    }

    private static Optional<Discovery> discovery(Cluster proto, Spot at) {
        Spot load = at.field("load_assignment");
        return switch (proto.getType()) {
            case STATIC ->
                    EndpointParser.parse(proto.getLoadAssignment(), Addresses::endpoint, load)
                            .map(Discovery.Static::new);
            case STRICT_DNS ->
                    EndpointParser.parse(proto.getLoadAssignment(), Addresses::named, load)
                            .map(named -> new Discovery.Dns(named, DnsParser.parse(proto, at)));
            case EDS -> eds(proto, at);
            case ORIGINAL_DST -> Optional.of(OriginalDstParser.discovery(proto, at));
            case LOGICAL_DNS ->
                    EndpointParser.parse(proto.getLoadAssignment(), Addresses::named, load)
                            .filter(named -> isOne(named, load))
                            .map(named ->
                                    new Discovery.Dns(
                                            named, DnsParser.parse(proto, at).taking(Taken.ONE)));
            case UNRECOGNIZED -> {
                at.field("type")
                        .add(
                                "unknown number " + proto.getTypeValue(),
                                "STATIC, STRICT_DNS, LOGICAL_DNS, EDS or ORIGINAL_DST",
                                "use one of these");
                yield Optional.empty();
            }
        };
    }

    private static boolean isOne(LoadAssignmentSpec named, Spot at) {
        if (named.endpoints().size() == 1) {
            return true;
        }
        at.field("endpoints")
                .add(
                        named.endpoints().size() + " endpoints of type LOGICAL_DNS",
                        "one",
                        "keep one, or use STRICT_DNS");
        return false;
    }

    private static Optional<BalancingSpec> balancing(Cluster proto, Spot at) {
        if (OriginalDstParser.applies(proto)) {
            return Optional.of(OriginalDstParser.balancing(proto, at));
        }
        OriginalDstParser.refuse(proto, at);
        return BalancingParser.parse(proto, at);
    }

    private static Optional<Discovery> eds(Cluster proto, Spot at) {
        if (proto.hasLoadAssignment()) {
            at.field("load_assignment")
                    .add("endpoints in an EDS cluster", "none", "remove them, or use STATIC");
            return Optional.empty();
        }
        Spot spot = at.field("eds_cluster_config");
        ConfigSources.ads(proto.getEdsClusterConfig().getEdsConfig(), spot.field("eds_config"));
        String service = proto.getEdsClusterConfig().getServiceName();
        return Optional.of(new Discovery.Eds(service.isEmpty() ? proto.getName() : service));
    }

    private static CircuitBreakers breakers(Cluster proto, Spot at) {
        CircuitBreakers found = CircuitBreakers.DEFAULT;
        Names priorities = new Names("priority");
        for (int i = 0; i < proto.getCircuitBreakers().getThresholdsCount(); i++) {
            Thresholds thresholds = proto.getCircuitBreakers().getThresholds(i);
            Spot spot = at.field("thresholds").index(i);
            priorities.take(thresholds.getPriority().name(), spot);
            if (thresholds.getPriority() == RoutingPriority.DEFAULT) {
                found = thresholds(thresholds, spot);
            } else if (thresholds.getPriority() == RoutingPriority.HIGH) {
                spot.inert(); // no route has this priority
            } else {
                spot.field("priority")
                        .add(
                                Problem.quote(thresholds.getPriority().name()),
                                "DEFAULT",
                                "remove these thresholds");
            }
        }
        return found;
    }

    private static CircuitBreakers thresholds(Thresholds proto, Spot at) {
        CircuitBreakers byDefault = CircuitBreakers.DEFAULT;
        return new CircuitBreakers(
                proto.hasMaxConnections()
                        ? count(proto.getMaxConnections(), at.field("max_connections"))
                        : byDefault.maxConnections(),
                proto.hasMaxPendingRequests()
                        ? count(proto.getMaxPendingRequests(), at.field("max_pending_requests"))
                        : byDefault.maxPendingRequests(),
                proto.hasMaxRequests()
                        ? count(proto.getMaxRequests(), at.field("max_requests"))
                        : byDefault.maxRequests(),
                retries(proto, at));
    }

    /** A budget goes before a fixed limit, as in Envoy. */
    private static RetryLimit retries(Thresholds proto, Spot at) {
        if (!proto.hasRetryBudget()) {
            return proto.hasMaxRetries()
                    ? new RetryLimit.Fixed(count(proto.getMaxRetries(), at.field("max_retries")))
                    : CircuitBreakers.DEFAULT.retries();
        }
        var budget = proto.getRetryBudget();
        Spot spot = at.field("retry_budget");
        return new RetryLimit.Budget(
                budget.hasBudgetPercent()
                        ? Values.percent(budget.getBudgetPercent(), spot.field("budget_percent"))
                        : RETRY_PERCENT,
                budget.hasMinRetryConcurrency()
                        ? count(
                                budget.getMinRetryConcurrency(),
                                spot.field("min_retry_concurrency"))
                        : LEAST_RETRIES);
    }

    /** A limit; those over the range of int are as good as its end. */
    private static int count(com.google.protobuf.UInt32Value proto, Spot at) {
        return proto.getValue() < 0
                ? Integer.MAX_VALUE
                : Values.number(proto, 0, Integer.MAX_VALUE, at);
    }
}
