package dev.sluice.demo;

import com.google.protobuf.FieldMask;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.UpdateGateRequest;
import dev.sluice.demo.change.NameSplit;
import dev.sluice.demo.load.Entry;
import dev.sluice.demo.load.Findings;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.demo.view.Screen;
import dev.sluice.gate.v1.TakeBack;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * The contract phase: past the point of no return the old column goes, once no call has reached
 * legacy for a while and none can come back. Immutable.
 *
 * @param control of the gates
 * @param split the change of the schema
 * @param ledger what users saw
 * @param screen where it is told
 */
record Contraction(AdminApi control, NameSplit split, Ledger ledger, Screen screen) {
    private static final String CLAIM =
            "the old column went only after a window without legacy calls";

    /**
     * @param window without a call to legacy
     */
    Findings after(Duration window) throws InterruptedException, SQLException {
        RampWalk.GATES.forEach(this::forbidTakingBack);
        int from = ledger.entries().size();
        Thread.sleep(window);
        List<Entry> seen = ledger.since(from);
        long legacy = seen.stream().filter(Entry::touchedLegacy).count();
        if (legacy > 0 || seen.isEmpty()) {
            return found(seen.size(), List.of(legacy + " legacy calls in it; not contracted"));
        }
        split.contract();
        screen.line(
                "contracted: no legacy call among the last "
                        + seen.size()
                        + "; customer_name is gone");
        return found(seen.size(), List.of());
    }

    private void forbidTakingBack(String name) {
        GateServiceBlockingStub gates = GateServiceGrpc.newBlockingStub(control.channel());
        Gate gate = gates.getGate(GetGateRequest.newBuilder().setName(name).build());
        Gate unused =
                gates.updateGate(
                        UpdateGateRequest.newBuilder()
                                .setGate(gate.toBuilder().setTakeBack(TakeBack.FORBIDDEN))
                                .setUpdateMask(FieldMask.newBuilder().addPaths("take_back"))
                                .setReason("start of the contract phase")
                                .build());
    }

    private static Findings found(int window, List<String> violations) {
        return new Findings(List.of(new Findings.Check(CLAIM, window, violations)));
    }
}
