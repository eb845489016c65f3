package dev.sluice.control.admin.structure;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.ForgetNodeRequest;
import dev.sluice.admin.v1.GetNodeRequest;
import dev.sluice.admin.v1.ListNodesRequest;
import dev.sluice.admin.v1.ListNodesResponse;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc.NodeServiceImplBase;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.contract.NodeName;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.orchestrate.NodeStates;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Nodes over gRPC. Thread-safe. */
public final class NodeApi extends NodeServiceImplBase {
    private final Desk desk;
    private final NodeStates nodeStates;
    private final StateStreams streams;

    public NodeApi(Desk desk, NodeStates nodeStates, StateStreams streams) {
        this.desk = desk;
        this.nodeStates = nodeStates;
        this.streams = streams;
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
        NodeName name = Desk.name(NodeName.parse(request.getName()));
        Catalog catalog = desk.now();
        Desk.done(write(Desk.found(catalog.node(name), name), catalog), observer);
    }

    @Override
    public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
        Catalog catalog = desk.now();
        var page =
                Page.of(
                        catalog.nodes(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Node::name,
                        NodeName::parse);
        var answer = ListNodesResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(node -> answer.addNodes(write(node, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void watchNodes(WatchNodesRequest request, StreamObserver<Node> observer) {
        streams.open(
                observer, new StateStreams.Shape<>(this::all, _ -> Optional.empty(), _ -> false));
    }

    @Override
    public void forgetNode(ForgetNodeRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.ForgetNode(Desk.name(NodeName.parse(request.getName()))),
                new Conditions(request.getRequestId(), false, "", request.getReason()),
                Empty.getDefaultInstance(),
                observer);
    }

    private Map<String, Node> all(Catalog catalog) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        catalog.nodes().forEach(node -> nodes.put(node.name().name(), write(node, catalog)));
        return nodes;
    }

    private Node write(dev.sluice.control.catalog.Node node, Catalog catalog) {
        return NodeForm.write(node, nodeStates.node(node.name()), catalog);
    }
}
