package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck;
import dev.sluice.control.change.spec.VersionSpec.Inbound;
import dev.sluice.control.change.spec.VersionSpec.UpstreamTls;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.List;

/** Clusters and endpoints of versions. Pure. */
final class ClusterRenderer {
    private static final String PROTOCOL_OPTIONS =
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static final java.time.Duration LOCAL_CONNECT = java.time.Duration.ofSeconds(1);

    /** Retries and fallbacks at once; Envoy's own limit of 3 is less than a failing arm needs. */
    private static final CircuitBreakers REPEATS =
            CircuitBreakers.newBuilder()
                    .addThresholds(
                            Thresholds.newBuilder()
                                    .setRetryBudget(
                                            RetryBudget.newBuilder()
                                                    .setBudgetPercent(
                                                            Percent.newBuilder().setValue(20))
                                                    .setMinRetryConcurrency(UInt32Value.of(50))))
                    .build();

    private ClusterRenderer() {}

    /**
     * The cluster of a version, named like it. DNS is told by the fields of the cluster itself,
     * deprecated in favour of an extension that stock Envoy before 1.33 and our own reader don't
     * know.
     */
    @SuppressWarnings("deprecation")
    static Versioned version(VersionSpec version) {
        String name = version.name().name();
        Cluster.Builder cluster =
                cluster(name, version.connectTimeout(), version.protocol())
                        .setCircuitBreakers(REPEATS);
        switch (version.endpoints()) {
            case Endpoints.Static(List<Endpoints.Endpoint> addresses) ->
                    cluster.setType(Cluster.DiscoveryType.STATIC)
                            .setLoadAssignment(load(name, addresses));
            case Endpoints.Dns(String host, int port, java.time.Duration refresh) ->
                    cluster.setType(Cluster.DiscoveryType.STRICT_DNS)
                            .setDnsRefreshRate(duration(refresh))
                            .setLoadAssignment(
                                    load(name, List.of(new Endpoints.Endpoint(host, port, 1))));
            case Endpoints.Eds _ ->
                    cluster.setType(Cluster.DiscoveryType.EDS)
                            .setEdsClusterConfig(
                                    Cluster.EdsClusterConfig.newBuilder()
                                            .setServiceName(name)
                                            .setEdsConfig(ListenerRenderer.ads()));
        }
        version.tls().ifPresent(tls -> cluster.setTransportSocket(transport(tls)));
        version.healthCheck().ifPresent(check -> cluster.addHealthChecks(healthCheck(check)));
        return Versioned.of(name, cluster.build());
    }

    /** Endpoints of a version that are pushed alone. */
    static Versioned assignment(VersionName version, List<Endpoints.Endpoint> addresses) {
        return Versioned.of(version.name(), load(version.name(), addresses));
    }

    /** The application behind a version's own sidecar. */
    static Versioned inbound(VersionSpec version, Inbound inbound) {
        String name = inboundName(version.name());
        return Versioned.of(
                name,
                cluster(name, LOCAL_CONNECT, version.protocol())
                        .setType(Cluster.DiscoveryType.STATIC)
                        .setLoadAssignment(load(name, List.of(inbound.application())))
                        .build());
    }

    static String inboundName(VersionName version) {
        return "inbound/" + version.name();
    }

    private static Cluster.Builder cluster(
            String name, java.time.Duration connectTimeout, VersionSpec.Protocol protocol) {
        ExplicitHttpConfig.Builder explicit = ExplicitHttpConfig.newBuilder();
        switch (protocol) {
            case HTTP1 ->
                    explicit.setHttpProtocolOptions(Http1ProtocolOptions.getDefaultInstance());
            case HTTP2 ->
                    explicit.setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
        }
        return Cluster.newBuilder()
                .setName(name)
                .setConnectTimeout(duration(connectTimeout))
                .putTypedExtensionProtocolOptions(
                        PROTOCOL_OPTIONS,
                        Any.pack(
                                HttpProtocolOptions.newBuilder()
                                        .setExplicitHttpConfig(explicit)
                                        .build()));
    }

    private static ClusterLoadAssignment load(String name, List<Endpoints.Endpoint> addresses) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        for (Endpoints.Endpoint address : addresses) {
            locality.addLbEndpoints(
                    LbEndpoint.newBuilder()
                            .setLoadBalancingWeight(UInt32Value.of(address.weight()))
                            .setEndpoint(
                                    Endpoint.newBuilder()
                                            .setAddress(
                                                    ListenerRenderer.address(
                                                            address.address(), address.port()))));
        }
        return ClusterLoadAssignment.newBuilder()
                .setClusterName(name)
                .addEndpoints(locality)
                .build();
    }

    private static TransportSocket transport(UpstreamTls tls) {
        CertificateValidationContext.Builder validation =
                CertificateValidationContext.newBuilder().setTrustedCa(file(tls.trustedCaFile()));
        for (String name : tls.subjectAltNames()) {
            validation.addMatchTypedSubjectAltNames(
                    SubjectAltNameMatcher.newBuilder()
                            .setSanType(
                                    name.contains("://")
                                            ? SubjectAltNameMatcher.SanType.URI
                                            : SubjectAltNameMatcher.SanType.DNS)
                            .setMatcher(StringMatcher.newBuilder().setExact(name)));
        }
        CommonTlsContext.Builder common =
                CommonTlsContext.newBuilder().setValidationContext(validation);
        if (!tls.certificateFile().isEmpty()) {
            common.addTlsCertificates(
                    TlsCertificate.newBuilder()
                            .setCertificateChain(file(tls.certificateFile()))
                            .setPrivateKey(file(tls.privateKeyFile())));
        }
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(
                        Any.pack(
                                UpstreamTlsContext.newBuilder()
                                        .setSni(tls.sni())
                                        .setCommonTlsContext(common)
                                        .build()))
                .build();
    }

    private static DataSource file(String path) {
        return DataSource.newBuilder().setFilename(path).build();
    }

    private static io.envoyproxy.envoy.config.core.v3.HealthCheck healthCheck(HealthCheck check) {
        var rendered =
                io.envoyproxy.envoy.config.core.v3.HealthCheck.newBuilder()
                        .setInterval(duration(check.interval()))
                        .setTimeout(duration(check.timeout()))
                        .setUnhealthyThreshold(UInt32Value.of(check.unhealthyThreshold()))
                        .setHealthyThreshold(UInt32Value.of(check.healthyThreshold()));
        switch (check.check()) {
            case HealthCheck.Check.Http(String path) ->
                    rendered.getHttpHealthCheckBuilder().setPath(path);
            case HealthCheck.Check.Grpc(String service) ->
                    rendered.getGrpcHealthCheckBuilder().setServiceName(service);
            case HealthCheck.Check.Tcp() -> rendered.getTcpHealthCheckBuilder();
        }
        return rendered.build();
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }
}
