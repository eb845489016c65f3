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
import java.lang.ref.WeakReference;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nodes over gRPC. Thread-safe. */
public final class NodeApi extends NodeServiceImplBase {
    private final Desk desk;
    private final NodeStates nodeStates;
    private final StateStreams streams;

    /** Of all who watch, and kept by them alone. */
    private WeakReference<NodeBoard> board = new WeakReference<>(null); // guarded by this

    public NodeApi(Desk desk, NodeStates nodeStates, StateStreams streams) {
        this.desk = desk;
        this.nodeStates = nodeStates;
        this.streams = streams;
    }

    /** All of them, as they are read. */
    public static Stream<Node> all(Catalog catalog, NodeStates states) {
        var form = new NodeForm(catalog);
        return catalog.nodes().stream().map(it -> form.write(it, states.node(it.name())));
    }

    @Override
    public void getNode(GetNodeRequest request, StreamObserver<Node> observer) {
        NodeName name = Desk.name(NodeName.parse(request.getName()));
        Catalog catalog = desk.now();
        Desk.done(
                new NodeForm(catalog)
                        .write(Desk.found(catalog.node(name), name), nodeStates.node(name)),
                observer);
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
        var form = new NodeForm(catalog);
        page.resources()
                .forEach(node -> answer.addNodes(form.write(node, nodeStates.node(node.name()))));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void watchNodes(WatchNodesRequest request, StreamObserver<Node> observer) {
        streams.open(
                observer,
                new StateStreams.Shape<>(board()::all, _ -> Optional.empty(), _ -> false));
    }

    @Override
    public void forgetNode(ForgetNodeRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.ForgetNode(Desk.name(NodeName.parse(request.getName()))),
                new Conditions(request.getRequestId(), false, "", request.getReason()),
                Empty.getDefaultInstance(),
                observer);
    }

    private synchronized NodeBoard board() {
        @Nullable NodeBoard shared = board.get();
        if (shared == null) {
            shared = new NodeBoard(nodeStates);
            board = new WeakReference<>(shared);
        }
        return shared;
    }
}
