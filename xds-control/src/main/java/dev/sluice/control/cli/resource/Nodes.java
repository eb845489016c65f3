package dev.sluice.control.cli.resource;

import dev.sluice.admin.v1.GetNodeRequest;
import dev.sluice.admin.v1.ListNodesRequest;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import io.grpc.Channel;
import java.util.List;
import java.util.stream.Stream;

/** Nodes. Immutable. */
public final class Nodes implements Listed<Node> {
    public static final Shape SHAPE = new Shape(List.of("nodes"));

    @Override
    public String noun() {
        return "node";
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public List<Column<Node>> columns(Words words) {
        return List.of(
                new Column<>("NAME", node -> SHAPE.brief(node.getName())),
                new Column<>("KIND", node -> node.getKind().name()),
                new Column<>("STATE", node -> node.getConnection().name()),
                new Column<>("VERSION", node -> Words.orDash(node.getVersion())),
                new Column<>("RING", node -> Words.orDash(node.getRing())),
                new Column<>("GATES", Nodes::gates),
                new Column<>("REFUSED", Nodes::refusals),
                new Column<>("TRIPS", node -> Words.joined(node.getTripsList())),
                new Column<>("KILLS", node -> Words.joined(node.getLocalKillsList())),
                new Column<>("SEEN", node -> words.age(node.getLastSeenTime())));
    }

    private static String gates(Node node) {
        return Words.joined(
                node.getGatesList().stream()
                        .map(gate ->
                                Gates.SHAPE.brief(gate.getGate())
                                        + "@"
                                        + Words.revision(gate.getRevision()))
                        .toList());
    }

    private static String refusals(Node node) {
        return Words.joined(
                node.getTypesList().stream()
                        .flatMap(type ->
                                Stream.concat(
                                        Stream.of(type.getNack())
                                                .filter(reason -> !reason.isEmpty())
                                                .map(reason ->
                                                        brief(type.getTypeUrl()) + ": " + reason),
                                        type.getWithheldList().stream()
                                                .map(what -> "withheld " + what)))
                        .toList());
    }

    private static String brief(String typeUrl) {
        return typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
    }

    @Override
    public Node get(Channel channel, String name) {
        return NodeServiceGrpc.newBlockingStub(channel)
                .getNode(GetNodeRequest.newBuilder().setName(name).build());
    }

    @Override
    public Listing<Node> list(Channel channel, String parent, String pageToken) {
        var page =
                NodeServiceGrpc.newBlockingStub(channel)
                        .listNodes(ListNodesRequest.newBuilder().setPageToken(pageToken).build());
        return new Listing<>(page.getNodesList(), page.getNextPageToken());
    }
}
