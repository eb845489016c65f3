package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.report.Journal;
import dev.sluice.chaos.telemetry.ActiveFaults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run of one experiment, as a straight line: baseline → inject → watch → restore → recover.
 * Used once; {@link #interrupt} may come from any thread.
 *
 * <p>The steady state decides also while faults are on: it is asked after each activity of the
 * method and again and again during pauses. Rollbacks run always, whatever happened, each up to
 * three times.
 */
public final class Runner {
    private static final int TRIES = 3;
    private static final Executor OWN_THREADS =
            task -> Thread.ofPlatform().daemon().name("chaos-background").start(task);

    private final Experiment experiment;
    private final Means means;
    private final Activities activities;
    private final Leases leases;
    private final Waits waits;
    private final ActiveFaults faults;
    private final SteadyState state;
    private final Journal journal;
    private final Settings settings;
    private final Findings findings = new Findings();
    private final Limits limits;
    private final List<CompletableFuture<Journal.Entry>> background = new ArrayList<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private volatile boolean injecting;
    private long faultsSince;

    /**
     * @param seed goes into the journal
     */
    public Runner(Experiment experiment, Means means, long seed) {
        this.experiment = experiment;
        this.means = means;
        this.activities = means.activities();
        this.leases = means.leases();
        this.waits = means.waits();
        this.faults = means.faults();
        this.state =
                new SteadyState(activities, waits, answer -> answer.succeeded() && answer.truthy());
        this.settings = experiment.settings();
        this.limits = new Limits(settings, means, state, findings);
        this.journal = new Journal(experiment.source(), waits.instant(), seed);
        leases.plan().leases().forEach(lease -> faults.expect(lease.shown()));
        experiment.method().stream()
                .filter(activity -> activity.kind() == Activity.Kind.ACTION)
                .forEach(action -> faults.expect(ActiveFaults.Fault.ofAction(action.name())));
    }

    /**
     * Ends the run at the next step, and a program of the method that runs now; everything is
     * restored first.
     */
    public void interrupt() {
        interrupted.set(true);
        if (injecting) {
            activities.endPrograms();
        }
    }

    /** Runs the experiment to its end. */
    public Result run() {
        if (baseline()) {
            Proof proof = new Proof(settings, leases, state, findings, journal);
            Instant from = waits.instant();
            try {
                injecting = true;
                inject();
            } finally {
                injecting = false;
                proof.check();
                restore();
                journal.window(from, waits.instant());
                faults.windows().forEach(journal::fault);
            }
            recover();
        }
        Verdict verdict = findings.verdict();
        boolean deviated = findings.has(Verdict.DEVIATED);
        String status =
                switch (verdict) {
                    case INTERRUPTED -> "interrupted";
                    case ABORTED -> "aborted";
                    case NOT_RESTORED, NOT_STEADY, INCONCLUSIVE -> "failed";
                    case DEVIATED, PASSED -> "completed";
                };
        findings.reasons().forEach(journal::reason);
        journal.end(waits.instant(), status, deviated, verdict.name());
        return new Result(verdict, verdict != Verdict.PASSED, findings.reasons(), journal);
    }

    private boolean baseline() {
        if (experiment.hypothesis().isEmpty()) {
            return true;
        }
        Journal.Look look = state.look(experiment.hypothesis().get());
        journal.before(look);
        if (!look.met()) {
            findings.add(Verdict.NOT_STEADY, "the steady state was not met before the fault");
        }
        return look.met();
    }

    private void inject() {
        means.guard().hold(undo());
        faultsSince = waits.nanos();
        boolean acted = !leases.plan().leases().isEmpty();
        if (acted && !takeLeases()) {
            return;
        }
        for (Activity activity : experiment.method()) {
            pause(activities.seconds(activity.pauseBefore()).orElse(0.0));
            if (ended()) {
                return;
            }
            if (activity.kind() == Activity.Kind.ACTION) {
                acted = true;
                faults.on(ActiveFaults.Fault.ofAction(activity.name()), waits.instant());
            }
            if (activity.background()) {
                background.add(
                        CompletableFuture.supplyAsync(() -> state.run(activity), OWN_THREADS));
            } else {
                check(state.run(activity));
            }
            if (ended()) {
                return;
            }
            watch();
            pause(activities.seconds(activity.pauseAfter()).orElse(0.0));
        }
        pause(leases.plan().hold().toMillis() / 1000.0);
        expect();
        if (!ended()) {
            background.forEach(running -> check(running.join()));
            background.clear();
        }
        if (!acted) {
            findings.add(Verdict.INCONCLUSIVE, "the method has no action, so nothing was tested");
        }
    }

    private void expect() {
        for (Activity probe : settings.expect()) {
            Journal.Entry entry = state.run(probe);
            journal.ran(entry);
            if (!state.met(probe, entry.outcome())) {
                findings.add(Verdict.DEVIATED, "'" + probe.name() + "' was not as expected");
            }
        }
    }

    private List<JsonNode> undo() {
        List<JsonNode> undo = new ArrayList<>();
        experiment.rollbacks().forEach(rollback -> undo.add(activities.resolved(rollback)));
        undo.addAll(leases.undo());
        return undo;
    }

    private boolean takeLeases() {
        leases.plan().leases().forEach(lease -> faults.on(lease.shown(), waits.instant()));
        Optional<String> refused = leases.take();
        refused.ifPresent(why -> findings.add(Verdict.INCONCLUSIVE, why));
        if (refused.isEmpty()) {
            watch();
        }
        return refused.isEmpty() && !ended();
    }

    /** An action that failed injects nothing; the rest of the method would prove nothing. */
    private void check(Journal.Entry entry) {
        journal.ran(entry);
        if (entry.activity().kind() == Activity.Kind.ACTION && !entry.outcome().succeeded()) {
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
        if (interrupted.get()) {
            findings.add(Verdict.INTERRUPTED, "interrupted");
        }
        return findings.endTheMethod();
    }

    /** Lets time pass while faults are on, and looks every so often. */
    private void pause(double seconds) {
        long end = waits.nanos() + (long) (seconds * 1e9);
        for (long left = end - waits.nanos(); left > 0 && !ended(); left = end - waits.nanos()) {
            waits.pause(Duration.ofNanos(Math.min(left, settings.every().toNanos())));
            watch();
        }
    }

    private void watch() {
        experiment
                .hypothesis()
                .ifPresent(hypothesis -> {
                    Journal.Look look = state.look(hypothesis);
                    journal.during(look);
                    if (!look.met()) {
                        findings.add(
                                Verdict.DEVIATED, "the steady state broke while faults were on");
                    }
                });
        limits.check(Duration.ofNanos(waits.nanos() - faultsSince));
    }

    private void restore() {
        boolean restored = true;
        endBackground();
        for (Activity rollback : experiment.rollbacks()) {
            restored &= rolledBack(rollback);
        }
        for (String failure : leases.end()) {
            findings.add(Verdict.NOT_RESTORED, failure);
            restored = false;
        }
        if (restored) {
            faults.allOff(waits.instant());
            means.guard().release();
        }
    }

    /** What still runs beside a method that has come to its end early. */
    private void endBackground() {
        if (!background.isEmpty()) {
            activities.askProgramsToEnd();
            background.forEach(running -> journal.ran(running.join()));
            background.clear();
        }
    }

    private boolean rolledBack(Activity rollback) {
        for (int i = 0; i < TRIES; i++) {
            Journal.Entry entry = state.run(rollback);
            journal.rolledBack(entry);
            if (Activities.restored(activities.resolved(rollback), entry.outcome())) {
                return true;
            }
            if (i == TRIES - 1) {
                findings.add(
                        Verdict.NOT_RESTORED,
                        "the rollback '"
                                + rollback.name()
                                + "' failed: "
                                + entry.outcome().words());
            }
        }
        return false;
    }

    private void recover() {
        if (experiment.hypothesis().isEmpty()) {
            return;
        }
        Recovery recovery = new Recovery(settings, state, waits, journal);
        switch (recovery.await(experiment.hypothesis().get(), interrupted::get)) {
            case BACK -> {}
            case INTERRUPTED -> findings.add(Verdict.INTERRUPTED, "interrupted");
            case LATE ->
                    findings.add(
                            Verdict.DEVIATED,
                            "the steady state did not come back within "
                                    + recovery.wanted().within().toMillis()
                                    + " ms");
        }
    }
}
