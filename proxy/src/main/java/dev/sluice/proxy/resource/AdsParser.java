package dev.sluice.proxy.resource;

import dev.sluice.proxy.resource.BootstrapSpec.Ads;
import dev.sluice.proxy.resource.BootstrapSpec.Protocol;
import dev.sluice.proxy.resource.BootstrapSpec.Subscription;
import dev.sluice.proxy.resource.read.ConfigSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.DynamicResources;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads which management server a proxy follows; empty without one, or after a problem. Stateless.
 */
final class AdsParser {
    private AdsParser() {}

    static Optional<Ads> parse(DynamicResources proto, Node node, Spot at) {
        Set<Subscription> subscriptions = EnumSet.noneOf(Subscription.class);
        if (proto.hasLdsConfig()) {
            ConfigSources.ads(proto.getLdsConfig(), at.field("lds_config"));
            subscriptions.add(Subscription.LISTENERS);
        }
        if (proto.hasCdsConfig()) {
            ConfigSources.ads(proto.getCdsConfig(), at.field("cds_config"));
            subscriptions.add(Subscription.CLUSTERS);
        }
        if (!proto.hasAdsConfig()) {
            if (!subscriptions.isEmpty()) {
                at.add("no ads_config", "ads_config", "say which server to follow");
            }
            return Optional.empty();
        }
        if (node.getId().isEmpty()) {
            at.field("ads_config")
                    .add(
                            "a node without id",
                            "node.id",
                            "name this proxy in node.id, or by --service-node");
        }
        return ads(proto.getAdsConfig(), subscriptions, at.field("ads_config"));
    }

    private static Optional<Ads> ads(
            ApiConfigSource proto, Set<Subscription> subscriptions, Spot at) {
        Optional<Protocol> protocol = protocol(proto, at.field("api_type"));
        ConfigSources.version(proto.getTransportApiVersion(), at.field("transport_api_version"));
        Spot services = at.field("grpc_services");
        if (proto.getGrpcServicesCount() != 1) {
            services.add(
                    proto.getGrpcServicesCount() + " services",
                    "one service",
                    "name one cluster with all servers as its endpoints");
            return Optional.empty();
        }
        GrpcService service = proto.getGrpcServices(0);
        Spot spot = services.index(0);
        if (service.hasTimeout()) {
            spot.field("timeout").add("a timeout", "none", "remove it; the stream is held open");
        }
        Map<String, String> metadata = new TreeMap<>();
        for (int i = 0; i < service.getInitialMetadataCount(); i++) {
            HeaderValue header = service.getInitialMetadata(i);
            Values.headerValue(header.getValue(), spot.field("initial_metadata").index(i))
                    .ifPresent(value -> metadata.put(header.getKey(), value));
        }
        String cluster =
                Values.text(
                        service.getEnvoyGrpc().getClusterName(),
                        spot.field("envoy_grpc").field("cluster_name"));
        return protocol.map(p ->
                new Ads(
                        p,
                        cluster,
                        service.getEnvoyGrpc().getAuthority(),
                        metadata,
                        subscriptions));
    }

    @SuppressWarnings("deprecation") // the retired kinds must be named to be refused
    private static Optional<Protocol> protocol(ApiConfigSource proto, Spot at) {
        return switch (proto.getApiType()) {
            case GRPC -> Optional.of(Protocol.STATE_OF_THE_WORLD);
            case DELTA_GRPC -> Optional.of(Protocol.DELTA);
            case DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE,
                    REST,
                    AGGREGATED_GRPC,
                    AGGREGATED_DELTA_GRPC,
                    UNRECOGNIZED -> {
                at.add(proto.getApiType().name(), "GRPC or DELTA_GRPC", "choose one of these");
                yield Optional.empty();
            }
        };
    }
}
