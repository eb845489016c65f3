package dev.sluice.control.lifecycle.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateRevisionEntry;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Node;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What the nodes have told of themselves at one moment: facts for a decision, which the log does
 * not hold. Sidecars say by evidence which revisions they decide by, stock proxies by accepting the
 * routes into which gates were rendered. Who said nothing has nothing. Immutable.
 *
 * @param decidesBy revision of each gate by which a sidecar decides
 * @param heard when a sidecar reported last, by the control plane's clock
 * @param accepted place of the log up to which a stock proxy has accepted its routes
 * @param structure what a node has of its structure; thread-safe, and asked only when it matters
 * @param callers who called the arms of a gate; thread-safe, and asked only when it matters, since
 *     callers are many
 */
public record FleetReport(
        Map<NodeName, Map<GateName, GateRevision>> decidesBy,
        Map<NodeName, Instant> heard,
        Map<NodeName, Long> accepted,
        Function<NodeName, StructureAtNode> structure,
        Function<GateName, List<CallerCounts>> callers) {
    /** No node has said anything. */
    public static final FleetReport SILENT = new FleetReport(Map.of(), Map.of(), Map.of());

    /** Two reports of the largest fleet missed, twenty of a small one. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    public FleetReport {
        decidesBy = Map.copyOf(decidesBy);
        heard = Map.copyOf(heard);
        accepted = Map.copyOf(accepted);
    }

    /** Without callers. */
    public FleetReport(
            Map<NodeName, Map<GateName, GateRevision>> decidesBy,
            Map<NodeName, Instant> heard,
            Map<NodeName, Long> accepted) {
        this(decidesBy, heard, accepted, _ -> List.of());
    }

    /** Without structure. */
    public FleetReport(
            Map<NodeName, Map<GateName, GateRevision>> decidesBy,
            Map<NodeName, Instant> heard,
            Map<NodeName, Long> accepted,
            Function<GateName, List<CallerCounts>> callers) {
        this(decidesBy, heard, accepted, _ -> StructureAtNode.SILENT, callers);
    }

    /** Live nodes that do not report the present revision of each of these gates applied. */
    public List<NodeName> lagging(Catalog catalog, List<GateState> gates) {
        GatesMet met = GatesMet.of(catalog, gates);
        return live(catalog)
                .filter(node -> {
                    Set<GateName> held = met.by(node.spec());
                    return gates.stream()
                            .filter(gate -> held.contains(gate.name()))
                            .anyMatch(gate -> !hasApplied(node, gate.presentEntry()));
                })
                .map(Node::name)
                .toList();
    }

    /** Live nodes that meet any of these gates. */
    List<Node> liveNodes(Catalog catalog, List<GateState> gates) {
        GatesMet met = GatesMet.of(catalog, gates);
        return live(catalog).filter(node -> !met.by(node.spec()).isEmpty()).toList();
    }

    /** Live nodes of these gates that are lost, or lag: they would not follow soon. */
    List<NodeName> behind(Catalog catalog, List<GateState> gates) {
        Set<NodeName> lagging = Set.copyOf(lagging(catalog, gates));
        return liveNodes(catalog, gates).stream()
                .filter(node ->
                        node.presence() == Node.Presence.LOST || lagging.contains(node.name()))
                .map(Node::name)
                .toList();
    }

    /** Live nodes of a gate that do not report this revision of it, or a later one, applied. */
    List<NodeName> lagging(Catalog catalog, GateState gate, GateRevisionEntry revision) {
        GatesMet met = GatesMet.of(catalog, List.of(gate));
        return live(catalog)
                .filter(node -> met.by(node.spec()).contains(gate.name()))
                .filter(node -> !hasApplied(node, revision))
                .map(Node::name)
                .toList();
    }

    /** Live sidecars of these gates from which no report came lately. */
    public List<NodeName> silent(Catalog catalog, List<GateState> gates, Instant now) {
        GatesMet met = GatesMet.of(catalog, gates);
        return live(catalog)
                .filter(node -> node.spec().kind() == NodeSpec.Kind.SLUICE)
                .filter(node -> !met.by(node.spec()).isEmpty())
                .map(Node::name)
                .filter(node -> isSilent(node, now))
                .toList();
    }

    /**
     * Live sidecars beside a version that count who calls it, and from which no report came lately.
     */
    public List<NodeName> silentBeside(Catalog catalog, VersionName version, Instant now) {
        boolean counted =
                catalog.version(version).filter(it -> it.spec().inbound().isPresent()).isPresent();
        return live(catalog)
                .filter(node -> counted && node.spec().kind() == NodeSpec.Kind.SLUICE)
                .filter(node -> node.spec().version().filter(version::equals).isPresent())
                .map(Node::name)
                .filter(node -> isSilent(node, now))
                .toList();
    }

    private boolean isSilent(NodeName node, Instant now) {
        return Optional.ofNullable(heard.get(node))
                .filter(time -> !time.isBefore(now.minus(SILENCE)))
                .isEmpty();
    }

    private boolean hasApplied(Node node, GateRevisionEntry revision) {
        return switch (node.spec().kind()) {
            case SLUICE ->
                    Optional.ofNullable(
                                    decidesBy
                                            .getOrDefault(node.name(), Map.of())
                                            .get(revision.spec().content().name()))
                            .filter(known -> !known.isBelow(revision.revision()))
                            .isPresent();
            case ENVOY, GRPC -> accepted.getOrDefault(node.name(), -1L) >= revision.seq();
        };
    }

    private static Stream<Node> live(Catalog catalog) {
        return catalog.nodes().stream().filter(Node::isLive);
    }
}
