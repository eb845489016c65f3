package dev.sluice.control.snapshot;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.NodeSpec;
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
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateProviderPluginInstance;
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
import java.util.Optional;

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

    /**
     * What the bootstrap of a gRPC client calls the certificates that it uses under a control plane
     * (gRFC A29); paths of files it takes from there alone.
     */
    static final String PROVIDER = "default";

    private ClusterRenderer() {}

    /**
     * The cluster of a version, named like it. A gRPC client knows endpoints of their own and one
     * name of DNS (gRFC A27, A37), and takes certificates from its bootstrap. DNS is told by the
     * fields of the cluster itself, deprecated in favour of an extension that stock Envoy before
     * 1.33 and our own reader don't know.
     */
    @SuppressWarnings("deprecation")
    static Versioned version(VersionSpec version, NodeSpec.Kind kind) {
        String name = version.name().name();
        Cluster.Builder cluster =
                cluster(name, version.connectTimeout(), version.protocol())
                        .setCircuitBreakers(REPEATS);
        switch (told(version.endpoints(), kind)) {
            case Endpoints.Static(List<Endpoints.Endpoint> addresses) ->
                    cluster.setType(Cluster.DiscoveryType.STATIC)
                            .setLoadAssignment(load(name, addresses));
            case Endpoints.Dns(String host, int port, java.time.Duration refresh) ->
                    cluster.setType(
                                    kind == NodeSpec.Kind.GRPC
                                            ? Cluster.DiscoveryType.LOGICAL_DNS
                                            : Cluster.DiscoveryType.STRICT_DNS)
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
        version.tls().ifPresent(tls -> cluster.setTransportSocket(transport(tls, kind)));
        version.healthCheck().ifPresent(check -> cluster.addHealthChecks(healthCheck(check)));
        return Versioned.of(name, cluster.build());
    }

    /** Endpoints of a version where a node gets them apart from the cluster. */
    static Optional<Versioned> endpoints(VersionSpec version, NodeSpec.Kind kind) {
        String name = version.name().name();
        return told(version.endpoints(), kind)
                        instanceof Endpoints.Eds(List<Endpoints.Endpoint> addresses)
                ? Optional.of(Versioned.of(name, load(name, addresses)))
                : Optional.empty();
    }

    private static Endpoints told(Endpoints endpoints, NodeSpec.Kind kind) {
        return kind == NodeSpec.Kind.GRPC
                        && endpoints instanceof Endpoints.Static(List<Endpoints.Endpoint> addresses)
                ? new Endpoints.Eds(addresses)
                : endpoints;
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
        // A gRPC client leaves out a locality without a weight.
        LocalityLbEndpoints.Builder locality =
                LocalityLbEndpoints.newBuilder().setLoadBalancingWeight(UInt32Value.of(1));
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

    private static TransportSocket transport(UpstreamTls tls, NodeSpec.Kind kind) {
        boolean isGrpc = kind == NodeSpec.Kind.GRPC;
        CertificateValidationContext.Builder validation = CertificateValidationContext.newBuilder();
        if (isGrpc) {
            validation.setCaCertificateProviderInstance(provider());
        } else {
            validation.setTrustedCa(file(tls.trustedCaFile()));
        }
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
        if (isGrpc && !tls.certificateFile().isEmpty()) {
            common.setTlsCertificateProviderInstance(provider());
        } else if (!tls.certificateFile().isEmpty()) {
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

    private static CertificateProviderPluginInstance provider() {
        return CertificateProviderPluginInstance.newBuilder().setInstanceName(PROVIDER).build();
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
