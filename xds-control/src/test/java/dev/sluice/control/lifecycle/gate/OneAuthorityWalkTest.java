package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.NodeName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * Random changes of a gate between two stores, over sidecars that apply them when they please and
 * that are lost and come back. Of those that are not told to be gone, no two write one bucket to
 * different stores first, as their revisions alone say.
 */
class OneAuthorityWalkTest {
    private static final int STEPS = 20_000;
    private static final int[] SHARES = {0, 10_000, 250_000, 500_000, 1_000_000};

    @Test
    void no_walk_brings_two_authorities_of_a_bucket_into_force() {
        Walk walk = new Walk(Seeds.printed("one authority").generator(), Told.TRUTH);

        walk.go(STEPS);

        assertThat(walk.seen)
                .as("the walk gets everywhere")
                .contains(
                        Action.WRITES_HELD,
                        Action.WRITES_SWITCHED,
                        Action.WRITES_RELEASED,
                        Action.KILLED,
                        Action.ROLLED_BACK,
                        Action.RESUMED);
        assertThat(walk.switches).as("how often writes changed sides").isGreaterThan(20);
        assertThat(CatalogImage.read(CatalogImage.write(walk.stores.world.catalog())))
                .as("the state from its image")
                .isEqualTo(walk.stores.world.catalog());
    }

    @Test
    void without_waiting_for_the_fleet_there_are_two() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);

        assertThatThrownBy(() -> new Walk(random, Told.THAT_ALL_HAVE_APPLIED_ALL).go(STEPS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("two authorities");
    }

    /** What the control plane believes of the sidecars. */
    private enum Told {
        TRUTH,
        THAT_ALL_HAVE_APPLIED_ALL
    }

    private static final class Walk {
        private final TwoStores stores = new TwoStores("web-1", "web-2", "web-3");
        private final Map<String, GateRevision> inForce = new HashMap<>();
        private final Set<Action> seen = EnumSet.noneOf(Action.class);
        private final RandomGenerator random;
        private final Told told;
        private int switches;
        private int ramps;

        Walk(RandomGenerator random, Told told) {
            this.random = random;
            this.told = told;
            List.of("web-1", "web-2", "web-3").forEach(node -> inForce.put(node, newest()));
        }

        void go(int steps) {
            for (int step = 0; step < steps; step++) {
                stores.pass(Duration.ofMillis(random.nextInt(900)));
                switch (random.nextInt(14)) {
                    case 0, 1, 2 -> apply(node());
                    case 3, 12, 13 -> inForce.keySet().forEach(this::apply);
                    case 4 -> comeAndGo(node());
                    case 5, 6, 7 -> give(new Command.MoveWrites(TwoStores.TARGET));
                    default -> give(change());
                }
                check(step);
            }
        }

        private void apply(String node) {
            if (inForce.containsKey(node)) {
                inForce.put(node, newest());
                stores.apply(node);
            }
        }

        private void comeAndGo(String node) {
            NodeName name = new NodeName(node);
            if (stores.world.catalog().node(name).isEmpty()) {
                come(node);
                return;
            }
            switch (random.nextInt(9)) {
                case 0 -> give(new Command.NodeLost(name));
                case 1 -> {
                    give(new Command.NodeLost(name));
                    inForce.remove(node); // its machine is gone before anybody says so
                    give(new Command.ForgetNode(name));
                }
                case 2 -> {
                    inForce.remove(node);
                    give(new Command.NodeLeft(name));
                }
                default -> come(node);
            }
        }

        /** With the newest of all gates, as one without state does. */
        private void come(String node) {
            if (!inForce.containsKey(node)) {
                inForce.put(node, newest());
                stores.apply(node);
            }
            stores.register(node, NodeSpec.Kind.SLUICE, Gate.CONTRACT_VERSION);
        }

        private Command change() {
            int share = SHARES[random.nextInt(SHARES.length)];
            Gate now = stores.gate();
            return switch (random.nextInt(18)) {
                case 0 -> new Command.Kill(TwoStores.TARGET);
                case 1, 2, 3 -> new Command.Resume(TwoStores.TARGET, List.of("n/b/0", "n/b/1"));
                case 4 -> new Command.Rollback(TwoStores.TARGET);
                case 5 ->
                        random.nextInt(4) == 0
                                ? new Command.RecordTrip(Fixtures.trip("orders", random.nextInt(2)))
                                : TwoStores.raise(share);
                case 6 ->
                        new Command.CreateRamp(
                                Fixtures.hasty(
                                        "r" + ramps++, TwoStores.TARGET, 10_000, 250_000, 990_000));
                case 7, 8, 9 -> ofRamp();
                case 10 -> otherModes(now);
                case 11 ->
                        now.from() == Mode.LIVE
                                ? modes(Mode.SHADOW, Mode.LIVE, 1_000_000)
                                : modes(Mode.SHADOW, Mode.LIVE, 0);
                case 12 ->
                        new Command.RestoreRevision(
                                TwoStores.GATE,
                                new GateRevision(
                                        1, Math.max(1, newest().number() - random.nextInt(9))),
                                Command.BackMoves.ALLOWED);
                case 13 ->
                        new Command.IsolateGate(
                                TwoStores.GATE,
                                new Rule(
                                        "isolated",
                                        RequestMatch.EVERY,
                                        new Rule.Outcome.Fixed(Arm.LEGACY)));
                case 14 -> new Command.ReleaseGate(TwoStores.GATE, "isolated");
                default -> TwoStores.raise(share);
            };
        }

        /** Seldom, since writes change sides from SHADOW to LIVE alone. */
        private Command otherModes(Gate now) {
            if (random.nextInt(4) > 0) {
                return new Command.Resume(TwoStores.TARGET, List.of());
            }
            return now.share().isAll()
                    ? modes(Mode.LIVE, Mode.RAMP_DOWN, 0)
                    : modes(Mode.DUAL_WRITE, Mode.SHADOW, 1_000_000);
        }

        private Command ofRamp() {
            Optional<Ramp> active = stores.world.catalog().activeRamp(TwoStores.TARGET);
            if (active.isEmpty()) {
                return TwoStores.raise(SHARES[random.nextInt(SHARES.length)]);
            }
            Ramp ramp = active.get();
            return switch (random.nextInt(8)) {
                case 0 -> new Command.AbortRamp(ramp.name());
                case 1, 2 -> new Command.ResumeRamp(ramp.name());
                case 3, 4 -> new Command.StepRamp(ramp.name(), ramp.step());
                default -> new Command.ConfirmStep(ramp.name(), ramp.step());
            };
        }

        private static Command modes(Mode from, Mode to, int share) {
            return new Command.UpdateGate(
                    new GateSpec(
                            Fixtures.content(
                                    "orders", "orders", share, "seed", from, to, TakeBack.FROM),
                            Description.NONE),
                    Command.BackMoves.ALLOWED);
        }

        private void give(Command command) {
            if (told == Told.THAT_ALL_HAVE_APPLIED_ALL) {
                stores.applyAll();
            }
            CommandContext context = stores.context(command);
            if (stores.world.decide(command, context) instanceof Decision.Change(var events)) {
                stores.world.apply(command, context, events);
                for (Event event : events) {
                    if (event instanceof Event.GatesRevised(Action action, var _)) {
                        seen.add(action);
                        switches += action == Action.WRITES_SWITCHED ? 1 : 0;
                    }
                }
            }
        }

        private void check(int step) {
            for (int bucket : buckets()) {
                Map<String, Arm> first = new HashMap<>();
                inForce.forEach((node, revision) -> {
                    Gate gate = content(revision);
                    if (gate.writeHold().filter(hold -> hold.holds(bucket)).isEmpty()) {
                        first.put(node, writtenFirst(gate, bucket));
                    }
                });
                assertThat(Set.copyOf(first.values()))
                        .as("step %d: two authorities of bucket %d: %s", step, bucket, first)
                        .hasSizeLessThanOrEqualTo(1);
            }
        }

        /** Each place where something may change, and the bucket before it. */
        private Set<Integer> buckets() {
            Set<Integer> places = new TreeSet<>(Set.of(0, PartsPerMillion.WHOLE - 1));
            for (GateRevision revision : inForce.values()) {
                Gate gate = content(revision);
                if (gate.writeAuthority() instanceof Gate.WriteAuthority.NewBelow(var below)) {
                    places.add(below.value());
                }
                gate.writeHold()
                        .ifPresent(hold -> {
                            places.add(hold.fromBucket());
                            places.add(hold.toBucket());
                        });
            }
            Set<Integer> buckets = new TreeSet<>();
            places.forEach(place -> {
                buckets.add(Math.min(place, PartsPerMillion.WHOLE - 1));
                buckets.add(Math.max(place - 1, 0));
            });
            return buckets;
        }

        private static Arm writtenFirst(Gate gate, int bucket) {
            return switch (gate.writeAuthority()) {
                case Gate.WriteAuthority.NewBelow(var below) ->
                        below.contains(bucket) ? Arm.NEW : Arm.LEGACY;
                case Gate.WriteAuthority.ByMode() -> {
                    assertThat(gate.from().authoritative())
                            .as("modes that say it alone")
                            .isEqualTo(gate.to().authoritative());
                    yield gate.from().authoritative();
                }
            };
        }

        private Gate content(GateRevision revision) {
            return state().revision(revision).orElseThrow().spec().content();
        }

        private GateRevision newest() {
            return state().revision();
        }

        private GateState state() {
            return stores.world.gate("orders");
        }

        private String node() {
            return "web-" + (1 + random.nextInt(3));
        }
    }
}
