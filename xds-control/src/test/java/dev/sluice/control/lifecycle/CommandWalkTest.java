package dev.sluice.control.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.testkit.Seeds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random commands, checked by a model that reads the log alone: it knows what events mean and
 * nothing of how they were decided.
 */
class CommandWalkTest {
    private static final int STEPS = 20_000;
    private static final List<String> SERVICES = List.of("orders", "customers");
    private static final List<String> GATES = List.of("a", "b", "c");
    private static final List<String> RAMPS = List.of("r", "s");
    private static final int[] SHARES = {0, 10_000, 250_000, 500_000, 1_000_000};

    private final Seeds seeds = Seeds.printed("random command walk");
    private final RandomGenerator random = seeds.generator();
    private final World world = new World();
    private final Model model = new Model();
    private int rampNumber;

    @Test
    void no_walk_breaks_what_the_log_promises() {
        int accepted = 0;
        for (int step = 0; step < STEPS; step++) {
            Command command = anything();
            CommandContext context =
                    random.nextInt(10) == 0 ? Fixtures.admin() : world.careful(command);
            Catalog before = world.catalog();
            switch (world.decide(command, context)) {
                case Decision.Refused(var refusals) -> {
                    assertThat(refusals).as("step %d: %s", step, command).isNotEmpty();
                    assertThat(world.catalog()).isSameAs(before);
                }
                case Decision.Change(var events) -> {
                    int from = world.log().size();
                    world.apply(command, context, events);
                    for (LoggedEvent event : world.log().subList(from, world.log().size())) {
                        model.read(event);
                    }
                    model.checkAfter(command);
                    accepted += events.isEmpty() ? 0 : 1;
                }
            }
        }

        assertThat(accepted).as("the walk gets somewhere").isGreaterThan(STEPS / 10);
        assertThat(Catalog.EMPTY.applyAll(world.log())).isEqualTo(world.catalog());
        assertThat(HashChain.verify(Head.EMPTY, world.log())).isEmpty();
        assertThat(CatalogImage.read(CatalogImage.write(world.catalog())))
                .as("the state from its image")
                .isEqualTo(world.catalog());
    }

    private Command anything() {
        String service = pick(SERVICES);
        String gate = pick(GATES);
        ShareTarget target =
                random.nextInt(4) == 0 ? Fixtures.setTarget("set") : Fixtures.gateTarget(gate);
        PartsPerMillion share = new PartsPerMillion(SHARES[random.nextInt(SHARES.length)]);
        RampName ramp = new RampName(pick(RAMPS) + random.nextInt(Math.max(1, rampNumber)));
        return switch (random.nextInt(24)) {
            case 0 -> new Command.CreateService(Fixtures.service(service));
            case 1 ->
                    new Command.CreateVersion(
                            Fixtures.version(service, "v" + (1 + random.nextInt(2))));
            case 2 -> new Command.CreateGate(Fixtures.gate(gate, service, 0));
            case 3 -> new Command.UpdateGate(someGate(gate, service, share.value()), backMoves());
            case 4 ->
                    random.nextInt(5) == 0
                            ? new Command.DeleteGate(new GateName(gate))
                            : new Command.SetShare(target, share);
            case 5, 6, 7 -> new Command.SetShare(target, share);
            case 8 -> new Command.Rollback(target);
            case 9 ->
                    random.nextInt(3) == 0
                            ? new Command.KeepKill(
                                    Fixtures.obeyedKill(gate, 1, 1 + random.nextInt(4_000)))
                            : new Command.Kill(target);
            case 10, 11 -> new Command.Resume(target, List.of("n/b/" + random.nextInt(3)));
            case 12 ->
                    new Command.RestoreRevision(
                            new GateName(gate),
                            new GateRevision(1, 1 + random.nextInt(40)),
                            backMoves());
            case 13 -> new Command.CreateGateSet(Fixtures.set("set", "a", "b"));
            case 14 ->
                    random.nextBoolean()
                            ? new Command.UpdateGateSet(Fixtures.set("set", "a"))
                            : new Command.DeleteGateSet(Fixtures.set("set").name());
            case 15 ->
                    new Command.CreateRamp(
                            Fixtures.hasty(
                                    pick(RAMPS) + rampNumber++, target, 10_000, 250_000, 500_000));
            case 16 -> new Command.StepRamp(ramp, random.nextInt(3));
            case 17 -> new Command.ConfirmStep(ramp, random.nextInt(3));
            case 18 ->
                    new Command.RecordVerdict(
                            ramp,
                            Fixtures.verdict(
                                    random.nextInt(3), pick(List.of(Verdict.Outcome.values()))));
            case 19 ->
                    random.nextBoolean()
                            ? new Command.PauseRamp(ramp)
                            : new Command.ResumeRamp(ramp);
            case 20 -> random.nextBoolean() ? new Command.AdvanceRamp(ramp) : isolation(gate);
            case 21 -> new Command.AbortRamp(ramp);
            case 22 ->
                    random.nextBoolean()
                            ? new Command.RecordTrip(Fixtures.trip(gate, random.nextInt(3)))
                            : new Command.RecordLocalKill(
                                    Fixtures.localKill(gate, random.nextInt(3)));
            default ->
                    random.nextBoolean()
                            ? new Command.DeleteService(Fixtures.serviceName(service))
                            : new Command.TakeBackRamp(ramp, "tripped");
        };
    }

    private Command isolation(String gate) {
        GateName name = new GateName(gate);
        return random.nextBoolean()
                ? new Command.ReleaseGate(name, "isolated")
                : new Command.IsolateGate(
                        name,
                        new Rule(
                                "isolated",
                                RequestMatch.EVERY,
                                new Rule.Outcome.Fixed(pick(List.of(Arm.values())))));
    }

    private GateSpec someGate(String gate, String service, int share) {
        return Fixtures.gate(gate, service, share, random.nextInt(5) == 0 ? "salt" : "seed");
    }

    private BackMoves backMoves() {
        return random.nextBoolean() ? BackMoves.ALLOWED : BackMoves.REFUSED;
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** What must hold of any log, from its events alone. */
    private static final class Model {
        private final Map<GateName, GateRevision> highest = new HashMap<>();
        private final Map<GateName, GateSpec> gates = new HashMap<>();
        private final Map<RampName, String> running = new HashMap<>();
        private final Map<GateName, Set<String>> openTrips = new HashMap<>();

        void read(LoggedEvent logged) {
            switch (logged.event()) {
                case Event.GatesRevised(Action action, List<GateSpec> revised) ->
                        revised.forEach(gate -> revise(action, gate));
                case Event.GateDeleted(GateName name) -> {
                    gates.remove(name);
                    openTrips.remove(name);
                }
                case Event.LocalKillRecorded(var kill) ->
                        openTrips.computeIfAbsent(kill.gate(), _ -> new HashSet<>()).add(kill.id());
                case Event.TripRecorded(var trip) ->
                        openTrips.computeIfAbsent(trip.gate(), _ -> new HashSet<>()).add(trip.id());
                case Event.RampStarted(var spec) -> {
                    assertThat(running).doesNotContainValue(spec.target().name());
                    running.put(spec.name(), spec.target().name());
                }
                case Event.RampMoved(var name, RampState state, String message) -> {
                    assertThat(running).as("%s: %s", name, message).containsKey(name);
                    if (!state.isActive()) {
                        running.remove(name);
                    }
                }
                case Event.RampStepped(var name, int _) -> assertThat(running).containsKey(name);
                case Event.RampJudged(var name, var _) -> assertThat(running).containsKey(name);
                default -> {} // nothing is promised of the others here
            }
        }

        private void revise(Action action, GateSpec next) {
            GateName name = next.content().name();
            GateRevision revision = next.content().revision().orElseThrow();
            GateRevision before = highest.put(name, revision);
            assertThat(before == null || before.isBelow(revision))
                    .as("%s goes from %s to %s", name, before, revision)
                    .isTrue();
            GateSpec old = gates.put(name, next);
            if (old != null) {
                assertThat(
                                action == Action.RESUMED
                                        || old.content().kill().isEmpty()
                                        || next.content().kill().isPresent())
                        .as("%s un-killed by %s", name, action)
                        .isTrue();
                boolean raised = next.content().share().compareTo(old.content().share()) > 0;
                assertThat(raised && old.content().kill().isPresent())
                        .as("%s raised while killed", name)
                        .isFalse();
                assertThat(raised && !openTrips.getOrDefault(name, Set.of()).isEmpty())
                        .as("%s raised over an open trip", name)
                        .isFalse();
            }
            openTrips
                    .getOrDefault(name, new HashSet<>())
                    .removeAll(next.content().acknowledgedTrips());
        }

        /** Sets are alike after each command. */
        void checkAfter(Command command) {
            Map<String, Set<Object>> bySet = new HashMap<>();
            for (GateSpec gate : gates.values()) {
                gate.content()
                        .gateSet()
                        .ifPresent(set ->
                                bySet.computeIfAbsent(set.name(), _ -> new HashSet<>())
                                        .add(
                                                List.of(
                                                        gate.content().share(),
                                                        gate.content().bucketing().salt(),
                                                        gate.content().kill().isPresent(),
                                                        gate.content().from(),
                                                        gate.content().to())));
            }
            assertThat(bySet.values())
                    .as("gates of one set after %s", command)
                    .allSatisfy(kinds -> assertThat(kinds).hasSize(1));
        }
    }
}
