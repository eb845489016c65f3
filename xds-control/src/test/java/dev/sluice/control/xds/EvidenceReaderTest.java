package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.change.LocalKillReport;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.CallerCounts;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.snapshot.Shop;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.CallerEvidence;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.GateEvidence;
import dev.sluice.evidence.v1.LatencyHistogram;
import dev.sluice.evidence.v1.LocalKill;
import dev.sluice.evidence.v1.Outcomes;
import dev.sluice.evidence.v1.Trip;
import dev.sluice.gate.v1.Kill;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EvidenceReaderTest {
    private static final dev.sluice.gate.v1.GateRevision REVISION =
            dev.sluice.gate.v1.GateRevision.newBuilder().setEpoch(1).setNumber(3).build();

    @Test
    void every_count_of_a_report_is_read() {
        NodeReport report = EvidenceReader.read(full().build());

        assertThat(report.node()).isEqualTo(new NodeName("web-1"));
        assertThat(report.sequence()).isEqualTo(4);
        assertThat(report.goodbye()).isTrue();
        assertThat(report.applied().revisions()).containsEntry(Shop.ORDERS, new GateRevision(1, 3));
        assertThat(report.trips())
                .singleElement()
                .satisfies(trip -> {
                    assertThat(trip.id()).isEqualTo("web-1/b/1");
                    assertThat(trip.operation()).isEqualTo("read");
                    assertThat(trip.time().getEpochSecond()).isEqualTo(100);
                    assertThat(trip.moved()).isTrue();
                });
        assertThat(report.carried()).isEqualTo(report.gates());
        GateCounts counts = report.gates().getFirst();
        assertThat(counts.arm()).isEqualTo(Arm.NEW);
        assertThat(counts.share())
                .isEqualTo(new dev.sluice.control.evidence.Outcomes(28, 1, 2, 3, 4, 5, 6, 7));
        assertThat(counts.other().requests()).isEqualTo(9);
        assertThat(counts.fallbacks()).isEqualTo(8);
        assertThat(counts.latency().count()).isEqualTo(28);
        assertThat(counts.cells().total()).isEqualTo(256);
        assertThat(counts.firstErrors()).containsExactlyInAnyOrder(11L, 12L);
        assertThat(counts.firstSlow()).containsExactly(13L);
        assertThat(counts.overflow()).isEqualTo(10);
    }

    @Test
    void what_a_report_repeats_is_kept_as_it_is() {
        GateNames names = new GateNames();
        AppliedGates before =
                EvidenceReader.applied(
                        applied("gates/orders", 3, 100, "gates/users", 3, 100),
                        AppliedGates.NONE,
                        names);

        AppliedGates again =
                EvidenceReader.applied(
                        applied("gates/users", 3, 100, "gates/orders", 3, 100), before, names);
        AppliedGates next =
                EvidenceReader.applied(
                        applied("gates/orders", 3, 100, "gates/users", 4, 101), before, names);
        AppliedGates later =
                EvidenceReader.applied(
                        applied("gates/orders", 3, 100, "gates/users", 3, 102), before, names);

        assertThat(again).isSameAs(before);
        assertThat(next.byName().get(Shop.ORDERS)).isSameAs(before.byName().get(Shop.ORDERS));
        assertThat(next.revisions())
                .isEqualTo(
                        Map.of(
                                Shop.ORDERS,
                                new GateRevision(1, 3),
                                new GateName("users"),
                                new GateRevision(1, 4)));
        assertThat(later.byName())
                .containsEntry(
                        new GateName("users"),
                        new AppliedGates.Applied(
                                new GateRevision(1, 3), Instant.ofEpochSecond(102)));
        assertThat(
                        EvidenceReader.applied(
                                        applied("gates/orders", 3, 100, "gates/orders", 3, 100),
                                        before,
                                        names)
                                .byName())
                .as("said twice, and the other no more")
                .containsOnlyKeys(Shop.ORDERS);
    }

    @Test
    void a_report_of_changes_is_of_the_gates_before_and_made_whole_for_who_has_not_those() {
        GateNames names = new GateNames();
        EvidenceReport first = applied("gates/orders", 3, 100, "gates/users", 3, 100);
        AppliedGates before = EvidenceReader.applied(first, AppliedGates.NONE, names);
        EvidenceReport changes =
                EvidenceReport.newBuilder()
                        .setSequence(2)
                        .setAppliedSince(1)
                        .addReleased("gates/users")
                        .addApplied(applied("gates/orders", 4, 101))
                        .addApplied(applied("gates/carts", 1, 101))
                        .build();

        AppliedGates now = EvidenceReader.applied(changes, before, names);
        EvidenceReport whole = EvidenceReader.whole(changes, now);

        assertThat(now.revisions())
                .isEqualTo(
                        Map.of(
                                Shop.ORDERS,
                                new GateRevision(1, 4),
                                new GateName("carts"),
                                new GateRevision(1, 1)));
        assertThat(whole.getSequence()).isEqualTo(2);
        assertThat(whole.getAppliedSince()).isZero();
        assertThat(whole.getReleasedList()).isEmpty();
        assertThat(whole.getAppliedList())
                .containsExactlyInAnyOrderElementsOf(changes.getAppliedList());
        assertThat(EvidenceReader.whole(first, before)).isSameAs(first);
    }

    @Test
    void a_report_of_no_change_is_what_was_before() {
        EvidenceReport first = applied("gates/orders", 3, 100, "gates/users", 3, 100);
        AppliedGates before = EvidenceReader.applied(first, AppliedGates.NONE, new GateNames());

        AppliedGates now =
                EvidenceReader.applied(
                        EvidenceReport.newBuilder().setSequence(2).setAppliedSince(1).build(),
                        before,
                        new GateNames());

        assertThat(now).isSameAs(before);
    }

    private static EvidenceReport applied(
            String one, long revision, long time, String other, long otherRevision, long since) {
        return EvidenceReport.newBuilder()
                .addApplied(applied(one, revision, time))
                .addApplied(applied(other, otherRevision, since))
                .build();
    }

    private static AppliedGate applied(String gate, long revision, long time) {
        return AppliedGate.newBuilder()
                .setGate(gate)
                .setRevision(REVISION.toBuilder().setNumber(revision))
                .setTime(Timestamp.newBuilder().setSeconds(time))
                .build();
    }

    @Test
    void a_number_of_writes_under_way_is_another_thing_said() {
        GateNames names = new GateNames();
        AppliedGate two = applied("gates/orders", 3, 100).toBuilder().setWritesUnderWay(2).build();
        AppliedGate none = two.toBuilder().clearWritesUnderWay().build();
        AppliedGates before = EvidenceReader.applied(report(two), AppliedGates.NONE, names);

        AppliedGates now = EvidenceReader.applied(report(none), before, names);

        assertThat(before.byName().values())
                .extracting(AppliedGates.Applied::writesUnderWay)
                .containsExactly(2);
        assertThat(now.byName().values())
                .extracting(AppliedGates.Applied::writesUnderWay)
                .containsExactly(0);
        assertThat(EvidenceReader.applied(report(two), before, names)).isSameAs(before);
    }

    private static EvidenceReport report(AppliedGate gate) {
        return EvidenceReport.newBuilder().addApplied(gate).build();
    }

    @Test
    void a_kill_of_a_sidecar_is_read_with_its_node_and_time() {
        EvidenceReport.Builder report = full();

        assertThat(EvidenceReader.read(report.build()).localKills())
                .containsExactly(
                        new LocalKillReport(
                                "web-1/b/2",
                                new GateName("orders"),
                                new NodeName("web-1"),
                                "wrong answers",
                                Instant.ofEpochSecond(200)));
        report.setTime(Timestamp.newBuilder().setSeconds(300));
        report.getLocalKillsBuilder(0).clearTime();
        assertThat(EvidenceReader.read(report.build()).localKills().getFirst().time())
                .as("a sidecar that tells no time")
                .isEqualTo(Instant.ofEpochSecond(300));
    }

    @Test
    void a_kill_that_is_obeyed_is_read_and_told_on_but_not_at_any_length() {
        EvidenceReport report =
                EvidenceReport.newBuilder()
                        .addApplied(
                                applied("gates/orders", 2_011, 1).toBuilder()
                                        .setKill(
                                                Kill.newBuilder()
                                                        .setReason("r".repeat(5_000))
                                                        .setActor("ada")))
                        .build();

        AppliedGates read = EvidenceReader.applied(report, AppliedGates.NONE, new GateNames());

        Gate.Kill kill =
                read.killed().values().stream()
                        .flatMap(known -> known.kill().stream())
                        .findFirst()
                        .orElseThrow();
        assertThat(kill.reason()).hasSize(1_024);
        assertThat(kill.actor()).isEqualTo("ada");
        EvidenceReport changes = EvidenceReport.newBuilder().setAppliedSince(1).build();
        EvidenceReport whole = EvidenceReader.whole(changes, read);
        assertThat(EvidenceReader.applied(whole, AppliedGates.NONE, new GateNames()).killed())
                .as("of another replica")
                .isEqualTo(read.killed());
    }

    @Test
    void callers_are_read_each_with_who_it_is() {
        EvidenceReport.Builder report = full();
        report.addCallers(caller().setIdentity("spiffe://shop/ns/web").setService("web"))
                .addCallers(caller().setOthers(true));

        assertThat(EvidenceReader.read(report.build()).callers())
                .containsExactly(
                        calls(new Who.Named("spiffe://shop/ns/web", "web")),
                        calls(new Who.Others()));
        report.getCallersBuilder(1).clearArm();
        assertThatThrownBy(() -> EvidenceReader.read(report.build())).hasMessageContaining("arm 0");
    }

    private static CallerEvidence.Builder caller() {
        return CallerEvidence.newBuilder()
                .setGate("gates/orders")
                .setArm(dev.sluice.gate.v1.Arm.LEGACY)
                .setOperation("read")
                .setRequests(7)
                .setRefused(2)
                .setLast(Timestamp.newBuilder().setSeconds(400));
    }

    private static CallerCounts calls(Who who) {
        return new CallerCounts(
                new CallerCounts.Caller(Shop.ORDERS, Arm.LEGACY, "read", who),
                7,
                2,
                Instant.ofEpochSecond(400));
    }

    /** What a report of ours never is, and words that its refusal has. */
    static List<Arguments> wrongs() {
        return List.of(
                wrong("node", report -> report.setNodeId("")),
                wrong("boot_id", report -> report.setBootId("b")),
                wrong("sequence 0", report -> report.setSequence(0)),
                wrong("orders", report -> report.getGatesBuilder(0).setGate("orders")),
                wrong("revision 0.0", report -> report.getGatesBuilder(0).clearRevision()),
                wrong("arm 0", report -> report.getCarriedBuilder(0).clearArm()),
                wrong("arm 0", report -> report.getGatesBuilder(0).clearArm()),
                wrong(
                        "1 cells",
                        report -> report.getGatesBuilder(0).clearKeyCells().addKeyCells(1)),
                wrong(
                        "bucket",
                        report -> report.getGatesBuilder(0).getLatencyBuilder().addIndex(9_999)),
                wrong("?", report -> report.getAppliedBuilder(0).setGate("?")),
                wrong("local_kills", report -> report.getLocalKillsBuilder(0).clearId()),
                wrong(
                        "513 characters",
                        report -> report.getLocalKillsBuilder(0).setId("i".repeat(513))),
                wrong("?", report -> report.getLocalKillsBuilder(0).setGate("?")),
                wrong(
                        "time of",
                        report ->
                                report.getTripsBuilder(0)
                                        .setTime(
                                                Timestamp.newBuilder()
                                                        .setSeconds(Long.MAX_VALUE))));
    }

    private static Arguments wrong(String words, Consumer<EvidenceReport.Builder> spoil) {
        return Arguments.of(words, spoil);
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    void a_report_that_cannot_be_one_of_ours_is_refused_with_its_reason(
            String words, Consumer<EvidenceReport.Builder> spoil) {
        EvidenceReport.Builder report = full();
        spoil.accept(report);

        assertThatThrownBy(() -> EvidenceReader.read(report.build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    private static EvidenceReport.Builder full() {
        EvidenceReport.Builder report = decided();
        return report.addCarried(report.getGates(0));
    }

    private static EvidenceReport.Builder decided() {
        return EvidenceReport.newBuilder()
                .setNodeId("web-1")
                .setBootId("0123456789abcdef0123456789abcdef")
                .setSequence(4)
                .setGoodbye(true)
                .addApplied(AppliedGate.newBuilder().setGate("gates/orders").setRevision(REVISION))
                .addTrips(
                        Trip.newBuilder()
                                .setId("web-1/b/1")
                                .setGate("gates/orders")
                                .setOperation("read")
                                .setMoved(true)
                                .setTime(Timestamp.newBuilder().setSeconds(100)))
                .addLocalKills(
                        LocalKill.newBuilder()
                                .setId("web-1/b/2")
                                .setGate("gates/orders")
                                .setReason("wrong answers")
                                .setTime(Timestamp.newBuilder().setSeconds(200)))
                .addGates(
                        GateEvidence.newBuilder()
                                .setGate("gates/orders")
                                .setRevision(REVISION)
                                .setArm(dev.sluice.gate.v1.Arm.NEW)
                                .setOperation("read")
                                .setShare(
                                        Outcomes.newBuilder()
                                                .setRequests(28)
                                                .setSuccesses(1)
                                                .setClientErrors(2)
                                                .setServerErrors(3)
                                                .setResets(4)
                                                .setTimeouts(5)
                                                .setCancelled(6)
                                                .setUnderFault(7))
                                .setOther(Outcomes.newBuilder().setRequests(9).setSuccesses(9))
                                .setFallbacks(8)
                                .setLatency(
                                        LatencyHistogram.newBuilder()
                                                .addIndex(3)
                                                .addCount(28)
                                                .setSumMicros(84))
                                .addAllKeyCells(Collections.nCopies(256, 1))
                                .addFirstErrors(11)
                                .addFirstErrors(12)
                                .addFirstSlow(13)
                                .setOverflow(10));
    }
}
