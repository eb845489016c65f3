package dev.sluice.proxy.resource;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.document.Document;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.proxy.snapshot.ClusterSpec;
import dev.sluice.proxy.snapshot.ListenerSpec;
import dev.sluice.proxy.snapshot.SocketAddressSpec;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        return switch (DOCUMENTS.read(text, source, Bootstrap.getDefaultInstance())) {
            case Parsed.Refused<Document<Bootstrap>> refused ->
                    new Parsed.Refused<>(refused.problems());
            case Parsed.Ok<Document<Bootstrap>>(Document<Bootstrap> document) -> located(document);
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
        Optional<BootstrapSpec.Ads> ads =
                AdsParser.parse(
                        proto.getDynamicResources(),
                        proto.getNode(),
                        root.field("dynamic_resources"));
        CrossChecks.check(proto, root);
        return root.problems()
                .finish(() ->
                        new BootstrapSpec(
                                node(proto.getNode()),
                                admin,
                                listeners,
                                clusters,
                                ads,
                                root.inertPaths()));
    }

    private static Parsed<BootstrapSpec> located(Document<Bootstrap> document) {
        return switch (read(document.message())) {
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
