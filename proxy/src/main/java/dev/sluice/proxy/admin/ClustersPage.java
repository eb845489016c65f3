package dev.sluice.proxy.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.endpoint.HealthFlag;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import io.envoyproxy.envoy.admin.v3.ClusterStatus;
import io.envoyproxy.envoy.admin.v3.Clusters;
import io.envoyproxy.envoy.admin.v3.HostHealthStatus;
import io.envoyproxy.envoy.admin.v3.HostStatus;
import io.envoyproxy.envoy.admin.v3.SimpleMetric;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.netty.util.NetUtil;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * {@code /clusters}: endpoints, their health and load, in Envoy's shapes, so that what reads
 * Envoy's page reads this. What this proxy does not count is not there. Thread-safe.
 */
final class ClustersPage {
    private static final JsonFormat.Printer JSON = JsonFormat.printer().preservingProtoFieldNames();

    private final AdminSubject subject;

    ClustersPage(AdminSubject subject) {
        this.subject = subject;
    }

    AdminAnswer answer(AdminRequest request) {
        List<Cluster> clusters =
                subject.configuration().clusters().values().stream()
                        .sorted(Comparator.comparing(Cluster::name))
                        .toList();
        return request.parameter("format").filter("json"::equals).isPresent()
                ? json(clusters)
                : AdminAnswer.text(200, text(clusters));
    }

    private static AdminAnswer json(List<Cluster> clusters) {
        Clusters.Builder all = Clusters.newBuilder();
        clusters.forEach(cluster -> all.addClusterStatuses(status(cluster)));
        try {
            return AdminAnswer.json(200, JSON.print(all) + "\n");
        } catch (InvalidProtocolBufferException unprintable) {
            throw new IllegalStateException(unprintable);
        }
    }

    /** {@code envoy.admin.v3.ClusterStatus}. */
    private static ClusterStatus status(Cluster cluster) {
        ClusterStatus.Builder status =
                ClusterStatus.newBuilder()
                        .setName(cluster.name())
                        .setObservabilityName(cluster.name())
                        .setCircuitBreakers(breakers(cluster));
        if (cluster.spec().discovery() instanceof Discovery.Eds(String service)) {
            status.setEdsServiceName(service);
        }
        for (Endpoint endpoint : cluster.endpoints()) {
            status.addHostStatuses(status(endpoint));
        }
        return status.build();
    }

    private static CircuitBreakers breakers(Cluster cluster) {
        var limits = cluster.spec().breakers();
        CircuitBreakers.Thresholds.Builder thresholds = CircuitBreakers.Thresholds.newBuilder();
        thresholds.getMaxConnectionsBuilder().setValue(limits.maxConnections());
        thresholds.getMaxPendingRequestsBuilder().setValue(limits.maxPendingRequests());
        thresholds.getMaxRequestsBuilder().setValue(limits.maxRequests());
        thresholds.getMaxRetriesBuilder().setValue(cluster.budgets().retries().limit());
        return CircuitBreakers.newBuilder().addThresholds(thresholds).build();
    }

    private static HostStatus status(Endpoint endpoint) {
        return HostStatus.newBuilder()
                .setAddress(
                        Address.newBuilder()
                                .setSocketAddress(
                                        SocketAddress.newBuilder()
                                                .setAddress(ip(endpoint))
                                                .setPortValue(endpoint.address().getPort())))
                .addStats(counter("cx_connect_fail", endpoint.load().connectFailures()))
                .addStats(counter("rq_error", endpoint.load().failed()))
                .addStats(counter("rq_total", endpoint.load().total()))
                .addStats(
                        SimpleMetric.newBuilder()
                                .setName("rq_active")
                                .setType(SimpleMetric.Type.GAUGE)
                                .setValue(endpoint.load().active()))
                .setHealthStatus(health(endpoint))
                .setWeight(endpoint.weight())
                .setHostname(endpoint.spec().hostname())
                .build();
    }

    private static SimpleMetric counter(String name, long value) {
        return SimpleMetric.newBuilder()
                .setName(name)
                .setType(SimpleMetric.Type.COUNTER)
                .setValue(value)
                .build();
    }

    private static HostHealthStatus health(Endpoint endpoint) {
        Set<HealthFlag> flags = endpoint.flags();
        return HostHealthStatus.newBuilder()
                .setFailedActiveHealthCheck(flags.contains(HealthFlag.FAILED_ACTIVE_HC))
                .setFailedOutlierCheck(flags.contains(HealthFlag.FAILED_OUTLIER_CHECK))
                .setFailedActiveDegradedCheck(flags.contains(HealthFlag.DEGRADED_ACTIVE_HC))
                .setPendingActiveHc(flags.contains(HealthFlag.PENDING_ACTIVE_HC))
                .setEdsHealthStatus(
                        switch (endpoint.spec().health()) {
                            case HEALTHY -> HealthStatus.HEALTHY;
                            case DEGRADED -> HealthStatus.DEGRADED;
                            case DRAINING -> HealthStatus.DRAINING;
                            case UNHEALTHY -> HealthStatus.UNHEALTHY;
                        })
                .build();
    }

    private static String ip(Endpoint endpoint) {
        return endpoint.address().getAddress().getHostAddress();
    }

    private static String text(List<Cluster> clusters) {
        StringBuilder text = new StringBuilder();
        for (Cluster cluster : clusters) {
            String name = cluster.name() + "::";
            var limits = cluster.spec().breakers();
            line(text, name, "observability_name", cluster.name());
            String limit = name + "default_priority::";
            line(text, limit, "max_connections", limits.maxConnections());
            line(text, limit, "max_pending_requests", limits.maxPendingRequests());
            line(text, limit, "max_requests", limits.maxRequests());
            line(text, limit, "max_retries", cluster.budgets().retries().limit());
            cluster.endpoints().forEach(endpoint -> lines(text, name, endpoint));
        }
        return text.toString();
    }

    private static void lines(StringBuilder text, String cluster, Endpoint endpoint) {
        String prefix = cluster + NetUtil.toSocketAddressString(endpoint.address()) + "::";
        line(text, prefix, "cx_connect_fail", endpoint.load().connectFailures());
        line(text, prefix, "rq_active", endpoint.load().active());
        line(text, prefix, "rq_error", endpoint.load().failed());
        line(text, prefix, "rq_total", endpoint.load().total());
        line(text, prefix, "hostname", endpoint.host());
        line(text, prefix, "health_flags", HealthFlag.text(endpoint.flags()));
        line(text, prefix, "weight", endpoint.weight());
    }

    private static void line(StringBuilder text, String prefix, String name, Object value) {
        text.append(prefix).append(name).append("::").append(value).append('\n');
    }
}
