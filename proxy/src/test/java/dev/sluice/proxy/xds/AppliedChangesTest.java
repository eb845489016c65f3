package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.gate.v1.GateRevision;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppliedChangesTest {
    private static final AppliedGate ORDERS = gate("gates/orders", 1);
    private static final AppliedGate USERS = gate("gates/users", 1);

    private final AppliedChanges applied = new AppliedChanges();

    @Test
    void until_the_server_takes_changes_each_report_says_all_gates() {
        EvidenceReport first = say(1, ORDERS, USERS);
        receipt(1, false);
        EvidenceReport second = say(2, ORDERS, USERS);

        assertThat(first.getAppliedSince()).isZero();
        assertThat(first.getAppliedList()).containsExactly(ORDERS, USERS);
        assertThat(second.getAppliedSince()).isZero();
        assertThat(second.getAppliedList()).containsExactly(ORDERS, USERS);
    }

    @Test
    void then_a_report_says_what_is_another_since_the_one_that_was_taken() {
        say(1, ORDERS, USERS);
        receipt(1, true);
        EvidenceReport same = say(2, ORDERS, USERS);
        receipt(2, true);
        AppliedGate next = gate("gates/orders", 2);
        EvidenceReport changed = say(3, next, USERS);
        receipt(3, true);
        EvidenceReport released = say(4, next, gate("gates/carts", 1));

        assertThat(same.getAppliedSince()).isEqualTo(1);
        assertThat(same.getAppliedList()).isEmpty();
        assertThat(same.getReleasedList()).isEmpty();
        assertThat(changed.getAppliedSince()).isEqualTo(2);
        assertThat(changed.getAppliedList()).containsExactly(next);
        assertThat(released.getAppliedSince()).isEqualTo(3);
        assertThat(released.getAppliedList()).containsExactly(gate("gates/carts", 1));
        assertThat(released.getReleasedList()).containsExactly("gates/users");
    }

    @Test
    void after_a_receipt_of_another_report_all_is_said_again() {
        say(1, ORDERS);
        receipt(1, true);
        say(2, ORDERS);
        receipt(7, true);
        EvidenceReport whole = say(3, ORDERS);

        assertThat(whole.getAppliedSince()).isZero();
        assertThat(whole.getAppliedList()).containsExactly(ORDERS);
    }

    private EvidenceReport say(long sequence, AppliedGate... gates) {
        Map<String, AppliedGate> byName = new LinkedHashMap<>();
        Arrays.stream(gates).forEach(gate -> byName.put(gate.getGate(), gate));
        EvidenceReport.Builder report = EvidenceReport.newBuilder().setSequence(sequence);
        applied.say(byName, report);
        return report.build();
    }

    private void receipt(long sequence, boolean takesChanges) {
        applied.receipted(
                EvidenceReceipt.newBuilder()
                        .setSequence(sequence)
                        .setTakesChanges(takesChanges)
                        .build());
    }

    private static AppliedGate gate(String name, long number) {
        return AppliedGate.newBuilder()
                .setGate(name)
                .setRevision(GateRevision.newBuilder().setEpoch(1).setNumber(number))
                .build();
    }
}
