package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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

    private final Experiment experiment;
    private final Activities activities;
    private final Guard guard;
    private final Waits waits;
    private final SteadyState state;
    private final Journal journal;
    private final Settings settings;
    private final Set<Verdict> findings = EnumSet.of(Verdict.PASSED);
    private final List<String> reasons = new ArrayList<>();
    private final List<CompletableFuture<Journal.Entry>> background = new ArrayList<>();
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private long faultsSince;

    /**
     * @param guard takes the faults back when this process dies
     * @param seed goes into the journal
     */
    public Runner(
            Experiment experiment, Activities activities, Guard guard, Waits waits, long seed) {
        this.experiment = experiment;
        this.activities = activities;
        this.guard = guard;
        this.waits = waits;
        this.state = new SteadyState(activities, waits);
        this.settings = experiment.settings();
        this.journal = new Journal(experiment.source(), waits.instant(), seed);
    }

    /** Ends the run at the next step; everything is restored first. */
    public void interrupt() {
        interrupted.set(true);
    }

    /** Runs the experiment to its end. */
    public Result run() {
        if (baseline()) {
            Optional<Long> before = witness();
            Instant from = waits.instant();
            try {
                inject();
            } finally {
                checkWitness(before);
                restore();
                journal.window(from, waits.instant());
            }
            recover();
        }
        Verdict verdict = findings.iterator().next();
        boolean deviated = findings.contains(Verdict.DEVIATED);
        String status =
                switch (verdict) {
                    case INTERRUPTED -> "interrupted";
                    case ABORTED -> "aborted";
                    case NOT_RESTORED, NOT_STEADY, INCONCLUSIVE -> "failed";
                    case DEVIATED, PASSED -> "completed";
                };
        reasons.forEach(journal::reason);
        journal.end(waits.instant(), status, deviated, verdict.name());
        return new Result(verdict, verdict != Verdict.PASSED, reasons, journal);
    }

    private boolean baseline() {
        if (experiment.hypothesis().isEmpty()) {
            return true;
        }
        Journal.Look look = state.look(experiment.hypothesis().get());
        journal.before(look);
        if (!look.met()) {
            found(Verdict.NOT_STEADY, "the steady state was not met before the fault");
        }
        return look.met();
    }

    private void inject() {
        guard.hold(experiment.rollbacks().stream().map(activities::resolved).toList());
        faultsSince = waits.nanos();
        boolean acted = false;
        for (Activity activity : experiment.method()) {
            pause(activities.seconds(activity.pauseBefore()));
            if (ended()) {
                return;
            }
            acted |= activity.kind() == Activity.Kind.ACTION;
            if (activity.background()) {
                background.add(CompletableFuture.supplyAsync(() -> state.run(activity)));
            } else {
                check(state.run(activity));
            }
            if (ended()) {
                return;
            }
            watch();
            pause(activities.seconds(activity.pauseAfter()));
        }
        background.forEach(running -> check(running.join()));
        background.clear();
        if (!acted) {
            found(Verdict.INCONCLUSIVE, "the method has no action, so nothing was tested");
        }
    }

    /** An action that failed injects nothing; the rest of the method would prove nothing. */
    private void check(Journal.Entry entry) {
        journal.ran(entry);
        if (entry.activity().kind() == Activity.Kind.ACTION && !entry.outcome().succeeded()) {
            found(
                    Verdict.INCONCLUSIVE,
                    "the action '"
                            + entry.activity().name()
                            + "' failed: "
                            + words(entry.outcome()));
        }
    }

    private static String words(Outcome outcome) {
        return outcome.failure().orElseGet(() -> "status " + outcome.output().path("status"));
    }

    /** Whether the method goes no further. */
    private boolean ended() {
        if (interrupted.get()) {
            found(Verdict.INTERRUPTED, "interrupted");
        }
        return findings.contains(Verdict.INTERRUPTED)
                || findings.contains(Verdict.ABORTED)
                || findings.contains(Verdict.INCONCLUSIVE);
    }

    /** Lets time pass while faults are on, and looks every so often. */
    private void pause(Optional<Double> seconds) {
        long end = waits.nanos() + (long) (seconds.orElse(0.0) * 1e9);
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
                    if (!look.met() && findings.add(Verdict.DEVIATED)) {
                        reasons.add("the steady state broke while faults were on");
                    }
                });
        for (Activity condition : settings.stop()) {
            if (state.met(condition, activities.run(condition))) {
                found(Verdict.ABORTED, "the stop condition '" + condition.name() + "' was met");
            }
        }
        Duration on = Duration.ofNanos(waits.nanos() - faultsSince);
        settings.blastRadius()
                .duration()
                .filter(longest -> on.compareTo(longest) > 0)
                .ifPresent(longest ->
                        found(
                                Verdict.ABORTED,
                                "faults were on for "
                                        + on.toMillis()
                                        + " ms, longer than the blast"
                                        + " radius of "
                                        + longest.toMillis()
                                        + " ms"));
    }

    private Optional<Long> witness() {
        return settings.witness().flatMap(state::count);
    }

    private void checkWitness(Optional<Long> before) {
        settings.witness()
                .ifPresent(witness -> {
                    Optional<Long> growth = before.flatMap(from -> witness().map(to -> to - from));
                    journal.witness(growth, witness.atLeast());
                    if (growth.isEmpty() || growth.get() < witness.atLeast()) {
                        found(
                                Verdict.INCONCLUSIVE,
                                "the witness grew by %s (expected: %d or more)"
                                        .formatted(
                                                growth.map(Object::toString)
                                                        .orElse("an unknown number"),
                                                witness.atLeast()));
                    }
                });
    }

    private void restore() {
        boolean restored = true;
        for (Activity rollback : experiment.rollbacks()) {
            restored &= rolledBack(rollback);
        }
        background.forEach(running -> running.cancel(/* mayInterruptIfRunning= */ true));
        if (restored) {
            guard.release();
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
                found(
                        Verdict.NOT_RESTORED,
                        "the rollback '" + rollback.name() + "' failed: " + words(entry.outcome()));
            }
        }
        return false;
    }

    /** The steady state must be back in time and then hold without a break. */
    private void recover() {
        if (experiment.hypothesis().isEmpty()) {
            return;
        }
        Settings.Recovery wanted =
                settings.recovery().orElse(new Settings.Recovery(Duration.ZERO, Duration.ZERO));
        long start = waits.nanos();
        long steadySince = start;
        boolean steady = false;
        while (!interrupted.get()) {
            Journal.Look look = state.look(experiment.hypothesis().get());
            journal.after(look);
            long now = waits.nanos();
            if (look.met() && !steady) {
                steadySince = now;
            }
            steady = look.met();
            if (steady && now - steadySince >= wanted.stableFor().toNanos()) {
                return;
            }
            boolean late = !steady || steadySince - start > wanted.within().toNanos();
            if (late && now - start >= wanted.within().toNanos()) {
                found(
                        Verdict.DEVIATED,
                        "the steady state did not come back within "
                                + wanted.within().toMillis()
                                + " ms");
                return;
            }
            waits.pause(settings.every());
        }
        found(Verdict.INTERRUPTED, "interrupted");
    }

    private void found(Verdict verdict, String reason) {
        findings.add(verdict);
        if (!reasons.contains(reason)) {
            reasons.add(reason);
        }
    }
}
