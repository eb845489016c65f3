package dev.sluice.control.lifecycle.ramp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.RampSpec.Advance;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A ramp that an eager orchestrator would take on at every turn, while people change what it stands
 * on; {@link RampModel} reads the log alone.
 */
class RampWalkTest {
    private static final int WALKS = 25;
    private static final int STEPS = 2_000;
    private static final ShareTarget TARGET = Fixtures.gateTarget("orders");
    private static final Rule APART =
            new Rule("isolated", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY));
    private static final int[] SHARES = {10_000, 250_000, 500_000, 990_000};

    @Test
    void no_walk_ends_a_step_otherwise_than_its_plan_says() {
        RandomGenerator random = Seeds.printed("ramp walk").generator();
        Map<Advance, Integer> ended = new EnumMap<>(Advance.class);

        for (int i = 0; i < WALKS; i++) {
            Walk walk = new Walk(random, EnumSet.allOf(StepGuard.class));
            walk.go(STEPS);
            walk.model.ended().forEach((by, count) -> ended.merge(by, count, Integer::sum));
        }

        assertThat(ended)
                .as("steps that the orchestrator ended")
                .containsOnlyKeys(Advance.JUDGED, Advance.TIMED)
                .allSatisfy((_, count) -> assertThat(count).isGreaterThan(100));
    }

    @TestFactory
    Stream<DynamicTest> without_a_guard_its_promise_breaks() {
        return Stream.of(StepGuard.values())
                .map(guard ->
                        DynamicTest.dynamicTest(
                                guard.name(),
                                () ->
                                        assertThatThrownBy(() -> without(guard))
                                                .isInstanceOf(AssertionError.class)
                                                .hasMessageContaining(guard.name())));
    }

    private static void without(StepGuard guard) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(11);
        new Walk(random, EnumSet.complementOf(EnumSet.of(guard))).go(WALKS * STEPS);
    }

    private static final class Walk {
        private final RandomGenerator random;
        private final Set<StepGuard> guards;
        private final World world = World.shop(0);
        private final RampModel model = new RampModel();
        private Instant now = Fixtures.START;
        private int ramps;

        Walk(RandomGenerator random, Set<StepGuard> guards) {
            this.random = random;
            this.guards = guards;
            world.log().forEach(model::read);
        }

        void go(int steps) {
            for (int step = 0; step < steps; step++) {
                now = now.plusSeconds(random.nextInt(20));
                Optional<Ramp> active = world.catalog().activeRamp(TARGET);
                give(active.map(this::change).orElseGet(this::begin));
            }
        }

        private Command begin() {
            if (world.gate("orders").content().isKilled()) {
                return new Command.Resume(TARGET, List.of());
            }
            return world.share("orders") == 0
                    ? new Command.CreateRamp(plan())
                    : new Command.Rollback(TARGET);
        }

        private RampSpec plan() {
            return new RampSpec(
                    new RampName("r" + ramps++),
                    TARGET,
                    IntStream.of(SHARES).mapToObj(this::step).toList(),
                    JudgePolicy.DEFAULT,
                    Optional.empty());
        }

        private RampSpec.Step step(int share) {
            return new RampSpec.Step(
                    new PartsPerMillion(share),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    List.of(Advance.JUDGED, Advance.JUDGED, Advance.TIMED, Advance.APPROVED)
                            .get(random.nextInt(4)));
        }

        private Command change(Ramp ramp) {
            return switch (random.nextInt(40)) {
                case 0 -> new Command.AbortRamp(ramp.name());
                case 1 -> new Command.PauseRamp(ramp.name());
                case 2, 3 -> new Command.ResumeRamp(ramp.name());
                case 4 -> new Command.AdvanceRamp(ramp.name());
                case 5 -> new Command.UpdateVersion(build());
                case 6 -> isolation();
                case 7 -> new Command.SetShare(TARGET, new PartsPerMillion(0));
                case 8 -> new Command.Kill(TARGET);
                case 9 -> new Command.Resume(TARGET, List.of());
                case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 ->
                        new Command.RecordVerdict(ramp.name(), verdict(ramp));
                case 20, 21, 22, 23, 24, 25, 26 ->
                        new Command.ConfirmStep(ramp.name(), ramp.step());
                default -> new Command.StepRamp(ramp.name(), ramp.step());
            };
        }

        private VersionSpec build() {
            return Fixtures.build("orders", random.nextBoolean() ? "v1" : "v2", "b" + now);
        }

        private Command isolation() {
            GateName gate = new GateName("orders");
            return world.gate("orders").content().rules().isEmpty()
                    ? new Command.IsolateGate(gate, APART)
                    : new Command.ReleaseGate(gate, "isolated");
        }

        /** Some are of a moment before; few find anything. */
        private Verdict verdict(Ramp ramp) {
            List<Verdict.Outcome> all = List.of(Verdict.Outcome.values());
            Verdict.Outcome outcome =
                    random.nextInt(3) == 0
                            ? all.get(random.nextInt(all.size()))
                            : Verdict.Outcome.NON_INFERIOR;
            return Fixtures.verdict(
                    ramp.step(), outcome, now.minusSeconds(random.nextInt(2) * 60L));
        }

        private void give(Command command) {
            boolean ofPeople =
                    !(command instanceof Command.StepRamp
                            || command instanceof Command.ConfirmStep);
            CommandContext plain = world.careful(command);
            CommandContext context =
                    new CommandContext(
                            Identity.of(ofPeople ? Fixtures.ADMIN : Principal.ORCHESTRATOR),
                            plain.requestId(),
                            "walked",
                            plain.validation(),
                            plain.etag(),
                            now);
            if (decide(command, context) instanceof Decision.Change(var events)) {
                int from = world.log().size();
                world.apply(command, context, events);
                List<LoggedEvent> log = world.log();
                log.subList(from, log.size()).forEach(model::read);
            }
        }

        private Decision decide(Command command, CommandContext context) {
            if (!(command instanceof Command.StepRamp(var name, int from))) {
                return world.decide(command, context);
            }
            ShareRules shares = new ShareRules(world.catalog(), FleetReport.SILENT, context, 1);
            return new RampRules(world.catalog(), context, shares, guards).step(name, from);
        }
    }
}
