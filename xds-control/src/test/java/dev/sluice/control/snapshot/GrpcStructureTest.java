package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Endpoints;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.UpstreamTls;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.GrpcMethod;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a gRPC client without a proxy is given, in the words that it knows (gRFC A27 to A37). */
final class GrpcStructureTest {
    private static final Endpoints FIXED =
            new Endpoints.Static(List.of(new Endpoints.Endpoint("10.0.0.1", 8080, 7)));

    @Test
    void it_is_the_listener_itself_and_takes_routes_from_the_stream()
            throws InvalidProtocolBufferException {
        Listener listener =
                (Listener) of(Shop.open(0), ResourceType.LISTENER, Shop.OUTBOUND).message();

        assertThat(listener.hasAddress()).isFalse();
        assertThat(listener.getFilterChainsList()).isEmpty();
        HttpConnectionManager manager =
                listener.getApiListener().getApiListener().unpack(HttpConnectionManager.class);
        assertThat(manager.getRds().getRouteConfigName()).isEqualTo(Shop.OUTBOUND);
        assertThat(manager.getHttpFiltersList())
                .as("it knows no gates")
                .extracting(HttpFilter::getName)
                .containsExactly("envoy.filters.http.router");
        assertThat(Reference.of(listener))
                .containsExactly(new Reference(ResourceType.ROUTE, Shop.OUTBOUND));
    }

    @Test
    void a_gate_is_two_weights_and_a_time_that_it_obeys() {
        Route route = routes(Shop.open(250_000)).getFirst();

        assertThat(route.getRoute().getWeightedClusters().getClustersList())
                .extracting(cluster -> cluster.getWeight().getValue())
                .containsExactly(250_000, 750_000);
        assertThat(route.getRoute().hasTimeout()).isFalse();
        assertThat(route.getRoute().getMaxStreamDuration().hasMaxStreamDuration()).isTrue();
    }

    @Test
    void every_call_is_a_post_and_has_no_query() {
        Shop shop =
                Shop.open(0)
                        .with(put("a-get", List.of("GET"), RouteMatch.getDefaultInstance()))
                        .with(
                                put(
                                        "b-post",
                                        List.of("GET", "POST"),
                                        RouteMatch.getDefaultInstance()))
                        .with(
                                put(
                                        "c-query",
                                        List.of(),
                                        RouteMatch.newBuilder()
                                                .addQueryParameters(
                                                        QueryParameterMatcher.newBuilder()
                                                                .setName("x"))
                                                .build()));

        assertThat(routes(shop)).extracting(Route::getName).containsExactly("b-post", "read");
        assertThat(routes(shop).getFirst().getMatch().getHeadersList()).isEmpty();
    }

    @Test
    void a_rule_for_other_methods_is_no_route() {
        Shop shop =
                Shop.open(0)
                        .gate(gate ->
                                gate.addRules(rule("get", RuleMatch.newBuilder().addMethods("GET")))
                                        .addRules(
                                                rule(
                                                        "post",
                                                        RuleMatch.newBuilder()
                                                                .addMethods("POST"))));

        assertThat(routes(shop)).extracting(Route::getName).containsExactly("read/post", "read");
    }

    @Test
    void fixed_addresses_are_endpoints_of_their_own_with_a_weighted_locality() {
        Shop shop = Shop.open(0).with(new Event.VersionPut(version(FIXED, Optional.empty())));

        Cluster cluster = (Cluster) of(shop, ResourceType.CLUSTER, Shop.V1).message();
        ClusterLoadAssignment endpoints =
                (ClusterLoadAssignment) of(shop, ResourceType.ENDPOINT, Shop.V1).message();

        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.EDS);
        assertThat(cluster.getEdsClusterConfig().getServiceName()).isEqualTo(Shop.V1);
        assertThat(endpoints.getEndpoints(0).getLoadBalancingWeight().getValue()).isEqualTo(1);
        assertThat(endpoints.getEndpoints(0).getLbEndpoints(0).getLoadBalancingWeight().getValue())
                .isEqualTo(7);
    }

    @Test
    void a_name_is_resolved_by_the_client_itself() {
        var dns = new Endpoints.Dns("orders.test", 80, Duration.ofSeconds(5));

        Cluster cluster =
                (Cluster)
                        ClusterRenderer.version(version(dns, Optional.empty()), NodeSpec.Kind.GRPC)
                                .message();

        assertThat(cluster.getType()).isEqualTo(Cluster.DiscoveryType.LOGICAL_DNS);
        assertThat(ClusterRenderer.endpoints(version(dns, Optional.empty()), NodeSpec.Kind.GRPC))
                .isEmpty();
    }

    @Test
    void certificates_are_those_of_its_bootstrap_and_it_is_told_so()
            throws InvalidProtocolBufferException {
        var tls =
                new UpstreamTls(
                        "", "/ca.pem", List.of("spiffe://shop/orders"), "/own.pem", "/own.key");
        Shop shop = Shop.open(0).with(new Event.VersionPut(version(FIXED, Optional.of(tls))));

        var common =
                ((Cluster) of(shop, ResourceType.CLUSTER, Shop.V1).message())
                        .getTransportSocket()
                        .getTypedConfig()
                        .unpack(UpstreamTlsContext.class)
                        .getCommonTlsContext();

        assertThat(common.getTlsCertificateProviderInstance().getInstanceName())
                .isEqualTo("default");
        assertThat(common.getTlsCertificatesList()).isEmpty();
        var validation = common.getValidationContext();
        assertThat(validation.getCaCertificateProviderInstance().getInstanceName())
                .isEqualTo("default");
        assertThat(validation.hasTrustedCa()).isFalse();
        assertThat(validation.getMatchTypedSubjectAltNamesCount()).isEqualTo(1);
        assertThat(Limitations.of(shop.catalog(), Shop.grpc()))
                .contains(
                        Shop.V1
                                + ": certificates are those of provider 'default' of its bootstrap");
    }

    @Test
    void it_lacks_every_key_and_says_so_once() {
        Shop shop =
                Shop.open(0)
                        .gate(gate ->
                                gate.addRules(
                                        rule(
                                                "method",
                                                RuleMatch.newBuilder()
                                                        .setGrpcMethod(
                                                                GrpcMethod.newBuilder()
                                                                        .setService("a.B")))));

        assertThat(Limitations.of(shop.catalog(), Shop.grpc()))
                .containsExactly(
                        "the arm is random for each call: no key stays on a side",
                        "decisions are not carried downstream, explained or counted by key",
                        "no trip: keys go back only by the control plane",
                        "gates/orders: rule method can't be matched and is left out",
                        "the called side does not hear which service calls");
    }

    @Test
    void what_takes_calls_is_the_client_itself() {
        var inbound =
                new VersionSpec.Inbound(
                        new dev.sluice.control.change.spec.ListenAddress("10.0.0.1", 8080),
                        new Endpoints.Endpoint("127.0.0.1", 9090, 1));
        Shop shop =
                Shop.open(0)
                        .with(
                                new Event.VersionPut(
                                        Fixtures.version("orders", "v1", Optional.of(inbound))));
        var beside =
                new NodeProfile(
                        NodeSpec.Kind.GRPC,
                        Optional.of(Fixtures.serviceName("orders")),
                        Optional.of(Fixtures.versionName("orders", "v1")),
                        "");

        assertThat(
                        StructureRenderer.render(shop.catalog(), beside)
                                .of(ResourceType.LISTENER)
                                .byName())
                .isEmpty();
    }

    private static Versioned of(Shop shop, ResourceType type, String name) {
        return Objects.requireNonNull(
                StructureRenderer.render(shop.catalog(), Shop.grpc()).of(type).byName().get(name),
                name);
    }

    private static List<Route> routes(Shop shop) {
        return ((RouteConfiguration) of(shop, ResourceType.ROUTE, Shop.OUTBOUND).message())
                .getVirtualHosts(0)
                .getRoutesList();
    }

    private static Rule rule(String name, RuleMatch.Builder match) {
        return Rule.newBuilder().setName(name).setMatch(match).setArm(Arm.NEW).build();
    }

    private static Event.RoutePut put(String id, List<String> methods, RouteMatch match) {
        RouteSpec.Target target = new RouteSpec.Target.ToGate(Shop.ORDERS);
        return new Event.RoutePut(
                new RouteSpec(
                        Fixtures.route("orders", id, target).name(),
                        0,
                        match.toBuilder().setPrefix("/" + id).build(),
                        methods,
                        target,
                        OperationClass.READ,
                        Duration.ofSeconds(3),
                        Optional.empty(),
                        Map.of()));
    }

    private static VersionSpec version(Endpoints endpoints, Optional<UpstreamTls> tls) {
        return new VersionSpec(
                Fixtures.versionName("orders", "v1"),
                Map.of(),
                endpoints,
                VersionSpec.Protocol.HTTP2,
                tls,
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(1),
                Optional.empty());
    }
}
