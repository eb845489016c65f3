package dev.sluice.demo;

import dev.sluice.admin.v1.CreateRampRequest;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.ListGateRevisionsRequest;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.WatchRampRequest;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.view.Screen;
import io.grpc.Channel;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What both acts have in common: a ramp to walk and the control plane's word on it.
 *
 * @param control authorised channel
 * @param screen where it is told
 * @param ledger of the act
 */
record Act(Channel control, Screen screen, Ledger ledger) {
    private static final String GATES[] = {"gates/customers", "gates/orders"};
    private static final long LONGEST_MINUTES = 5;

    /** Walks the ramp to its end, by success or by being taken back. */
    Ramp walk(Ramp plan) {
        RampServiceGrpc.RampServiceBlockingStub ramps = RampServiceGrpc.newBlockingStub(control);
        Ramp created =
                ramps.createRamp(
                        CreateRampRequest.newBuilder()
                                .setRampId("customer-names")
                                .setRamp(plan)
                                .build());
        Iterator<Ramp> changes =
                ramps.withDeadlineAfter(LONGEST_MINUTES, TimeUnit.MINUTES)
                        .watchRamp(
                                WatchRampRequest.newBuilder().setName(created.getName()).build());
        Ramp ramp = created;
        int stepStart = ledger.entries().size();
        while (changes.hasNext()) {
            Ramp next = changes.next();
            for (int step = ramp.getHistoryCount(); step < next.getHistoryCount(); step++) {
                screen.stepEnded(step, next.getHistory(step));
            }
            if (next.getCurrentStep() != ramp.getCurrentStep()) {
                stepStart = ledger.entries().size();
            }
            ramp = next;
            List<Entry> recent = ledger.since(stepStart);
            screen.ramp(ramp, recent);
        }
        if (ramp.getState() != RampState.SUCCEEDED && ramp.getState() != RampState.ROLLED_BACK) {
            throw new IllegalStateException(
                    "the ramp's watch ended in state "
                            + ramp.getState()
                            + " (expected: SUCCEEDED or ROLLED_BACK): "
                            + ramp.getStatusMessage());
        }
        return ramp;
    }

    /** Share of every revision of both gates, as the control plane's log has it. */
    Map<String, Map<GateRevision, Integer>> shares() {
        Map<String, Map<GateRevision, Integer>> shares = new HashMap<>();
        for (String gate : GATES) {
            Map<GateRevision, Integer> revisions = new HashMap<>();
            GateServiceGrpc.newBlockingStub(control)
                    .listGateRevisions(
                            ListGateRevisionsRequest.newBuilder()
                                    .setName(gate)
                                    .setPageSize(1_000)
                                    .build())
                    .getRevisionsList()
                    .forEach(entry ->
                            revisions.put(
                                    new GateRevision(
                                            entry.getGate().getRevision().getEpoch(),
                                            entry.getGate().getRevision().getNumber()),
                                    entry.getGate().getSharePpm()));
            shares.put(gate, revisions);
        }
        return shares;
    }
}
