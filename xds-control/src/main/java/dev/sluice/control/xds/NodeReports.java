package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.control.change.spec.NodeLabel;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.structure.StructureAtNode;
import dev.sluice.replica.v1.NodeKind;
import dev.sluice.replica.v1.NodeReport;
import dev.sluice.replica.v1.TypeReport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Nodes of one replica as messages to another. Pure. */
final class NodeReports {
    private NodeReports() {}

    /**
     * What another replica says of a node that it serves. Immutable.
     *
     * @param accepted as {@link NodeLedger#acceptedUpTo}
     */
    record Told(
            OptionalLong accepted,
            StructureAtNode structure,
            List<TypeAtNode> types,
            Map<GateName, String> refusals) {}

    static NodeReport write(NodeView view, OptionalLong accepted, StructureAtNode structure) {
        NodeSpec spec = view.spec();
        NodeReport.Builder report =
                NodeReport.newBuilder()
                        .setNodeId(spec.name().id())
                        .setConnected(view.connected())
                        .setCluster(spec.cluster())
                        .setService(spec.service().map(ServiceName::name).orElse(""))
                        .setVersion(spec.version().map(VersionName::name).orElse(""))
                        .setKind(kind(spec.kind()))
                        .setUserAgent(spec.userAgent())
                        .setGateContractVersion(spec.gateContractVersion())
                        .setBindAddress(spec.bindAddress());
        spec.labels().forEach(label -> report.putLabels(label.key(), label.value()));
        accepted.ifPresent(report::setAccepted);
        structure.settled().ifPresent(report::setSettled);
        structure
                .refused()
                .forEach(it -> report.addRefusedBuilder().setPlace(it.at()).setReason(it.what()));
        view.types().forEach(type -> report.addTypes(write(type)));
        view.refusals().forEach((gate, why) -> report.putRefusals(gate.name(), why));
        return report.build();
    }

    /**
     * @throws IllegalArgumentException when it is no report of a node
     */
    static NodeSpec spec(NodeReport report) {
        return new NodeSpec(
                NodeName.ofId(report.getNodeId()).orThrow(),
                report.getCluster(),
                ServiceName.parse(report.getService()).toOptional(),
                VersionName.parse(report.getVersion()).toOptional(),
                kind(report.getKind()),
                report.getUserAgent(),
                report.getGateContractVersion(),
                report.getBindAddress(),
                report.getLabelsMap().entrySet().stream()
                        .map(label -> new NodeLabel(label.getKey(), label.getValue()))
                        .toList());
    }

    static Told told(NodeReport report) {
        Map<GateName, String> refusals = new HashMap<>();
        report.getRefusalsMap()
                .forEach((gate, why) -> refusals.put(GateName.parse(gate).orThrow(), why));
        return new Told(
                report.hasAccepted() ? OptionalLong.of(report.getAccepted()) : OptionalLong.empty(),
                new StructureAtNode(
                        report.hasSettled()
                                ? OptionalLong.of(report.getSettled())
                                : OptionalLong.empty(),
                        report.getRefusedList().stream()
                                .map(it ->
                                        new StructureAtNode.Refused(it.getPlace(), it.getReason()))
                                .toList()),
                report.getTypesList().stream().map(NodeReports::read).toList(),
                Map.copyOf(refusals));
    }

    private static TypeReport write(TypeAtNode type) {
        return TypeReport.newBuilder()
                .setTypeUrl(type.typeUrl())
                .setSentVersion(type.sentVersion())
                .setAcceptedVersion(type.acceptedVersion())
                .setRefusal(type.refusal())
                .addAllWithheld(type.withheld())
                .build();
    }

    private static TypeAtNode read(TypeReport type) {
        return new TypeAtNode(
                type.getTypeUrl(),
                type.getSentVersion(),
                type.getAcceptedVersion(),
                type.getRefusal(),
                List.copyOf(type.getWithheldList()));
    }

    private static NodeKind kind(NodeSpec.Kind kind) {
        return switch (kind) {
            case SLUICE -> NodeKind.SLUICE;
            case ENVOY -> NodeKind.ENVOY;
            case GRPC -> NodeKind.GRPC;
        };
    }

    private static NodeSpec.Kind kind(NodeKind kind) {
        return switch (kind) {
            case SLUICE -> NodeSpec.Kind.SLUICE;
            case ENVOY -> NodeSpec.Kind.ENVOY;
            case GRPC -> NodeSpec.Kind.GRPC;
            case NODE_KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException("kind " + kind + " (expected a known one)");
        };
    }
}
