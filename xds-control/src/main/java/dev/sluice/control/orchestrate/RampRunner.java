package dev.sluice.control.orchestrate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.JudgedQuery;
import dev.sluice.control.change.JudgedStep;
import dev.sluice.control.change.JudgedStep.JudgedGate;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.Verdict.Outcome;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateEvidence;
import dev.sluice.control.judge.Judge;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.WriteGuards;
import dev.sluice.control.lifecycle.ramp.Staleness;
import dev.sluice.control.lifecycle.window.WindowRules;
import dev.sluice.control.path.ChangePath;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Drives ramps. At every tick it looks at each ramp at work and gives at most the one next command:
 *
 * <pre>
 * a sidecar of the target tripped           take back
 * the step is not in force everywhere       wait, for held writes too; then confirm it: the soak
 *                                           begins
 * the verdict's outcome is another          record it; DEGRADED takes back with it
 * the soak is over                          go on, by verdict or by time, or ask a person
 * something stands against the next step    wait, and write nothing
 * the longest soak is over                  ask a person
 * </pre>
 *
 * It keeps no state of its own but the latest verdicts and waits for show and which command is
 * under way, so that after a restart it goes on from the catalog alone; the step that each command
 * names keeps it from being done twice.
 *
 * <p>{@link #tick} is called by one thread at a time; {@link #verdict} and {@link #waitsFor} by
 * any.
 */
public final class RampRunner {
    private final ChangePath path;
    private final Supplier<FleetReport> fleet;
    private final EvidenceTotals evidence;
    private final Judge judge;
    private final BiFunction<Catalog, Ramp, List<JudgedQuery>> queries;
    private final InstantSource clock;
    private final Map<RampName, CompletableFuture<?>> underWay = new HashMap<>();
    private final Map<RampName, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Map<RampName, Wait> waits = new ConcurrentHashMap<>();

    /** Why a ramp does not go on; of the ramp with this etag alone. */
    private record Wait(String etag, String reason) {}

    /**
     * @param fleet what the nodes have told of themselves by now
     * @param queries what metrics servers have answered by now about a step in force; returns at
     *     once
     */
    public RampRunner(
            ChangePath path,
            Supplier<FleetReport> fleet,
            EvidenceTotals evidence,
            Judge judge,
            BiFunction<Catalog, Ramp, List<JudgedQuery>> queries,
            InstantSource clock) {
        this.queries = queries;
        this.path = path;
        this.fleet = fleet;
        this.evidence = evidence;
        this.judge = judge;
        this.clock = clock;
    }

    /** Looks at every ramp at work; to be called every second or so. */
    public void tick() {
        Catalog catalog = path.feed().latest();
        underWay.values().removeIf(CompletableFuture::isDone);
        verdicts.keySet().removeIf(name -> isOver(catalog, name));
        waits.keySet().removeIf(name -> isOver(catalog, name));
        for (Ramp ramp : catalog.runningRamps()) {
            if (!underWay.containsKey(ramp.name())) {
                drive(catalog, ramp);
            }
        }
    }

    /** The verdict on the step in force as of the last tick: newer than the one in the log. */
    public Optional<Verdict> verdict(RampName name) {
        return Optional.ofNullable(verdicts.get(name));
    }

    /** What stands against the next step of a ramp whose step is at its end, for people. */
    public Optional<String> waitsFor(Ramp ramp) {
        return Optional.ofNullable(waits.get(ramp.name()))
                .filter(wait -> wait.etag.equals(ramp.meta().etag()))
                .map(Wait::reason);
    }

    private static boolean isOver(Catalog catalog, RampName name) {
        return catalog.ramp(name).filter(ramp -> ramp.state().isActive()).isEmpty();
    }

    private void drive(Catalog catalog, Ramp ramp) {
        List<GateState> gates = catalog.gatesOf(ramp.spec().target());
        Optional<TripReport> trip =
                gates.stream().flatMap(gate -> gate.openTrips().stream()).findFirst();
        if (trip.isPresent()) {
            give(ramp, new Command.TakeBackRamp(ramp.name(), tripped(trip.get())));
        } else if (ramp.stepAppliedTime().isEmpty()) {
            if (isInForce(catalog, ramp, gates)) {
                give(ramp, new Command.ConfirmStep(ramp.name(), ramp.step()));
            }
        } else {
            judge(catalog, ramp, gates, ramp.stepAppliedTime().get());
        }
    }

    private boolean isInForce(Catalog catalog, Ramp ramp, List<GateState> gates) {
        PartsPerMillion share = ramp.currentStep().share();
        return gates.stream().allMatch(gate -> gate.content().share().compareTo(share) >= 0)
                && WriteGuards.areSettled(gates)
                && fleet.get().lagging(catalog, gates).isEmpty();
    }

    private void judge(Catalog catalog, Ramp ramp, List<GateState> gates, Instant since) {
        Instant now = clock.instant();
        List<GateEvidence> seen =
                gates.stream().map(gate -> evidence.of(gate.name(), gate.revision())).toList();
        Verdict verdict =
                judge.judge(
                        new JudgedStep(
                                ramp.step(),
                                ramp.spec().steps().size(),
                                ramp.currentStep().share(),
                                ramp.spec().judge(),
                                now,
                                seen.stream().map(GateEvidence::judged).toList(),
                                seen.stream()
                                        .map(GateEvidence::judgedCarried)
                                        .filter(JudgedGate::isJudged)
                                        .toList(),
                                fleet.get().silent(catalog, gates, now).size(),
                                Staleness.of(catalog, gates, ramp.stepTime()),
                                LegacyBefore.ofSteps(catalog, ramp),
                                queries.apply(catalog, ramp),
                                LegacyBefore.recorded(catalog, ramp)));
        verdicts.put(ramp.name(), verdict);
        if (isNews(ramp, verdict)) {
            give(ramp, new Command.RecordVerdict(ramp.name(), verdict));
        } else if (ramp.state() == RampState.RUNNING) {
            endStep(catalog, ramp, verdict, since, now);
        }
    }

    private void endStep(Catalog catalog, Ramp ramp, Verdict verdict, Instant since, Instant now) {
        if (now.isBefore(since.plus(ramp.currentStep().soak()))) {
            return;
        }
        List<Refusal> blockers = Lifecycle.blockers(catalog, fleet.get(), ramp, context());
        note(ramp, blockers);
        if (!ramp.isLastStep() && isHeld(catalog, ramp, now)) {
            return;
        }
        switch (ramp.currentStep().advance()) {
            case TIMED -> goOn(ramp, verdict, blockers);
            case APPROVED -> hold(ramp, "this step ends by a person's approval");
            case JUDGED -> {
                if (verdict.outcome() == Outcome.NON_INFERIOR) {
                    goOn(ramp, verdict, blockers);
                } else if (!now.isBefore(since.plus(ramp.currentStep().maxSoak()))) {
                    hold(ramp, "the longest soak is over: " + verdict.explanation());
                }
            }
        }
    }

    /** In a freeze, and in hours of much traffic, it stays where it is. */
    private static boolean isHeld(Catalog catalog, Ramp ramp, Instant now) {
        Optional<Migration> moving = catalog.openMigration(ramp.spec().target());
        Optional<Risk> risk = moving.map(it -> it.spec().product().risk());
        return !WindowRules.peaks(catalog, risk, now).isEmpty()
                || !WindowRules.freezes(catalog, moving, now).isEmpty();
    }

    /**
     * Records the verdict that ends the step, then leaves it. While that would be refused it writes
     * nothing, or each look at the ramp would be an event of the log and another etag.
     */
    private void goOn(Ramp ramp, Verdict verdict, List<Refusal> blockers) {
        if (blockers.isEmpty()) {
            give(ramp, new Command.RecordVerdict(ramp.name(), verdict));
            give(ramp, new Command.StepRamp(ramp.name(), ramp.step()));
        }
    }

    /** Keeps for show what stands against the next step. */
    private void note(Ramp ramp, List<Refusal> blockers) {
        if (blockers.isEmpty()) {
            waits.remove(ramp.name());
        } else {
            String reason =
                    blockers.stream()
                            .map(blocker -> blocker.problem().message())
                            .collect(Collectors.joining("; ", "the next step waits: ", ""));
            waits.put(ramp.name(), new Wait(ramp.meta().etag(), reason));
        }
    }

    private void hold(Ramp ramp, String why) {
        give(ramp, new Command.HoldRamp(ramp.name(), ramp.step(), why));
    }

    private void give(Ramp ramp, Command command) {
        underWay.put(ramp.name(), path.submit(command, context()));
    }

    private CommandContext context() {
        return CommandContext.of(Principal.ORCHESTRATOR, clock.instant());
    }

    private static boolean isNews(Ramp ramp, Verdict verdict) {
        return ramp.verdict().filter(last -> last.outcome() == verdict.outcome()).isEmpty();
    }

    private static String tripped(TripReport trip) {
        return trip.node()
                + " took its keys back at "
                + trip.operation()
                + " (trip "
                + trip.id()
                + ")";
    }
}
