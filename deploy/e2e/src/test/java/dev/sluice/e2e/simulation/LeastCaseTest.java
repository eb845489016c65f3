package dev.sluice.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.trouble.Planned;
import dev.sluice.e2e.simulation.trouble.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A seed that fails says which of its troubles it takes; a defect on purpose is one that does. */
class LeastCaseTest {
    private static final int MOST_SEEDS = 96;

    @TempDir private Path folder;
    private Silence silence;

    @BeforeEach
    void silence() {
        silence = new Silence();
    }

    @AfterEach
    void speakAgain() {
        silence.close();
    }

    @Test
    void a_share_that_flaps_takes_no_trouble_at_all() {
        LeastCase least = leastCase(Defects.ShareFlap::new);

        assertThat(least.violation()).startsWith("share: ");
        assertThat(least.troubles()).isEmpty();
        assertThat(least.of()).as("troubles before").isGreaterThan(3);
    }

    @Test
    void a_leader_without_fencing_takes_one_control_plane_that_is_replaced_alive() {
        LeastCase least = leastCase(Defects.NoFence::new);

        assertThat(least.violation()).startsWith("log: ");
        assertThat(least.troubles())
                .singleElement()
                .extracting(Planned::trouble)
                .isInstanceOf(Trouble.ControlIsolated.class);
        assertThat(least).asString().contains("1 of " + least.of(), "ControlIsolated[lasts=");
    }

    @Test
    void a_drain_that_drops_takes_one_sidecar_that_leaves() {
        LeastCase least = leastCase(Defects.DrainDrops::new);

        assertThat(least.violation()).startsWith("answering: ");
        assertThat(least.troubles())
                .singleElement()
                .extracting(Planned::trouble)
                .isInstanceOf(Trouble.NodeLeaves.class);
    }

    @Test
    void every_seed_that_fails_fails_again_in_the_same_way() {
        Seeds seeds = new Seeds(folder, Defects.NoFallback::new);
        SortedMap<Long, List<String>> failed = seeds.violations(LongStream.rangeClosed(1, 8));

        assertThat(failed).as("seeds that fail").isNotEmpty();
        assertThat(seeds.violations(failed.keySet().stream().mapToLong(Long::longValue)))
                .as("the same seeds again")
                .isEqualTo(failed);
    }

    @Test
    void a_run_that_holds_has_none() {
        Seeds seeds = new Seeds(folder, () -> Wiring.REAL);

        assertThatThrownBy(() -> seeds.leastCase(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("seed=1")
                .hasMessageContaining("holds (expected: it fails");
    }

    /** Of the first seed that fails. */
    private LeastCase leastCase(Supplier<Wiring> defect) {
        Seeds seeds = new Seeds(folder, defect);
        long failing =
                LongStream.rangeClosed(1, MOST_SEEDS)
                        .filter(seed -> !seeds.violations(LongStream.of(seed)).isEmpty())
                        .findFirst()
                        .orElseThrow();
        return seeds.leastCase(failing);
    }

    @Test
    void what_is_left_out_disturbs_nothing_before_it_and_no_other_trouble_after_it() {
        Simulation.Result all = run(Scenario.of(3), "all");
        List<Planned> troubles = all.troubles();
        int left = troubles.size() / 2;
        List<Planned> some = troubles.stream().filter(one -> one.number() != left).toList();

        Simulation.Result without = run(Scenario.of(3).with(some), "without");

        Duration until = troubles.get(left - 1).at();
        assertThat(without.troubles()).isEqualTo(some).isNotEmpty();
        assertThat(before(until, without)).isEqualTo(before(until, all)).isNotEmpty();
    }

    @Test
    void users_ask_the_same_whatever_goes_wrong() {
        Simulation.Result all = run(Scenario.of(3), "all");
        List<Planned> some =
                all.troubles().stream()
                        .filter(one -> !(one.trouble() instanceof Trouble.NodeLeaves))
                        .toList();
        Simulation.Result without = run(Scenario.of(3).with(some), "some");
        Simulation.Result well = run(Scenario.of(3).with(List.of()), "well");

        assertThat(asked(without)).isSubsetOf(asked(well)).hasSizeGreaterThan(1_000);
    }

    private Simulation.Result run(Scenario scenario, String name) {
        return Simulation.run(scenario, folder.resolve(name), Wiring.REAL);
    }

    private static List<String> before(Duration end, Simulation.Result run) {
        return run.history().facts().stream()
                .filter(fact -> fact.at() < end.toNanos())
                .map(History.Fact::toString)
                .toList();
    }

    private record Asked(long at, String node, String operation, String key) {}

    private static List<Asked> asked(Simulation.Result run) {
        return run.history().facts().stream()
                .filter(History.Decided.class::isInstance)
                .map(History.Decided.class::cast)
                .map(one -> new Asked(one.at(), one.node(), one.operation(), one.key()))
                .toList();
    }
}
