package dev.sluice.demo;

import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.demo.stage.AdminApi;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Share of every revision of both gates, as the control plane's log has it. Stateless. */
final class GateShares {
    private static final List<String> GATES = List.of("gates/customers", "gates/orders");

    private GateShares() {}

    /** By gate and revision, parts per million. */
    static Map<String, Map<GateRevision, Integer>> of(AdminApi control) {
        Map<String, Map<GateRevision, Integer>> shares = new HashMap<>();
        GATES.forEach(gate -> shares.put(gate, sharesOf(control, gate)));
        return shares;
    }

    private static Map<GateRevision, Integer> sharesOf(AdminApi control, String gate) {
        Map<GateRevision, Integer> shares = new HashMap<>();
        GateServiceGrpc.newBlockingStub(control.channel())
                .listGateRevisions(
                        ListGateRevisionsRequest.newBuilder()
                                .setName(gate)
                                .setPageSize(1_000)
                                .build())
                .getRevisionsList()
                .forEach(entry -> {
                    var revision = entry.getGate().getRevision();
                    shares.put(
                            new GateRevision(revision.getEpoch(), revision.getNumber()),
                            entry.getGate().getSharePpm());
                });
        return shares;
    }
}
