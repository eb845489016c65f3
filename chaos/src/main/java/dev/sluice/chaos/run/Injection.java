package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.report.Journal;
import dev.sluice.chaos.telemetry.ActiveFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The part of a run with faults on: leases, the method, the hold, and what is expected at the end.
 * Used once, by the thread that runs.
 *
 * <p>This thread waits for no answer: activities and looks run beside it, so that it goes on
 * looking while an activity lasts, and cuts short whatever runs as soon as the run is interrupted
 * or aborted.
 */
final class Injection {
    private final Experiment experiment;
    private final Settings settings;
    private final Activities activities;
    private final Leases leases;
    private final Waits waits;
    private final ActiveFaults faults;
    private final SteadyState state;
    private final Findings findings;
    private final Journal journal;
    private final Limits limits;
    private final Cut cut;
    private final BooleanSupplier interrupted;
    private final List<CompletableFuture<Journal.Entry>> background = new ArrayList<>();
    private final long begun;

    /**
     * @param cut ends every call of the state and of the leases
     * @param interrupted whether a signal came
     */
    Injection(
            Experiment experiment,
            Means means,
            Leases leases,
            SteadyState state,
            Findings findings,
            Journal journal,
            Cut cut,
            BooleanSupplier interrupted) {
        this.experiment = experiment;
        this.settings = experiment.settings();
        this.activities = means.activities();
        this.leases = leases;
        this.waits = means.waits();
        this.faults = means.faults();
        this.state = state;
        this.findings = findings;
        this.journal = journal;
        this.limits = new Limits(settings, leases, state, findings);
        this.cut = cut;
        this.interrupted = interrupted;
        this.begun = waits.nanos();
    }

    /** To its end, or to the first thing that ends it; what runs in the background may remain. */
    void run() {
        if (ended()) {
            return;
        }
        boolean acted = !leases.plan().leases().isEmpty();
        if (acted) {
            takeLeases();
        }
        for (Activity activity : experiment.method()) {
            pause(activities.seconds(activity.pauseBefore()).orElse(0.0));
            if (ended()) {
                return;
            }
            acted |= activity.kind() == Activity.Kind.ACTION;
            run(activity);
            if (ended()) {
                return;
            }
            watch();
            pause(activities.seconds(activity.pauseAfter()).orElse(0.0));
        }
        pause(leases.plan().hold().toMillis() / 1000.0);
        if (ended()) {
            return;
        }
        beside(this::expect);
        while (!background.isEmpty() && !ended()) {
            finish(background.removeFirst());
        }
        if (!acted) {
            findings.add(Verdict.INCONCLUSIVE, "the method has no action, so nothing was tested");
        }
    }

    private void takeLeases() {
        leases.plan().leases().forEach(lease -> faults.on(lease.shown(), waits.instant()));
        beside(() -> leases.take().ifPresent(why -> findings.add(Verdict.INCONCLUSIVE, why)));
        if (!ended()) {
            watch();
        }
    }

    private void run(Activity activity) {
        if (activity.kind() == Activity.Kind.ACTION) {
            faults.on(ActiveFaults.Fault.ofAction(activity.name()), waits.instant());
        }
        var running = CompletableFuture.supplyAsync(() -> state.run(activity), OwnThread.EACH);
        if (activity.background()) {
            background.add(running);
        } else {
            finish(running);
        }
    }

    /** Looks every so often until it is done; when the method ends before, it is as one beside. */
    private void finish(CompletableFuture<Journal.Entry> running) {
        while (!waits.await(running, untilNextLook())) {
            if (ended()) {
                background.add(running);
                return;
            }
            watch();
        }
        check(running.join());
    }

    /**
     * An action that failed injects nothing; the rest of the method would prove nothing. One that
     * was cut short has said nothing.
     */
    private void check(Journal.Entry entry) {
        journal.ran(entry);
        if (!cut.isMade()
                && entry.activity().kind() == Activity.Kind.ACTION
                && !entry.outcome().succeeded()) {
            findings.add(
                    Verdict.INCONCLUSIVE,
                    "the action '"
                            + entry.activity().name()
                            + "' failed: "
                            + entry.outcome().words());
        }
    }

    /** Whether the method goes no further. */
    private boolean ended() {
        if (interrupted.getAsBoolean()) {
            findings.add(Verdict.INTERRUPTED, "interrupted");
        }
        if (findings.restoreAtOnce()) {
            cut.make();
        }
        return findings.endTheMethod();
    }

    /** Lets time pass, and looks every so often. */
    private void pause(double seconds) {
        long end = waits.nanos() + (long) (seconds * 1e9);
        for (long left = end - waits.nanos(); left > 0 && !ended(); left = end - waits.nanos()) {
            waits.pause(Duration.ofNanos(Math.min(left, untilNextLook().toNanos())));
            watch();
        }
    }

    private Duration untilNextLook() {
        Duration left = limits.left(on());
        return left.compareTo(settings.every()) < 0 ? left : settings.every();
    }

    private Duration on() {
        return Duration.ofNanos(waits.nanos() - begun);
    }

    private void watch() {
        beside(() -> {
            experiment.hypothesis().map(state::look).ifPresent(this::judge);
            limits.ask();
        });
    }

    private void judge(Journal.Look look) {
        if (cut.isMade()) {
            return;
        }
        journal.during(look);
        if (!look.met()) {
            findings.add(Verdict.DEVIATED, "the steady state broke while faults were on");
        }
    }

    private void expect() {
        for (Activity probe : settings.expect()) {
            Journal.Entry entry = state.run(probe);
            journal.ran(entry);
            if (!cut.isMade() && !state.met(probe, entry.outcome())) {
                findings.add(Verdict.DEVIATED, "'" + probe.name() + "' was not as expected");
            }
        }
    }

    /** Runs what asks and judges; it is cut short when faults have been on for too long. */
    private void beside(Runnable asks) {
        CompletableFuture<Void> running = CompletableFuture.runAsync(asks, OwnThread.EACH);
        if (!waits.await(running, limits.left(on()))) {
            cut.make();
        }
        running.join();
        limits.check(on());
    }

    /** Cuts short what still runs. */
    void end() {
        cut.make();
        background.forEach(running -> journal.ran(running.join()));
        background.clear();
    }
}
