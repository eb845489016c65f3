package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.gate.v1.TakeBack;
import dev.sluice.gate.v1.TripPolicy;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ExchangeRecord.GateOutcome;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.LogFacts;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TripWatchTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final GateTable table = new GateTable();
    private final List<Trip> told = new ArrayList<>();
    private final TripWatch watch =
            new TripWatch(table, new LatchIds("node", "boot"), () -> NOW, told::add);

    private static Gate inline(int share) {
        return GateParser.parseInline(
                        TestGates.proto(1, gate -> gate.clearRevision().setSharePpm(share)))
                .orThrow();
    }

    private void offer(int number, UnaryOperator<dev.sluice.gate.v1.Gate.Builder> change) {
        table.offer(TestGates.orders(number, change), NOW);
    }

    /** Keys by turns on both arms; those on NEW fail. */
    private void fail(int keys, Reason reason) {
        fail(keys, reason, FaultMark.NONE);
    }

    private void fail(int keys, Reason reason, FaultMark fault) {
        for (int key = 1; key <= keys; key++) {
            Arm arm = key % 2 == 0 ? Arm.NEW : Arm.LEGACY;
            Result result = arm == Arm.NEW ? Result.SERVER_ERROR : Result.SUCCESS;
            watch.finished(record(arm, reason, key, result, fault));
        }
    }

    private ExchangeRecord record(
            Arm arm, Reason reason, long key, Result result, FaultMark fault) {
        Gate gate = table.find(ORDERS).map(HeldGate::gate).orElseThrow();
        GateDecision decision =
                new GateDecision(
                        ORDERS,
                        gate.revision(),
                        arm,
                        arm == Arm.NEW ? Mode.COMPLETE : Mode.OFF,
                        reason,
                        Optional.empty(),
                        OptionalInt.empty(),
                        gate.share(),
                        new GateDecision.Key.Used(key));
        return new ExchangeRecord(
                0,
                "l",
                "HTTP/1.1",
                "GET",
                "",
                "/",
                200,
                -1,
                Set.of(),
                "",
                0,
                0,
                new ExchangeRecord.Times(1, 1, 1),
                "r",
                Optional.empty(),
                Optional.of(
                        new GateOutcome(
                                decision,
                                "read",
                                OperationClass.READ,
                                key,
                                result,
                                /* fellBack= */ false,
                                fault)),
                "",
                List.of(),
                List.of(),
                InetSocketAddress.createUnresolved("c", 1),
                "",
                Optional.empty(),
                LogFacts.NONE,
                Optional.empty());
    }

    @Test
    void a_failing_new_arm_is_taken_back_once_and_told() {
        offer(1, gate -> gate);

        fail(200, Reason.SHARE);

        assertThat(told).as("trips").filteredOn(Trip::moved).hasSize(1);
        assertThat(table.find(ORDERS).orElseThrow().trips())
                .containsExactly(java.util.Map.entry("read", told.getLast().id()));
        assertThat(told.getLast().id()).as("id").startsWith("node/boot/");
    }

    @Test
    void requests_that_were_not_decided_by_share_say_nothing() {
        offer(1, gate -> gate);

        fail(400, Reason.CARRIED);
        fail(400, Reason.RULE);

        assertThat(told).isEmpty();
    }

    @Test
    void an_injected_fault_counts_unless_its_lease_leaves_it_out() {
        offer(1, gate -> gate);

        fail(400, Reason.SHARE, FaultMark.EXCLUDED);
        assertThat(told).as("trips on what is left out").isEmpty();

        fail(400, Reason.SHARE, FaultMark.COUNTED);
        assertThat(told).as("trips on what counts").filteredOn(Trip::moved).hasSize(1);
    }

    @Test
    void a_gate_whose_trips_are_off_never_trips() {
        offer(1, gate -> gate.setTrip(TripPolicy.newBuilder().setDisabled(true)));

        fail(400, Reason.SHARE);

        assertThat(told).isEmpty();
    }

    @Test
    void past_the_point_of_no_return_it_only_alarms() {
        offer(1, gate -> gate.setTakeBack(TakeBack.FORBIDDEN));

        fail(400, Reason.SHARE);

        assertThat(told).as("alarms").isNotEmpty().noneMatch(Trip::moved);
        assertThat(table.find(ORDERS).orElseThrow().trips()).as("latches").isEmpty();
    }

    @Test
    void between_two_modes_of_new_there_is_nothing_to_compare_with() {
        offer(
                1,
                gate ->
                        gate.setStoreKind(StoreKind.SEPARATE)
                                .setFrom(dev.sluice.gate.v1.Mode.LIVE)
                                .setTo(dev.sluice.gate.v1.Mode.RAMP_DOWN));

        for (int key = 1; key <= 400; key++) {
            watch.finished(record(Arm.NEW, Reason.SHARE, key, Result.SERVER_ERROR, FaultMark.NONE));
        }

        assertThat(told).as("alarms").hasSize(1).noneMatch(Trip::moved);
    }

    @Test
    void an_inline_gate_that_changes_begins_anew() {
        table.offer(inline(500_000), NOW);
        fail(16, Reason.SHARE);
        table.offer(inline(510_000), NOW);
        ExchangeRecord old = record(Arm.NEW, Reason.SHARE, 99, Result.SERVER_ERROR, FaultMark.NONE);
        table.offer(inline(500_000), NOW);

        watch.finished(old);
        fail(34, Reason.SHARE);
        List<Trip> before = List.copyOf(told);
        fail(40, Reason.SHARE);

        assertThat(before)
                .as("of 17 keys, the older 8 and one of another share left out")
                .noneMatch(Trip::moved);
        assertThat(told).as("of 20 keys").anyMatch(Trip::moved);
    }

    @Test
    void a_trip_holds_over_new_revisions_until_one_acknowledges_it() {
        offer(1, gate -> gate);
        fail(200, Reason.SHARE);
        Trip trip = told.stream().filter(Trip::moved).findFirst().orElseThrow();

        offer(2, gate -> gate.setSharePpm(600_000));
        List<Trip> after = watch.inForce();
        offer(3, gate -> gate.addAllAcknowledgedTrips(told.stream().map(Trip::id).toList()));

        assertThat(after).as("in force after a revision").contains(trip);
        assertThat(watch.inForce()).as("in force after the acknowledgement").isEmpty();
        assertThat(table.find(ORDERS).orElseThrow().trips()).as("latches").isEmpty();
    }

    @Test
    void a_trip_of_an_earlier_run_is_latched_when_its_gate_comes() {
        Trip earlier =
                new Trip(
                        "node/earlier/1",
                        ORDERS,
                        "read",
                        Optional.empty(),
                        NOW,
                        new Trip.Keys(9, 9),
                        new Trip.Keys(9, 0),
                        7,
                        /* moved= */ true);
        watch.remember(List.of(earlier));

        offer(1, gate -> gate);
        watch.gateCame(ORDERS);

        assertThat(table.find(ORDERS).orElseThrow().trips())
                .containsEntry("read", "node/earlier/1");
        assertThat(watch.inForce()).containsExactly(earlier);
    }
}
