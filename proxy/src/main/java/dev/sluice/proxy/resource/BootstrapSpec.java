package dev.sluice.proxy.resource;

import com.google.protobuf.Struct;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a proxy starts from (Envoy {@code Bootstrap}). Immutable.
 *
 * @param node who the proxy says it is
 * @param admin address of the admin endpoint; absent: none
 * @param listeners static ones, in order
 * @param clusters static ones, in order
 * @param secrets static ones, by name
 * @param ads the management server; absent: static configuration only
 * @param overload when load is shed
 * @param runtime values that change while the proxy runs
 * @param upstreamSource where connections to endpoints come from, where their cluster does not say
 * @param inert paths of what is said without effect, for people
 * @param source what it was read from, for {@code config_dump}; holds whatever is secret in it
 */
public record BootstrapSpec(
        Node node,
        Optional<SocketAddressSpec> admin,
        List<ListenerSpec> listeners,
        List<ClusterSpec> clusters,
        Map<String, SecretSpec> secrets,
        Optional<Ads> ads,
        OverloadSpec overload,
        RuntimeSpec runtime,
        SourceSpec upstreamSource,
        List<String> inert,
        Bootstrap source) {
    public BootstrapSpec {
        listeners = List.copyOf(listeners);
        clusters = List.copyOf(clusters);
        secrets = Map.copyOf(secrets);
        inert = List.copyOf(inert);
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "bootstrap of node " + node.id();
    }

    /**
     * Who a proxy is, to its management server.
     *
     * @param id unique among proxies; may be empty without a management server
     * @param cluster group of proxies
     * @param metadata as given, for the management server alone
     * @param locality where it runs
     */
    public record Node(String id, String cluster, Struct metadata, Locality locality) {}

    /** Where a proxy runs; parts may be empty. */
    public record Locality(String region, String zone, String subZone) {}

    /**
     * The aggregated stream of a management server.
     *
     * @param protocol which variant is spoken
     * @param cluster static cluster of its servers
     * @param authority of its requests; empty: the cluster's name
     * @param metadata headers of the stream, in order of their names
     * @param subscriptions which kinds are asked for from the start
     */
    public record Ads(
            Protocol protocol,
            String cluster,
            String authority,
            Map<String, String> metadata,
            Set<Subscription> subscriptions) {
        public Ads {
            metadata = Map.copyOf(metadata);
            subscriptions = Set.copyOf(subscriptions);
        }
    }

    /** Variants of the aggregated stream. */
    public enum Protocol {
        STATE_OF_THE_WORLD,
        DELTA
    }

    /** Kinds of resources that are asked for with a wildcard. */
    public enum Subscription {
        LISTENERS,
        CLUSTERS
    }
}
