package dev.sluice.proxy.resource.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.Resource;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.resource.YamlResources;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.listener.FilterChainSpec;
import dev.sluice.proxy.snapshot.listener.ListenerFilterSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Binding;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Redirected;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.Numbering;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec.UnknownClusters;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a sidecar's resources in Istio's shape ({@code istio.yaml}, {@code
 * istio-routes.yaml}): what is obeyed, what is accepted without effect, and what is refused with
 * which remedy.
 */
class IstioTest {
    private static final Bootstrap.StaticResources ISTIO = read();

    private static Bootstrap.StaticResources read() {
        return YamlResources.proto(
                        "static_resources:\n" + text("istio.yaml").indent(2),
                        Bootstrap.getDefaultInstance())
                .getStaticResources();
    }

    private static String text(String file) {
        try (InputStream in = IstioTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Listener listener(String name) {
        return ISTIO.getListenersList().stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Parsed<Resource<ClusterSpec>> cluster(String name) {
        Cluster found =
                ISTIO.getClustersList().stream()
                        .filter(one -> one.getName().equals(name))
                        .findFirst()
                        .orElseThrow();
        return ResourceParsers.cluster(found);
    }

    /** The inbound listener without what its connection manager says of certificates and ids. */
    private static Listener inbound() throws IOException {
        Listener.Builder listener = listener("virtualInbound").toBuilder();
        Filter.Builder filter = listener.getFilterChainsBuilder(1).getFiltersBuilder(1);
        HttpConnectionManager.Builder manager =
                filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
        manager.clearForwardClientCertDetails()
                .clearSetCurrentClientCertDetails()
                .clearRequestIdExtension()
                .clearPathWithEscapedSlashesAction();
        filter.setTypedConfig(Any.pack(manager.build()));
        return listener.build();
    }

    @Test
    void what_the_inbound_listener_says_of_certificates_and_ids_is_refused() {
        String manager = "filter_chains[1].filters[1].typed_config.";

        assertThat(ResourceParsers.listener(listener("virtualInbound")).problems())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        manager + "forward_client_cert_details",
                        manager + "set_current_client_cert_details",
                        manager + "request_id_extension",
                        manager + "path_with_escaped_slashes_action");
    }

    @Test
    void the_inbound_listener_is_obeyed_without_it() throws IOException {
        ListenerSpec spec = ResourceParsers.listener(inbound()).orThrow().spec();

        assertThat(spec.reach().redirected()).isEqualTo(Redirected.HANDED_ON);
        assertThat(spec.filters())
                .as("what is looked at before a chain is chosen")
                .contains(
                        new ListenerFilterSpec.OriginalDst(),
                        new ListenerFilterSpec.TlsInspector(),
                        new ListenerFilterSpec.HttpInspector());
        assertThat(spec.patience().then()).isEqualTo(ListenerSpec.Then.GO_ON);
        assertThat(spec.chains())
                .extracting(FilterChainSpec::name)
                .containsExactly("virtualInbound-blackhole", "0.0.0.0_8000");
        assertThat(spec.defaultChain()).as("what is no HTTP").isPresent();
    }

    @Test
    void what_counts_and_labels_has_no_effect_and_is_listed() throws IOException {
        String chain = "filter_chains[1].filters";
        String manager = chain + "[1].typed_config";

        assertThat(ResourceParsers.listener(inbound()).orThrow().inert())
                .contains(
                        "access_log",
                        chain + "[0]",
                        manager + ".http_filters[0]",
                        manager + ".http_filters[1]",
                        manager + ".http_filters[3]",
                        manager + ".http_filters[4]")
                .as("the fault filter, which is obeyed")
                .doesNotContain(manager + ".http_filters[2]");
    }

    @Test
    void the_outbound_listener_has_no_socket_and_is_refused_for_the_protocols_that_it_announces() {
        Listener outbound = listener("0.0.0.0_8080");

        assertThat(ResourceParsers.listener(outbound).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.got()).startsWith("filter 'istio.alpn' of type istio.");
                    assertThat(problem.remedy()).contains("is_optional: true");
                });
        ListenerSpec without =
                ResourceParsers.listener(
                                YamlResources.proto(
                                        withOptionalAlpn(), Listener.getDefaultInstance()))
                        .orThrow()
                        .spec();
        assertThat(without.reach().binding()).isEqualTo(Binding.NONE);
        assertThat(without.defaultChain()).as("what is no HTTP").isPresent();
    }

    /** As an EnvoyFilter may make it. */
    private static String withOptionalAlpn() {
        return """
        {name: l, bind_to_port: false, address: {socket_address: {address: 0.0.0.0, port_value: 8080}},
         filter_chains: [{filters: [{name: http, typed_config: {'@type': t/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: p,
           rds: {config_source: {ads: {}}, route_config_name: '8080'},
           http_filters: [{name: istio.alpn, is_optional: true, typed_config: {'@type': t/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig}}, ROUTER]}}]}],
         default_filter_chain: {filters: [{name: istio.stats, typed_config: {'@type': t/udpa.type.v1.TypedStruct, type_url: t/stats.PluginConfig}}, TCP]}}
        """
                .replace("ROUTER", YamlResources.ROUTER)
                .replace(
                        "TCP",
                        "{name: tcp, typed_config: {'@type':"
                                + " t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,"
                                + " stat_prefix: p, cluster: a}}");
    }

    @Test
    void a_protocol_that_puts_labels_before_the_request_is_refused() {
        String listener =
                """
                {name: l, ADDRESS, filter_chains: [{filters: [TCP], transport_socket: {name: tls, typed_config: {'@type': t/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext,
                 common_tls_context: {alpn_protocols: [istio-peer-exchange, h2], tls_certificate_sds_secret_configs: [{name: default, sds_config: {ads: {}}}]}}}}]}
                """
                        .replace("ADDRESS", YamlResources.ADDRESS)
                        .replace(
                                "TCP",
                                "{name: tcp, typed_config: {'@type':"
                                        + " t/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,"
                                        + " stat_prefix: p, cluster: a}}");

        List<Problem> problems =
                ResourceParsers.listener(
                                YamlResources.proto(listener, Listener.getDefaultInstance()))
                        .problems();

        assertThat(problems)
                .anySatisfy(problem -> {
                    assertThat(problem.path()).isEqualTo("filter_chains[0].transport_socket");
                    assertThat(problem.got()).isEqualTo("the protocol istio-peer-exchange");
                });
    }

    @Test
    void clusters_go_where_connections_wanted_to() {
        assertThat(cluster("inbound|8000||").orThrow().spec().discovery())
                .isEqualTo(new Discovery.OriginalDst(Duration.ofSeconds(60)));
        assertThat(cluster("BlackHoleCluster").orThrow().spec().discovery())
                .as("nowhere")
                .isInstanceOf(Discovery.Static.class);
    }

    @Test
    void what_comes_in_goes_on_in_its_own_protocol_and_from_an_address_of_the_sidecar() {
        ClusterSpec inbound = cluster("InboundPassthroughCluster").orThrow().spec();

        assertThat(inbound.upstream().protocol()).isEqualTo(ClusterSpec.Protocol.CLIENTS);
        assertThat(inbound.upstream().http2().maxStreams()).as("streams").isEqualTo(1 << 30);
        assertThat(inbound.connect().source().orElseThrow().addresses())
                .as("sources")
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.6"), 0));
        assertThat(inbound.breakers().maxConnections())
                .as("connections: no limit")
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void filters_of_connections_to_endpoints_are_refused() {
        assertThat(cluster("PassthroughCluster").problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo("filters");
                    assertThat(problem.remedy()).isEqualTo("remove it");
                });
    }

    @Test
    void a_socket_for_each_kind_of_endpoint_is_refused() {
        assertThat(cluster("outbound|8080||shop.default.svc.cluster.local").problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).isEqualTo("transport_socket_matches");
                    assertThat(problem.remedy()).contains("a cluster of its own");
                });
    }

    @Test
    void routes_are_obeyed_and_refuse_what_goes_to_unknown_clusters() {
        RouteConfiguration routes =
                YamlResources.proto(
                        text("istio-routes.yaml"), RouteConfiguration.getDefaultInstance());

        var obeyed = ResourceParsers.routes(routes).orThrow();
        assertThat(obeyed.spec().unknown()).isEqualTo(UnknownClusters.REFUSED);
        assertThat(obeyed.inert())
                .as("without effect")
                .containsExactlyInAnyOrder(
                        "virtual_hosts[0].routes[0].decorator",
                        "virtual_hosts[0].routes[0].metadata",
                        "virtual_hosts[0].routes[1].decorator");
        assertThat(obeyed.spec().virtualHosts().getFirst().routes().getFirst().action())
                .isInstanceOfSatisfying(
                        RouteActionSpec.Forward.class,
                        action -> {
                            assertThat(action.numbering()).isEqualTo(Numbering.TOLD);
                            assertThat(action.retry().orElseThrow().retries()).isEqualTo(2);
                            assertThat(action.timeouts().answer())
                                    .as("time of the whole: no limit")
                                    .isEqualTo(Duration.ZERO);
                        });
    }
}
