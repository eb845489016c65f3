package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.evidence.AppliedGates;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.KeyCells;
import dev.sluice.control.evidence.LatencyHistogram;
import dev.sluice.control.evidence.NodeReport;
import dev.sluice.control.evidence.NodeReport.GateCounts;
import dev.sluice.control.evidence.Outcomes;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.SelfCheck;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Self-checks over the reports of one sidecar, on one thread. */
class SelfChecksTest {
    private static final GateName ORDERS = new GateName("orders");

    private final EvidenceTotals evidence = new EvidenceTotals();
    private final SelfChecks checks = new SelfChecks(evidence);
    private final Random random = new Random(7);
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private int sequence;

    @BeforeEach
    void one_gate() {
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));
    }

    @Test
    void before_any_ramp_halves_of_legacy_are_compared_and_trials_counted_once() {
        report(Arm.LEGACY, keys(100), keys(100));
        report(Arm.NEW, keys(50), Set.of());
        checks.tick(catalog());
        checks.tick(catalog());

        SelfChecks.State state = checks.of(ORDERS).orElseThrow();
        assertThat(state.part().value()).isEqualTo(500_000);
        assertThat(state.trials()).isEqualTo(SelfCheck.SPLITS);
        assertThat(state.alarms()).isZero();
        assertThat(state.keys().errors()).as("of the new arm none").hasSize(100);
        assertThat(checks.all()).containsOnlyKeys(ORDERS);
    }

    @Test
    void a_new_revision_begins_new_trials_at_its_share_and_keeps_the_count() {
        report(Arm.LEGACY, keys(100), Set.of());
        checks.tick(catalog());
        share(250_000);
        checks.tick(catalog());
        SelfChecks.State begun = checks.of(ORDERS).orElseThrow();
        assertThat(begun.part().value()).isEqualTo(250_000);
        assertThat(begun.trials()).isEqualTo(SelfCheck.SPLITS);
        assertThat(begun.keys().errors()).isEmpty();

        report(Arm.LEGACY, keys(100), Set.of());
        checks.tick(catalog());
        assertThat(checks.of(ORDERS).orElseThrow().trials()).isEqualTo(2 * SelfCheck.SPLITS);
    }

    @Test
    void an_alarm_counts_once_and_stays_counted() {
        Set<Long> wrong = keysOf(0);
        report(Arm.LEGACY, wrong, Set.of());
        checks.tick(catalog());
        checks.tick(catalog());
        assertThat(checks.of(ORDERS).orElseThrow().alarms()).isEqualTo(1);

        share(100_000);
        checks.tick(catalog());
        assertThat(checks.of(ORDERS).orElseThrow().alarms()).isEqualTo(1);
    }

    @Test
    void each_gate_gets_its_turn_and_one_that_is_gone_is_forgotten() {
        for (int gate = 0; gate < 9; gate++) {
            give(new Command.CreateGate(Fixtures.gate("g" + gate, "orders", 0)));
        }
        checks.tick(catalog());
        assertThat(checks.all()).hasSize(4);
        checks.tick(catalog());
        checks.tick(catalog());
        assertThat(checks.all()).hasSize(10);

        give(new Command.DeleteGate(new GateName("g3")));
        checks.tick(catalog());
        assertThat(checks.all()).hasSize(9).doesNotContainKey(new GateName("g3"));
    }

    private Set<Long> keys(int count) {
        Set<Long> keys = new HashSet<>();
        while (keys.size() < count) {
            keys.add(random.nextLong() >>> 8);
        }
        return keys;
    }

    /** Keys that one salt puts into the same half: those of which it alone alarms. */
    private Set<Long> keysOf(int split) {
        Set<Long> keys = new HashSet<>();
        while (keys.size() < 40) {
            long key = random.nextLong() >>> 8;
            SelfCheck alone = SelfCheck.of(Set.of(key), Set.of(), new PartsPerMillion(500_000));
            if (alone.splits().get(split).errorEValue() > 1) {
                keys.add(key);
            }
        }
        return keys;
    }

    private void report(Arm arm, Set<Long> errors, Set<Long> slow) {
        GateState gate = catalog().gate(ORDERS).orElseThrow();
        evidence.accept(
                new NodeReport(
                        new NodeName("web-1"),
                        "boot",
                        ++sequence,
                        List.of(
                                new GateCounts(
                                        ORDERS,
                                        gate.revision(),
                                        arm,
                                        "read",
                                        new Outcomes(1_000, 900, 0, 100, 0, 0, 0, 0),
                                        Outcomes.NONE,
                                        0,
                                        LatencyHistogram.EMPTY,
                                        KeyCells.NONE,
                                        errors,
                                        slow,
                                        0)),
                        List.of(),
                        AppliedGates.NONE,
                        List.of(),
                        List.of(),
                        false),
                Fixtures.START);
    }

    private void share(int ppm) {
        give(new Command.SetShare(Fixtures.gateTarget("orders"), new PartsPerMillion(ppm)));
    }

    private Catalog catalog() {
        return path.feed().latest();
    }

    private void give(Command command) {
        var context =
                catalog()
                        .gate(ORDERS)
                        .map(gate -> Fixtures.admin().withEtag(gate.meta().etag()))
                        .filter(_ -> command instanceof Command.SetShare)
                        .orElse(Fixtures.admin());
        assertThat(path.submit(command, context).join())
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }
}
