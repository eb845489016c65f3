package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.report.Journal;
import dev.sluice.chaos.telemetry.ActiveFaults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One run of one experiment, as a straight line: baseline → inject → watch → restore → recover.
 * Used once; {@link #interrupt} may come from any thread.
 *
 * <p>The steady state decides also while faults are on: it is asked after each activity of the
 * method, and again and again while activities and pauses last. Rollbacks run always, whatever
 * happened, in the order of the file and each up to three times; leases end after them, in reverse.
 */
public final class Runner {
    private static final int TRIES = 3;

    private final Experiment experiment;
    private final Means means;
    private final Activities activities;
    private final Leases leases;
    private final Waits waits;
    private final ActiveFaults faults;
    private final SteadyState state;
    private final SteadyState undoing;
    private final SteadyState recovering;
    private final Journal journal;
    private final Settings settings;
    private final Findings findings = new Findings();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    /** Ends calls before and during the faults; those that restore are never ended. */
    private final Cut cut = new Cut();

    private final Cut afterwards = new Cut();

    /**
     * @param seed goes into the journal
     */
    public Runner(Experiment experiment, Means means, long seed) {
        this.experiment = experiment;
        this.means = means;
        this.activities = means.activities();
        this.waits = means.waits();
        this.faults = means.faults();
        this.leases = new Leases(means.plan(), activities::run, activities.until(cut)::run);
        this.state = state(activities.until(cut));
        this.undoing = state(activities);
        this.recovering = state(activities.until(afterwards));
        this.settings = experiment.settings();
        this.journal = new Journal(experiment.source(), waits.instant(), seed);
        means.plan().leases().forEach(lease -> faults.expect(lease.shown()));
        experiment.method().stream()
                .filter(activity -> activity.kind() == Activity.Kind.ACTION)
                .forEach(action -> faults.expect(ActiveFaults.Fault.ofAction(action.name())));
    }

    private SteadyState state(Activities calls) {
        return new SteadyState(calls, waits, answer -> answer.succeeded() && answer.truthy());
    }

    /** Ends the run, and every call that it waits for, at once; everything is restored first. */
    public void interrupt() {
        interrupted.set(true);
        cut.make();
        afterwards.make();
    }

    /** Runs the experiment to its end. */
    public Result run() {
        if (baseline()) {
            Proof proof = new Proof(settings, leases, state, findings, journal, cut);
            Instant from = waits.instant();
            means.guard().hold(undo());
            Injection injection =
                    new Injection(
                            experiment,
                            means,
                            leases,
                            state,
                            findings,
                            journal,
                            cut,
                            interrupted::get);
            try {
                injection.run();
            } finally {
                proof.check();
                injection.end();
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
        if (interrupted.get()) {
            findings.add(Verdict.INTERRUPTED, "interrupted");
            return false;
        }
        journal.before(look);
        if (!look.met()) {
            findings.add(Verdict.NOT_STEADY, "the steady state was not met before the fault");
        }
        return look.met();
    }

    private List<JsonNode> undo() {
        List<JsonNode> undo = new ArrayList<>();
        experiment.rollbacks().forEach(rollback -> undo.add(activities.resolved(rollback)));
        undo.addAll(leases.undo());
        return undo;
    }

    private void restore() {
        boolean restored = true;
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

    private boolean rolledBack(Activity rollback) {
        for (int i = 0; i < TRIES; i++) {
            Journal.Entry entry = undoing.run(rollback);
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
        Recovery recovery = new Recovery(settings, recovering, waits, journal, afterwards);
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
