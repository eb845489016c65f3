package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.ForgetNodeRequest;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.control.cli.resource.Nodes;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.Told;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What is done with nodes beside reading them. For one run. */
@Command(name = "node", description = "Nodes: the proxies that the control plane serves.")
public final class NodeCommands {
    private final Session session;

    public NodeCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Prints nodes as they are, then every change, until it is stopped, also where the",
                "connection breaks meanwhile."
            })
    int watch() {
        var told = new Told<Node>();
        new Rewatch(session, told::again)
                .run(
                        channel ->
                                NodeServiceGrpc.newBlockingStub(channel)
                                        .watchNodes(WatchNodesRequest.getDefaultInstance()),
                        node -> {
                            if (told.isNews(node.getName(), told(node))) {
                                session.printer().event(node, line(node));
                            }
                            return true;
                        });
        return ExitCode.OK.number();
    }

    @Command(description = "Removes a node that is gone for good and did not say goodbye.")
    int forget(@Parameters(paramLabel = "NAME") String name, @Mixin RequiredReasonOption reason) {
        String node = Nodes.SHAPE.expand(name);
        var unused =
                NodeServiceGrpc.newBlockingStub(session.channel())
                        .forgetNode(
                                ForgetNodeRequest.newBuilder()
                                        .setName(node)
                                        .setReason(reason.text)
                                        .setRequestId(
                                                session.surroundings()
                                                        .requestIds()
                                                        .get()
                                                        .toString())
                                        .build());
        session.printer().remark("forgot " + node);
        return ExitCode.OK.number();
    }

    /** What is news of it: not that it was heard again. */
    private static Node told(Node node) {
        return node.toBuilder().clearLastSeenTime().build();
    }

    private static String line(Node node) {
        return "%s %s %s, %d gates, %d trips"
                .formatted(
                        node.getName(),
                        node.getKind(),
                        node.getConnection(),
                        node.getGatesCount(),
                        node.getTripsCount());
    }
}
