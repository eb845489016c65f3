package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.PlainRequest;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which revision is applied while one holds writes. */
class GateTableTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final Operation WRITE = new Operation("put", OperationClass.UNSAFE_WRITE);
    private static final PlainRequest ALICE = PlainRequest.NOTHING.withHeader("x-user", "alice");
    private static final int BUCKET =
            decision(HeldGate.first(TestGates.writes(1, 0, gate -> gate))).bucket().orElseThrow();

    private final GateTable table = new GateTable();
    private final AtomicInteger told = new AtomicInteger();

    private static GateDecision decision(HeldGate held) {
        return new GateDecider(() -> 0).decide(held, WRITE, Carried.NOTHING, ALICE);
    }

    private void offer(Gate gate) {
        var unused = table.offer(gate, Instant.EPOCH.plusSeconds(revision(gate)));
    }

    private static long revision(Gate gate) {
        return gate.revision().orElseThrow().number();
    }

    private HeldGate held() {
        return table.find(ORDERS).orElseThrow();
    }

    private TraceDecisions.Hold send() {
        return table.send(held(), decision(held())).orElseThrow();
    }

    private GateTable.Entry entry() {
        return table.all().getFirst();
    }

    private static Optional<GateTable.Applied> applied(int number) {
        return Optional.of(
                new GateTable.Applied(
                        new GateRevision(1, number), Instant.EPOCH.plusSeconds(number)));
    }

    @Test
    void a_revision_with_a_hold_is_applied_once_the_last_write_before_it_is_over() {
        table.onApplied(told::incrementAndGet);
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold first = send();
        TraceDecisions.Hold second = send();
        offer(TestGates.holding(2, 0, BUCKET, BUCKET + 1));

        assertThat(entry().applied()).as("two are under way").isEqualTo(applied(1));
        assertThat(table.underWay(entry())).isEqualTo(2);
        first.release();
        assertThat(entry().applied()).as("one is under way").isEqualTo(applied(1));
        assertThat(told).hasValue(0);
        second.release();
        assertThat(entry().applied()).isEqualTo(applied(2));
        assertThat(table.underWay(entry())).isZero();
        assertThat(told).hasValue(1);
    }

    @Test
    void writes_of_other_buckets_keep_nothing_from_being_applied() {
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold write = send();

        offer(TestGates.holding(2, 0, BUCKET + 1, 1_000_000));

        assertThat(entry().applied()).isEqualTo(applied(2));
        write.release();
    }

    @Test
    void a_revision_without_a_hold_is_applied_at_once_whatever_is_under_way() {
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold write = send();
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        offer(TestGates.writes(3, 0, gate -> gate));

        assertThat(entry().applied()).as("the hold was given up").isEqualTo(applied(3));
        write.release();
    }

    @Test
    void a_wider_hold_waits_for_what_the_first_one_waited_for() {
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold write = send();
        offer(TestGates.holding(2, 0, BUCKET, 1_000_000));
        offer(TestGates.holding(3, 0, 0, 1_000_000));

        assertThat(entry().applied()).isEqualTo(applied(1));
        write.release();
        assertThat(entry().applied()).isEqualTo(applied(3));
    }

    @Test
    void what_is_applied_stays_so_while_latches_and_late_senders_come() {
        offer(TestGates.writes(1, 0, gate -> gate));
        HeldGate before = held();
        offer(TestGates.holding(2, 0, 0, 1_000_000));

        assertThat(table.send(before, decision(before))).as("decided before").isEmpty();
        table.trip(ORDERS, "put", "n/b/1");
        assertThat(entry().applied()).isEqualTo(applied(2));
    }

    @Test
    void a_latch_leaves_what_is_awaited() {
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold write = send();
        offer(TestGates.holding(2, 0, 0, 1_000_000));

        table.trip(ORDERS, "put", "n/b/1");

        assertThat(entry().applied()).isEqualTo(applied(1));
        write.release();
        assertThat(entry().applied()).isEqualTo(applied(2));
    }

    @Test
    void a_first_revision_with_a_hold_is_applied_at_once() {
        offer(TestGates.holding(1, 0, 0, 1_000_000));

        assertThat(entry().applied()).isEqualTo(applied(1));
    }

    @Test
    void a_gate_that_went_while_writes_were_under_way_waits_for_them_when_it_comes_back() {
        offer(TestGates.writes(1, 0, gate -> gate));
        TraceDecisions.Hold write = send();
        table.remove(ORDERS);
        offer(TestGates.holding(2, 0, 0, 1_000_000));

        assertThat(entry().applied()).isEmpty();
        write.release();
        assertThat(entry().applied()).isEqualTo(applied(2));
    }

    @Test
    void a_watch_is_told_of_each_change_until_it_ends() {
        offer(TestGates.writes(1, 0, gate -> gate));
        Runnable end = table.watch(ORDERS, told::incrementAndGet);
        Runnable other = table.watch(ORDERS, told::incrementAndGet);

        offer(TestGates.writes(1, 0, gate -> gate));
        assertThat(told).as("nothing changed").hasValue(0);
        offer(TestGates.writes(2, 5, gate -> gate));
        assertThat(told).hasValue(2);
        end.run();
        table.remove(ORDERS);
        assertThat(told).hasValue(3);
        other.run();
    }
}
