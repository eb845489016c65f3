package dev.sluice.control.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.evidence.CallerCounts.Caller;
import dev.sluice.control.evidence.CallerCounts.Who;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EvidenceTotalsTest {
    private static final GateName GATE = new GateName("g");
    private static final GateRevision REVISION = new GateRevision(1, 5);
    private static final NodeName ONE = new NodeName("one");
    private static final NodeName TWO = new NodeName("two");
    private static final Instant NOW = Instant.parse("2026-11-01T08:00:00Z");

    private final EvidenceTotals totals = new EvidenceTotals();

    @Test
    void a_repeated_or_late_report_changes_nothing() {
        NodeReport first = report(ONE, "b", 1, counts(10, 3, "read", 1L));
        NodeReport second = report(ONE, "b", 2, counts(15, 4, "read", 1L, 2L));
        totals.accept(first, NOW);
        totals.accept(second, NOW);

        assertThat(totals.accept(first, NOW.plusSeconds(1))).isEqualTo(2);
        assertThat(totals.accept(second, NOW)).isEqualTo(2);

        assertThat(fresh().share().requests()).isEqualTo(15);
        assertThat(fresh().keysAtLeast()).isEqualTo(4);
        assertThat(fresh().errorKeys()).isEqualTo(2);
        assertThat(totals.lastHeard()).containsEntry(ONE, NOW.plusSeconds(1));
    }

    @Test
    void an_entry_left_out_stays_as_it_was() {
        totals.accept(report(ONE, "b", 1, counts(10, 3, "read")), NOW);
        totals.accept(report(ONE, "b", 2, counts(4, 2, "write")), NOW);

        assertThat(fresh().share().requests()).isEqualTo(14);
        assertThat(fresh().keysAtLeast()).as("operations of one node share no key").isEqualTo(5);
    }

    @Test
    void keys_of_several_sidecars_have_two_bounds_and_errors_are_counted_once() {
        totals.accept(report(ONE, "b", 1, counts(10, 3, "read", 7L, 8L)), NOW);
        totals.accept(report(TWO, "b", 1, counts(10, 5, "read", 8L, 9L)), NOW);

        assertThat(fresh().keysAtLeast()).isEqualTo(5);
        assertThat(fresh().keysAtMost()).isEqualTo(8);
        assertThat(fresh().errorKeys()).isEqualTo(3);
        assertThat(fresh().share().requests()).isEqualTo(20);
    }

    @Test
    void a_restarted_sidecar_adds_to_what_it_saw_before() {
        totals.accept(report(ONE, "b1", 9, counts(10, 3, "read")), NOW);
        totals.accept(report(ONE, "b2", 1, counts(2, 1, "read")), NOW);

        assertThat(fresh().share().requests()).isEqualTo(12);
    }

    @Test
    void another_revision_is_counted_apart_and_old_ones_are_let_go() {
        for (int number = 1; number <= 20; number++) {
            totals.accept(
                    report(
                            ONE,
                            "b",
                            number,
                            counts(new GateRevision(1, number), number, 1, "read", Set.of())),
                    NOW);
        }

        assertThat(fresh(20).share().requests()).isEqualTo(20);
        assertThat(fresh(13).share().requests()).isEqualTo(13);
        assertThat(fresh(12).share().requests()).as("eight are kept").isZero();
    }

    @Test
    void a_node_whose_process_hands_over_has_applied_what_both_runs_have() {
        GateRevision held = new GateRevision(REVISION.epoch(), REVISION.number() + 1);
        totals.accept(run("old", 1, REVISION, false), NOW);
        totals.accept(run("new", 1, held, false), NOW);
        assertThat(totals.applied().get(ONE)).isEqualTo(Map.of(GATE, REVISION));
        assertThat(totals.applied(ONE).byName().values())
                .extracting(AppliedGates.Applied::writesUnderWay)
                .containsExactly(2);

        totals.accept(run("old", 2, held, false), NOW);
        assertThat(totals.applied().get(ONE)).isEqualTo(Map.of(GATE, held));

        totals.accept(run("new", 2, held, false), NOW);
        totals.accept(run("old", 3, REVISION, true), NOW);
        assertThat(totals.applied().get(ONE)).as("it said goodbye").isEqualTo(Map.of(GATE, held));
    }

    @Test
    void a_run_that_is_silent_counts_no_more_after_a_while() {
        GateRevision held = new GateRevision(REVISION.epoch(), REVISION.number() + 1);
        totals.accept(run("crashed", 1, REVISION, false), NOW);
        totals.accept(run("next", 1, held, false), NOW.plus(NodeRuns.SILENCE));
        assertThat(totals.applied().get(ONE)).isEqualTo(Map.of(GATE, REVISION));

        totals.accept(run("next", 2, held, false), NOW.plus(NodeRuns.SILENCE).plusMillis(1));

        assertThat(totals.applied().get(ONE)).isEqualTo(Map.of(GATE, held));
    }

    private static NodeReport run(
            String boot, long sequence, GateRevision revision, boolean goodbye) {
        return new NodeReport(
                ONE,
                boot,
                sequence,
                List.of(),
                List.of(),
                applied(revision),
                List.of(),
                List.of(),
                goodbye);
    }

    private static AppliedGates applied(GateRevision revision) {
        return AppliedGates.NONE.next(
                Map.of(GATE, new AppliedGates.Applied(revision, NOW, Optional.empty(), 1)));
    }

    @Test
    void applied_revisions_are_those_of_the_last_report_until_the_node_is_forgotten() {
        totals.accept(report(ONE, "b", 1, counts(1, 1, "read")), NOW);
        assertThat(totals.applied()).isEqualTo(Map.of(ONE, Map.of(GATE, REVISION)));

        totals.forget(ONE);

        assertThat(totals.applied()).isEmpty();
        assertThat(totals.lastHeard()).isEmpty();
        assertThat(totals.of(GATE, REVISION).judged().isJudged()).isFalse();
    }

    @Test
    void what_was_carried_is_added_up_apart() {
        totals.accept(report(ONE, "b", 1, counts(1, 1, "read")), NOW);
        totals.accept(
                new NodeReport(
                        TWO,
                        "b",
                        1,
                        List.of(),
                        List.of(counts(7, 3, "read", 5L), counts(2, 1, "write")),
                        applied(REVISION),
                        List.of(),
                        List.of(),
                        false),
                NOW);

        GateEvidence seen = totals.of(GATE, REVISION);

        assertThat(seen.fresh().share().requests()).isEqualTo(1);
        assertThat(seen.judgedCarried().fresh().requests()).isEqualTo(9);
        assertThat(seen.judgedCarried().fresh().keysAtLeast()).isEqualTo(4);
        assertThat(seen.judgedCarried().fresh().errorKeys()).isEqualTo(1);
        assertThat(seen.judgedCarried().legacy().requests()).isZero();
        totals.forget(TWO);
        assertThat(totals.of(GATE, REVISION).judgedCarried().isJudged()).isFalse();
    }

    @Test
    void callers_are_added_up_over_sidecars_and_runs_until_their_counter_is_forgotten() {
        Caller web = new Caller(GATE, Arm.LEGACY, "read", new Who.Named("", "web"));
        Caller others = new Caller(GATE, Arm.LEGACY, "read", new Who.Others());
        totals.accept(calls(ONE, 1, new CallerCounts(web, 2, 0, NOW)), NOW);
        totals.accept(calls(ONE, 2, new CallerCounts(web, 5, 1, NOW.plusSeconds(9))), NOW);
        totals.accept(
                calls(
                        TWO,
                        1,
                        new CallerCounts(web, 10, 2, NOW),
                        new CallerCounts(others, 3, 0, NOW)),
                NOW);

        assertThat(totals.callers(GATE))
                .containsExactlyInAnyOrder(
                        new CallerCounts(web, 15, 3, NOW.plusSeconds(9)),
                        new CallerCounts(others, 3, 0, NOW));
        assertThat(totals.callers(new GateName("another"))).isEmpty();

        totals.forget(TWO);
        assertThat(totals.callers(GATE))
                .containsExactly(new CallerCounts(web, 5, 1, NOW.plusSeconds(9)));
    }

    @Test
    void cells_are_all_or_none() {
        assertThatThrownBy(() -> KeyCells.of(1, 2, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThat(KeyCells.of()).isEqualTo(KeyCells.NONE).hasSameHashCodeAs(KeyCells.NONE);
    }

    private ArmEvidence fresh() {
        return fresh(REVISION.number());
    }

    private ArmEvidence fresh(long number) {
        return totals.of(GATE, new GateRevision(1, number)).fresh();
    }

    private static NodeReport calls(NodeName node, long sequence, CallerCounts... calls) {
        return new NodeReport(
                node,
                "b",
                sequence,
                List.of(),
                List.of(),
                AppliedGates.NONE,
                List.of(),
                List.of(),
                false,
                List.of(calls));
    }

    private static NodeReport report(
            NodeName node, String boot, long sequence, GateCounts... counts) {
        return new NodeReport(
                node,
                boot,
                sequence,
                List.of(counts),
                List.of(),
                applied(REVISION),
                List.of(),
                List.of(),
                false);
    }

    private static GateCounts counts(long requests, long keys, String operation, Long... errors) {
        return counts(REVISION, requests, keys, operation, Set.of(errors));
    }

    private static GateCounts counts(
            GateRevision revision, long requests, long keys, String operation, Set<Long> errors) {
        long[] cells = new long[KeyCells.CELLS];
        cells[1] = keys;
        return new GateCounts(
                GATE,
                revision,
                Arm.NEW,
                operation,
                new Outcomes(requests, requests, 0, 0, 0, 0, 0, 0),
                Outcomes.NONE,
                0,
                LatencyHistogram.EMPTY,
                KeyCells.of(cells),
                errors,
                Set.of(),
                0);
    }
}
