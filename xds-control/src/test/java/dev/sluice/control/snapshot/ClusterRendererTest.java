package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.ListenAddress;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck;
import dev.sluice.control.change.spec.VersionSpec.HealthCheck.Check;
import dev.sluice.control.change.spec.VersionSpec.Inbound;
import dev.sluice.control.change.spec.VersionSpec.Protocol;
import dev.sluice.control.change.spec.VersionSpec.UpstreamTls;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterRendererTest {
    private static final Endpoints FIXED =
            new Endpoints.Static(List.of(new Endpoints.Endpoint("10.0.0.1", 8080, 7)));

    @Test
    void a_cluster_bears_the_name_of_its_version_and_its_fixed_addresses() {
        Versioned rendered =
                ClusterRenderer.version(
                        version(FIXED, Protocol.HTTP1, Optional.empty()), NodeSpec.Kind.ENVOY);

        Cluster cluster = (Cluster) rendered.message();
        assertThat(rendered.name()).isEqualTo(Shop.V1).isEqualTo(cluster.getName());
        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.STATIC);
        assertThat(cluster.getConnectTimeout())
                .isEqualTo(ClusterRenderer.duration(Duration.ofMillis(250)));
        var endpoint = cluster.getLoadAssignment().getEndpoints(0).getLbEndpoints(0);
        assertThat(endpoint.getLoadBalancingWeight().getValue()).isEqualTo(7);
        assertThat(endpoint.getEndpoint().getAddress().getSocketAddress())
                .isEqualTo(
                        SocketAddress.newBuilder()
                                .setAddress("10.0.0.1")
                                .setPortValue(8080)
                                .build());
        assertThat(cluster.hasTransportSocket()).isFalse();
        assertThat(cluster.getHealthChecksList()).isEmpty();
    }

    @Test
    void repeats_have_a_budget_that_a_failing_arm_does_not_spend_at_once() {
        Cluster cluster = cluster(version(FIXED, Protocol.HTTP1, Optional.empty()));

        var budget = cluster.getCircuitBreakers().getThresholds(0).getRetryBudget();
        assertThat(budget.getBudgetPercent().getValue()).isEqualTo(20);
        assertThat(budget.getMinRetryConcurrency().getValue()).isEqualTo(50);
    }

    @Test
    @SuppressWarnings("deprecation")
    void a_name_is_resolved_again_and_again() {
        var dns = new Endpoints.Dns("orders.test", 80, Duration.ofMillis(2_500));

        Cluster cluster = cluster(version(dns, Protocol.HTTP1, Optional.empty()));

        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.STRICT_DNS);
        assertThat(cluster.getDnsRefreshRate())
                .isEqualTo(ClusterRenderer.duration(Duration.ofMillis(2_500)));
        assertThat(
                        cluster.getLoadAssignment()
                                .getEndpoints(0)
                                .getLbEndpoints(0)
                                .getEndpoint()
                                .getAddress()
                                .getSocketAddress()
                                .getAddress())
                .isEqualTo("orders.test");
    }

    @Test
    void pushed_addresses_come_by_the_stream_that_brought_the_cluster() {
        Cluster cluster =
                cluster(version(new Endpoints.Eds(List.of()), Protocol.HTTP1, Optional.empty()));

        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.EDS);
        assertThat(cluster.getEdsClusterConfig().getServiceName()).isEqualTo(Shop.V1);
        assertThat(cluster.getEdsClusterConfig().getEdsConfig().hasAds()).isTrue();
        assertThat(cluster.hasLoadAssignment()).isFalse();
    }

    @Test
    void the_protocol_is_said_outright() throws InvalidProtocolBufferException {
        for (Protocol protocol : Protocol.values()) {
            var options =
                    cluster(version(FIXED, protocol, Optional.empty()))
                            .getTypedExtensionProtocolOptionsOrThrow(
                                    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions")
                            .unpack(HttpProtocolOptions.class)
                            .getExplicitHttpConfig();
            assertThat(options.hasHttp2ProtocolOptions())
                    .as("%s", protocol)
                    .isEqualTo(protocol == Protocol.HTTP2);
            assertThat(options.hasHttpProtocolOptions())
                    .as("%s", protocol)
                    .isEqualTo(protocol == Protocol.HTTP1);
        }
    }

    @Test
    void tls_checks_the_names_and_shows_a_certificate_where_there_is_one()
            throws InvalidProtocolBufferException {
        var own =
                new UpstreamTls(
                        "orders.test",
                        "/ca.pem",
                        List.of("spiffe://shop/orders", "orders.test"),
                        "/own.pem",
                        "/own.key");
        var anonymous = new UpstreamTls("", "/ca.pem", List.of(), "", "");

        UpstreamTlsContext shown = tls(own);
        UpstreamTlsContext none = tls(anonymous);

        assertThat(shown.getSni()).isEqualTo("orders.test");
        var common = shown.getCommonTlsContext();
        assertThat(common.getValidationContext().getTrustedCa().getFilename()).isEqualTo("/ca.pem");
        assertThat(common.getValidationContext().getMatchTypedSubjectAltNamesList())
                .extracting(name -> name.getSanType())
                .containsExactly(SanType.URI, SanType.DNS);
        assertThat(common.getTlsCertificates(0).getCertificateChain().getFilename())
                .isEqualTo("/own.pem");
        assertThat(common.getTlsCertificates(0).getPrivateKey().getFilename())
                .isEqualTo("/own.key");
        assertThat(none.getCommonTlsContext().getTlsCertificatesList()).isEmpty();
    }

    @Test
    void health_is_asked_in_the_way_that_was_given() {
        var http = health(new Check.Http("/up"));
        var grpc = health(new Check.Grpc("orders"));
        var tcp = health(new Check.Tcp());

        assertThat(http.getHttpHealthCheck().getPath()).isEqualTo("/up");
        assertThat(http.getUnhealthyThreshold().getValue()).isEqualTo(3);
        assertThat(http.getHealthyThreshold().getValue()).isEqualTo(2);
        assertThat(http.getInterval().getSeconds()).isEqualTo(5);
        assertThat(http.getTimeout().getSeconds()).isEqualTo(1);
        assertThat(grpc.getGrpcHealthCheck().getServiceName()).isEqualTo("orders");
        assertThat(tcp.hasTcpHealthCheck()).isTrue();
    }

    @Test
    void the_application_beside_a_sidecar_is_a_cluster_of_its_own() {
        var inbound =
                new Inbound(
                        new ListenAddress("10.0.0.1", 80),
                        new Endpoints.Endpoint("127.0.0.1", 9090, 1));

        Cluster cluster =
                (Cluster)
                        ClusterRenderer.inbound(
                                        version(FIXED, Protocol.HTTP2, Optional.empty()), inbound)
                                .message();

        assertThat(cluster.getName()).isEqualTo("inbound/" + Shop.V1);
        assertThat(
                        cluster.getLoadAssignment()
                                .getEndpoints(0)
                                .getLbEndpoints(0)
                                .getEndpoint()
                                .getAddress()
                                .getSocketAddress()
                                .getPortValue())
                .isEqualTo(9090);
    }

    private static io.envoyproxy.envoy.config.core.v3.HealthCheck health(Check check) {
        var spec =
                new VersionSpec(
                        Fixtures.versionName("orders", "v1"),
                        Map.of(),
                        FIXED,
                        Protocol.HTTP1,
                        Optional.empty(),
                        Optional.of(
                                new HealthCheck(
                                        check, Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 2)),
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        Optional.empty());
        return cluster(spec).getHealthChecks(0);
    }

    private static UpstreamTlsContext tls(UpstreamTls tls) throws InvalidProtocolBufferException {
        return cluster(version(FIXED, Protocol.HTTP1, Optional.of(tls)))
                .getTransportSocket()
                .getTypedConfig()
                .unpack(UpstreamTlsContext.class);
    }

    private static Cluster cluster(VersionSpec version) {
        return (Cluster) ClusterRenderer.version(version, NodeSpec.Kind.ENVOY).message();
    }

    private static VersionSpec version(
            Endpoints endpoints, Protocol protocol, Optional<UpstreamTls> tls) {
        return new VersionSpec(
                Fixtures.versionName("orders", "v1"),
                Map.of(),
                endpoints,
                protocol,
                tls,
                Optional.empty(),
                Optional.empty(),
                Duration.ofMillis(250),
                Optional.empty());
    }
}
