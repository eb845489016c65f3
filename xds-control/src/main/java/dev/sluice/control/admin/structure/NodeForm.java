package dev.sluice.control.admin.structure;

import dev.sluice.admin.v1.Node;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.orchestrate.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes of one catalog on the wire: what the log knows and what nodes report. Immutable. */
final class NodeForm {
    private final Catalog catalog;

    /** Ids, by the node that they are at. */
    private final Map<NodeName, List<String>> trips = new HashMap<>();

    private final Map<NodeName, List<String>> localKills = new HashMap<>();

    NodeForm(Catalog catalog) {
        this.catalog = catalog;
        catalog.gates()
                .forEach(gate -> {
                    for (TripReport trip : gate.openTrips()) {
                        trips.computeIfAbsent(trip.node(), _ -> new ArrayList<>()).add(trip.id());
                    }
                    for (LocalKillReport kill : gate.openLocalKills()) {
                        localKills
                                .computeIfAbsent(kill.node(), _ -> new ArrayList<>())
                                .add(kill.id());
                    }
                });
    }

    Node write(dev.sluice.control.catalog.Node node, Optional<NodeState> report) {
        NodeSpec spec = node.spec();
        var message =
                Node.newBuilder()
                        .setName(spec.name().name())
                        .setNodeId(spec.name().nodeId())
                        .setCluster(spec.cluster())
                        .setService(spec.service().map(ServiceName::name).orElse(""))
                        .setVersion(spec.version().map(VersionName::name).orElse(""))
                        .setKind(
                                switch (spec.kind()) {
                                    case SLUICE -> Node.Kind.SLUICE;
                                    case ENVOY -> Node.Kind.ENVOY;
                                    case GRPC -> Node.Kind.GRPC;
                                })
                        .setConnection(
                                switch (node.presence()) {
                                    case CONNECTED -> Node.Connection.CONNECTED;
                                    case LOST -> Node.Connection.LOST;
                                    case LEFT -> Node.Connection.LEFT;
                                })
                        .setLastSeenTime(
                                Times.write(
                                        report.map(NodeState::lastSeen)
                                                .orElse(node.meta().updateTime())))
                        .setUserAgent(spec.userAgent());
        spec.labels().forEach(label -> message.putLabels(label.key(), label.value()));
        catalog.ringPlan().ifPresent(plan -> message.setRing(plan.ringId(plan.ringOf(spec))));
        report.ifPresent(known -> add(known, message));
        message.addAllTrips(trips.getOrDefault(spec.name(), List.of()));
        message.addAllLocalKills(localKills.getOrDefault(spec.name(), List.of()));
        return message.build();
    }

    private static void add(NodeState report, Node.Builder message) {
        message.addAllLimitations(report.limitations());
        report.types().forEach(type -> message.addTypes(type(type)));
        for (NodeState.GateReport gate : report.gates()) {
            gate.applied()
                    .ifPresent(revision -> {
                        var state =
                                Node.GateState.newBuilder()
                                        .setGate(gate.gate().name())
                                        .setRevision(GateWriter.revision(revision))
                                        .setWritesUnderWay(gate.writesUnderWay());
                        gate.appliedTime()
                                .ifPresent(time -> state.setAppliedTime(Times.write(time)));
                        message.addGates(state);
                    });
        }
    }

    private static Node.TypeState type(NodeState.TypeReport type) {
        var state =
                Node.TypeState.newBuilder()
                        .setTypeUrl(type.typeUrl())
                        .setSentVersion(type.sentVersion())
                        .setAckedVersion(type.ackedVersion())
                        .setNack(type.nack())
                        .addAllWithheld(type.withheld());
        type.ackLatency().ifPresent(latency -> state.setAckLatency(Times.write(latency)));
        return state.build();
    }
}
