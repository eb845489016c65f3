package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Command.BackMoves;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.path.Outcome;
import dev.sluice.e2e.simulation.invariant.History;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Those who move keys, all the time and without much thought. Used by one thread. */
final class People {
    private static final Principal ADMIN = new Principal("admin", Principal.AuthMethod.TOKEN);
    private static final int[] SHARES = {10_000, 50_000, 250_000, 500_000, 990_000, 1_000_000};

    private final Supplier<Optional<SimulatedControl>> control;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final History history;
    private final Sometimes sometimes;
    private int ramps;

    People(
            Supplier<Optional<SimulatedControl>> control,
            VirtualTime time,
            SplittableRandom random,
            History history,
            Sometimes sometimes) {
        this.control = control;
        this.time = time;
        this.random = random;
        this.history = history;
        this.sometimes = sometimes;
    }

    /** Tells a fresh control plane of the shop. */
    void openShop(Scenario scenario) {
        Shop.commands(scenario).forEach(command -> submit(command, Optional.empty()));
    }

    /** Does something with some gate, if a control plane is there to take it. */
    void act() {
        RandomGenerator own = random.split();
        GateName name = own.nextInt(3) == 0 ? Shop.SEPARATE : Shop.SHARED;
        find(name).ifPresent(gate -> act(gate, own));
    }

    private void act(GateState gate, RandomGenerator random) {
        boolean isKilled = gate.content().kill().isPresent();
        if ((isKilled || !gate.openTrips().isEmpty()) && random.nextInt(3) > 0) {
            resume(gate.name());
            return;
        }
        switch (random.nextInt(14)) {
            case 0 -> kill(gate.name());
            case 1 -> submit(new Command.Rollback(target(gate)), Optional.empty());
            case 2 -> startRamp(gate, random);
            case 3, 4, 5, 6 -> goOn(gate, random);
            default -> setShare(gate, SHARES[random.nextInt(SHARES.length)]);
        }
    }

    /** To the next pair of modes where all keys have moved, else to all keys. */
    private void goOn(GateState gate, RandomGenerator random) {
        if (!gate.content().share().isAll() || gate.name().equals(Shop.SHARED)) {
            setShare(gate, SHARES[SHARES.length - 1 - random.nextInt(3)]);
            return;
        }
        Shop.atNextPair(gate.content())
                .ifPresent(next ->
                        submit(
                                new Command.UpdateGate(
                                        new GateSpec(next, gate.spec().description()),
                                        BackMoves.REFUSED),
                                Optional.of(gate.meta().etag())));
    }

    private void setShare(GateState gate, int ppm) {
        submit(
                new Command.SetShare(target(gate), new PartsPerMillion(ppm)),
                Optional.of(gate.meta().etag()));
    }

    private void startRamp(GateState gate, RandomGenerator random) {
        Optional<Ramp> active = control.get().orElseThrow().catalog().activeRamp(target(gate));
        if (active.isPresent()) {
            submit(
                    new Command.AbortRamp(active.get().name()),
                    Optional.of(active.get().meta().etag()));
            return;
        }
        RampSpec.Advance advance =
                random.nextInt(3) == 0 ? RampSpec.Advance.JUDGED : RampSpec.Advance.TIMED;
        submit(
                new Command.CreateRamp(
                        new RampSpec(
                                new RampName("ramp-" + ++ramps),
                                target(gate),
                                List.of(step(50_000, advance), step(250_000, advance), last()),
                                JudgePolicy.DEFAULT,
                                Optional.empty())),
                Optional.empty());
    }

    private static RampSpec.Step step(int ppm, RampSpec.Advance advance) {
        return new RampSpec.Step(
                new PartsPerMillion(ppm), Duration.ofSeconds(2), Duration.ofSeconds(60), advance);
    }

    private static RampSpec.Step last() {
        return step(990_000, RampSpec.Advance.TIMED);
    }

    void kill(GateName gate) {
        long at = time.nanos();
        submit(
                new Command.Kill(new ShareTarget.OfGate(gate)),
                Optional.empty(),
                granted -> {
                    if (granted) {
                        history.add(new History.Killed(at, gate));
                    }
                });
    }

    void resume(GateName gate) {
        find(gate)
                .ifPresent(state -> {
                    List<String> trips = state.openTrips().stream().map(TripReport::id).toList();
                    submit(
                            new Command.Resume(target(state), trips),
                            Optional.empty(),
                            granted -> {
                                if (granted && !trips.isEmpty()) {
                                    sometimes.met(Sometimes.Event.TRIP_ACKNOWLEDGED);
                                }
                            });
                });
    }

    private Optional<GateState> find(GateName gate) {
        return control.get().flatMap(alive -> alive.catalog().gate(gate));
    }

    private static ShareTarget target(GateState gate) {
        return new ShareTarget.OfGate(gate.name());
    }

    private void submit(Command command, Optional<String> etag) {
        submit(command, etag, _ -> {});
    }

    private void submit(Command command, Optional<String> etag, Answered answered) {
        CommandContext plain =
                CommandContext.of(ADMIN, time.instant()).withReason("because of seed");
        CommandContext context = etag.map(plain::withEtag).orElse(plain);
        control.get()
                .ifPresent(alive -> {
                    var unused =
                            alive.submit(command, context)
                                    .thenAccept(outcome -> {
                                        note(command, outcome);
                                        answered.by(!(outcome instanceof Outcome.Refused));
                                    });
                });
    }

    /** Learns whether a command was granted. */
    private interface Answered {
        void by(boolean granted);
    }

    private void note(Command command, Outcome outcome) {
        if (outcome instanceof Outcome.Refused refused) {
            sometimes.met(Sometimes.Event.REFUSED_COMMAND);
            history.add(
                    new History.Refused(
                            time.nanos(),
                            command.getClass().getSimpleName(),
                            refused.refusals().getFirst().problem().message()));
        }
    }
}
