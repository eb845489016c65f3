package dev.sluice.proxy.boot;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.Bucketing;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.gate.v1.KeySource;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.OperationClass;
import dev.sluice.gate.v1.RouteGate;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.gate.v1.WriteAuthority;
import dev.sluice.gate.v1.WriteHold;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resources of a management server, for tests. */
final class Xds {
    static final String CDS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    static final String EDS = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";
    static final String LDS = "type.googleapis.com/envoy.config.listener.v3.Listener";
    static final String RDS = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    static final String SDS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
    static final String RTDS = "type.googleapis.com/envoy.service.runtime.v3.Runtime";
    static final String GATE = "type.googleapis.com/sluice.gate.v1.Gate";
    static final String GATES = "sluice.gate.v1.GateDiscoveryService/DeltaGates";

    private static final ConfigSource ADS =
            ConfigSource.newBuilder()
                    .setResourceApiVersion(io.envoyproxy.envoy.config.core.v3.ApiVersion.V3)
                    .setAds(AggregatedConfigSource.getDefaultInstance())
                    .build();

    private Xds() {}

    /** A bootstrap of node {@code node-1} that follows a server on this machine. */
    static String bootstrap(String protocol, int port) {
        return """
        node: {id: node-1, cluster: shop}
        dynamic_resources:
          ads_config:
            api_type: %s
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: control}}]
          lds_config: {ads: {}, resource_api_version: V3}
          cds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
        """
                        .formatted(protocol)
                + Yaml.http2Cluster("control", port).indent(4);
    }

    static Cluster cluster(String name) {
        return Cluster.newBuilder()
                .setName(name)
                .setType(Cluster.DiscoveryType.EDS)
                .setConnectTimeout(Duration.newBuilder().setSeconds(1))
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setEdsConfig(ADS))
                .build();
    }

    static ClusterLoadAssignment endpoints(String cluster, int... ports) {
        LocalityLbEndpoints.Builder all = LocalityLbEndpoints.newBuilder();
        for (int port : ports) {
            all.addLbEndpoints(
                    LbEndpoint.newBuilder()
                            .setEndpoint(Endpoint.newBuilder().setAddress(address(port))));
        }
        return ClusterLoadAssignment.newBuilder().setClusterName(cluster).addEndpoints(all).build();
    }

    /** A listener on a free port with its routes by name. */
    static Listener listener(String name, String routes) {
        HttpConnectionManager http =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix(name)
                        .setRds(Rds.newBuilder().setRouteConfigName(routes).setConfigSource(ADS))
                        .addHttpFilters(
                                HttpFilter.newBuilder()
                                        .setName("envoy.filters.http.router")
                                        .setTypedConfig(Any.pack(Router.getDefaultInstance())))
                        .build();
        return Listener.newBuilder()
                .setName(name)
                .setAddress(address(0))
                .addFilterChains(
                        FilterChain.newBuilder()
                                .addFilters(
                                        Filter.newBuilder()
                                                .setName("http")
                                                .setTypedConfig(Any.pack(http))))
                .build();
    }

    /** The listener with TLS whose certificate is a secret. */
    static Listener secured(Listener listener, String secret) {
        return secured(
                listener,
                CommonTlsContext.newBuilder()
                        .addTlsCertificateSdsSecretConfigs(secretOf(secret))
                        .build());
    }

    /** The listener with TLS whose certificate and key stand in it. */
    static Listener secured(Listener listener, Issued issued) throws IOException {
        return secured(
                listener, CommonTlsContext.newBuilder().addTlsCertificates(pair(issued)).build());
    }

    private static Listener secured(Listener listener, CommonTlsContext common) {
        Listener.Builder secured = listener.toBuilder();
        secured.getFilterChainsBuilder(0)
                .setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("tls")
                                .setTypedConfig(
                                        Any.pack(
                                                DownstreamTlsContext.newBuilder()
                                                        .setCommonTlsContext(common)
                                                        .build())));
        return secured.build();
    }

    /** The cluster with TLS whose authorities are a secret. */
    static Cluster trusting(Cluster cluster, String secret) {
        return cluster.toBuilder()
                .setTransportSocket(
                        TransportSocket.newBuilder()
                                .setName("tls")
                                .setTypedConfig(
                                        Any.pack(
                                                UpstreamTlsContext.newBuilder()
                                                        .setCommonTlsContext(
                                                                CommonTlsContext.newBuilder()
                                                                        .setValidationContextSdsSecretConfig(
                                                                                secretOf(secret)))
                                                        .build())))
                .build();
    }

    static Secret certificate(String name, Issued issued) throws IOException {
        return Secret.newBuilder().setName(name).setTlsCertificate(pair(issued)).build();
    }

    static Secret authorities(String name, Path pem) throws IOException {
        return Secret.newBuilder()
                .setName(name)
                .setValidationContext(
                        CertificateValidationContext.newBuilder().setTrustedCa(text(pem)))
                .build();
    }

    private static SdsSecretConfig secretOf(String name) {
        return SdsSecretConfig.newBuilder().setName(name).setSdsConfig(ADS).build();
    }

    private static TlsCertificate pair(Issued issued) throws IOException {
        return TlsCertificate.newBuilder()
                .setCertificateChain(text(issued.chainFile()))
                .setPrivateKey(text(issued.keyFile()))
                .build();
    }

    private static DataSource text(Path pem) throws IOException {
        return DataSource.newBuilder().setInlineString(Files.readString(pem)).build();
    }

    private static Address address(int port) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder().setAddress("127.0.0.1").setPortValue(port))
                .build();
    }

    /** Every path to a cluster. */
    static RouteConfiguration routes(String name, String cluster) {
        return routes(name, route(cluster));
    }

    /** Every path through a gate of the gate stream. */
    static RouteConfiguration gatedRoutes(String name, String gate) {
        return routes(
                name,
                route("old")
                        .putTypedPerFilterConfig(
                                "sluice.gate",
                                Any.pack(
                                        RouteGate.newBuilder()
                                                .setName(gate)
                                                .setOperation("read")
                                                .setOperationClass(OperationClass.READ)
                                                .build())));
    }

    /** Every path through a gate of the gate stream, as writes without a time limit. */
    static RouteConfiguration writtenRoutes(String name, String gate) {
        Route.Builder written = route("old");
        written.getRouteBuilder().setTimeout(Duration.getDefaultInstance());
        return routes(
                name,
                written.putTypedPerFilterConfig(
                        "sluice.gate",
                        Any.pack(
                                RouteGate.newBuilder()
                                        .setName(gate)
                                        .setOperation("write")
                                        .setOperationClass(OperationClass.UNSAFE_WRITE)
                                        .build())));
    }

    /** Every path to the service beside the sidecar, which plays LEGACY of a gate of the stream. */
    static RouteConfiguration servedRoutes(String name, String gate, String cluster) {
        return routes(
                name,
                route(cluster)
                        .putTypedPerFilterConfig(
                                "sluice.gate",
                                Any.pack(
                                        RouteGate.newBuilder()
                                                .setName(gate)
                                                .setOperation("read")
                                                .setServedArm(Arm.LEGACY)
                                                .build())));
    }

    private static Route.Builder route(String cluster) {
        return Route.newBuilder()
                .setName("all")
                .setMatch(RouteMatch.newBuilder().setPrefix("/"))
                .setRoute(RouteAction.newBuilder().setCluster(cluster));
    }

    private static RouteConfiguration routes(String name, Route.Builder... routes) {
        VirtualHost.Builder host = VirtualHost.newBuilder().setName("all").addDomains("*");
        for (Route.Builder route : routes) {
            host.addRoutes(route);
        }
        return RouteConfiguration.newBuilder().setName(name).addVirtualHosts(host).build();
    }

    /** To {@code new} for the share that a runtime value says, else to {@code old}. */
    static RouteConfiguration sharedRoutes(String name, String key) {
        Route.Builder part = route("new");
        part.getMatchBuilder()
                .setRuntimeFraction(
                        RuntimeFractionalPercent.newBuilder()
                                .setRuntimeKey(key)
                                .setDefaultValue(FractionalPercent.newBuilder().setNumerator(100)));
        return routes(name, part, route("old"));
    }

    /** A layer with one runtime value. */
    static Runtime runtime(String name, String key, int value) {
        return Runtime.newBuilder()
                .setName(name)
                .setLayer(
                        Struct.newBuilder()
                                .putFields(key, Value.newBuilder().setNumberValue(value).build()))
                .build();
    }

    /**
     * The gate {@link #gate} over two stores, all writes LEGACY's.
     *
     * @param heldBelow buckets whose writes are held; 0: none
     */
    static Gate writtenGate(long number, int heldBelow) {
        Gate.Builder gate =
                gate(number, 0).toBuilder()
                        .setContractVersion(3)
                        .setStoreKind(StoreKind.SEPARATE)
                        .setFrom(Mode.SHADOW)
                        .setTo(Mode.LIVE)
                        .setWriteAuthority(WriteAuthority.getDefaultInstance());
        if (heldBelow > 0) {
            gate.setWriteHold(WriteHold.newBuilder().setToBucket(heldBelow));
        }
        return gate.build();
    }

    /** A gate between clusters {@code old} and {@code new}, by header {@code x-user}. */
    static Gate gate(long number, int share) {
        return Gate.newBuilder()
                .setName("gates/orders")
                .setRevision(GateRevision.newBuilder().setEpoch(1).setNumber(number))
                .setLegacyCluster("old")
                .setNewCluster("new")
                .setStoreKind(StoreKind.SHARED)
                .setFrom(Mode.OFF)
                .setTo(Mode.COMPLETE)
                .setSharePpm(share)
                .setBucketing(
                        Bucketing.newBuilder()
                                .setSalt("orders")
                                .setLegacy(Empty.getDefaultInstance())
                                .setKey(KeySource.newBuilder().setHeader("x-user")))
                .build();
    }
}
