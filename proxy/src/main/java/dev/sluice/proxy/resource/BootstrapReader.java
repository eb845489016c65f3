package dev.sluice.proxy.resource;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.proxy.resource.cluster.ClusterParser;
import dev.sluice.proxy.resource.cluster.SourceParser;
import dev.sluice.proxy.resource.listener.ListenerParser;
import dev.sluice.proxy.resource.overload.OverloadParser;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Names;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.resource.runtime.RuntimeParser;
import dev.sluice.proxy.resource.tls.SecretParser;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.tls.DownstreamTlsSpec;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import dev.sluice.proxy.snapshot.tls.TlsSpec;
import dev.sluice.proxy.snapshot.tls.UpstreamTlsSpec;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads an Envoy bootstrap in YAML or JSON. Reports everything that is wrong in it at once, each
 * problem with the line, the path and the remedy. Stateless.
 */
public final class BootstrapReader {
    private static final DocumentReader DOCUMENTS = new DocumentReader(Extensions.TYPES);

    private BootstrapReader() {}

    /**
     * Reads one bootstrap.
     *
     * @param text YAML or JSON
     * @param source its name in problems, such as the file name
     */
    public static Parsed<BootstrapSpec> read(String text, String source) {
        return read(text, source, NodeNames.OF_BOOTSTRAP);
    }

    /**
     * Reads one bootstrap.
     *
     * @param text YAML or JSON
     * @param source its name in problems, such as the file name
     * @param names what wins over its node
     */
    public static Parsed<BootstrapSpec> read(String text, String source, NodeNames names) {
        return switch (DOCUMENTS.read(text, source, Bootstrap.getDefaultInstance())) {
            case Parsed.Refused<Document<Bootstrap>> refused ->
                    new Parsed.Refused<>(refused.problems());
            case Parsed.Ok<Document<Bootstrap>>(Document<Bootstrap> document) ->
                    located(document, names);
        };
    }

    /** Reads a bootstrap that is a message already; paths of problems stand alone. */
    public static Parsed<BootstrapSpec> read(Bootstrap proto) {
        Spot root = Spot.root();
        root.guard(proto);
        Optional<SocketAddressSpec> admin =
                proto.getAdmin().hasAddress()
                        ? Addresses.listening(
                                proto.getAdmin().getAddress(), root.field("admin").field("address"))
                        : Optional.empty();
        List<ListenerSpec> listeners = listeners(proto, root);
        List<ClusterSpec> clusters = clusters(proto, root);
        Map<String, SecretSpec> secrets = secrets(proto, root);
        Optional<BootstrapSpec.Ads> ads =
                AdsParser.parse(
                        proto.getDynamicResources(),
                        proto.getNode(),
                        root.field("dynamic_resources"));
        OverloadSpec overload =
                OverloadParser.parse(proto.getOverloadManager(), root.field("overload_manager"));
        RuntimeSpec runtime = runtime(proto, ads.isPresent(), root.field("layered_runtime"));
        SourceSpec source =
                SourceParser.parse(
                        proto.getClusterManager().getUpstreamBindConfig(),
                        root.field("cluster_manager").field("upstream_bind_config"));
        CrossChecks.check(proto, root);
        if (ads.isEmpty()) {
            secretsAreThere(listeners, clusters, secrets, root);
        }
        return root.problems()
                .finish(() ->
                        new BootstrapSpec(
                                node(proto.getNode()),
                                admin,
                                listeners,
                                clusters,
                                secrets,
                                ads,
                                overload,
                                runtime,
                                source,
                                root.inertPaths(),
                                proto));
    }

    private static RuntimeSpec runtime(Bootstrap proto, boolean managed, Spot at) {
        if (!proto.hasLayeredRuntime()) {
            return RuntimeSpec.NONE;
        }
        RuntimeSpec runtime = RuntimeParser.parse(proto.getLayeredRuntime(), at);
        if (!managed && !runtime.resources().isEmpty()) {
            at.field("layers")
                    .add(
                            "layers " + runtime.resources() + " of a management server",
                            "dynamic_resources.ads_config",
                            "say which server to follow, or use static_layer");
        }
        return runtime;
    }

    private static Parsed<BootstrapSpec> located(Document<Bootstrap> document, NodeNames names) {
        return switch (read(names.in(document.message()))) {
            case Parsed.Ok<BootstrapSpec> ok -> ok;
            case Parsed.Refused<BootstrapSpec> refused ->
                    new Parsed.Refused<>(document.locate(refused.problems()));
        };
    }

    private static List<ListenerSpec> listeners(Bootstrap proto, Spot root) {
        Spot at = root.field("static_resources").field("listeners");
        List<ListenerSpec> listeners = new ArrayList<>();
        for (int i = 0; i < proto.getStaticResources().getListenersCount(); i++) {
            ListenerParser.parse(proto.getStaticResources().getListeners(i), at.index(i))
                    .ifPresent(listeners::add);
        }
        return listeners;
    }

    private static List<ClusterSpec> clusters(Bootstrap proto, Spot root) {
        Spot at = root.field("static_resources").field("clusters");
        List<ClusterSpec> clusters = new ArrayList<>();
        for (int i = 0; i < proto.getStaticResources().getClustersCount(); i++) {
            ClusterParser.parse(proto.getStaticResources().getClusters(i), at.index(i))
                    .ifPresent(clusters::add);
        }
        return clusters;
    }

    private static Map<String, SecretSpec> secrets(Bootstrap proto, Spot root) {
        Spot at = root.field("static_resources").field("secrets");
        Map<String, SecretSpec> secrets = new HashMap<>();
        Names names = new Names("secret");
        for (int i = 0; i < proto.getStaticResources().getSecretsCount(); i++) {
            Secret secret = proto.getStaticResources().getSecrets(i);
            names.take(Values.text(secret.getName(), at.index(i)), at.index(i).field("name"));
            SecretParser.parse(secret, at.index(i))
                    .ifPresent(found -> secrets.put(secret.getName(), found));
        }
        return secrets;
    }

    /** Without a management server, every secret that is named stands in the bootstrap. */
    private static void secretsAreThere(
            List<ListenerSpec> listeners,
            List<ClusterSpec> clusters,
            Map<String, SecretSpec> secrets,
            Spot root) {
        Spot at = root.field("static_resources").field("secrets");
        Stream<TlsSpec> all =
                Stream.concat(
                        listeners.stream()
                                .flatMap(ListenerSpec::allChains)
                                .flatMap(chain -> chain.tls().stream())
                                .map(DownstreamTlsSpec::common),
                        clusters.stream()
                                .flatMap(cluster -> cluster.transport().tls().stream())
                                .map(UpstreamTlsSpec::common));
        all.flatMap(tls -> tls.missing(secrets).stream())
                .distinct()
                .forEach(name ->
                        at.add(
                                "no secret " + Problem.quote(name) + " of the kind that is needed",
                                "every secret that is named",
                                "add it, or name a management server in dynamic_resources"));
    }

    private static BootstrapSpec.Node node(Node proto) {
        return new BootstrapSpec.Node(
                proto.getId(),
                proto.getCluster(),
                proto.getMetadata(),
                new BootstrapSpec.Locality(
                        proto.getLocality().getRegion(),
                        proto.getLocality().getZone(),
                        proto.getLocality().getSubZone()));
    }
}
