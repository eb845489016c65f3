package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One run as the Chaos Toolkit judges it, for comparing: only a steady state that is not met after
 * the method deviates, and only that or a probe without an answer fails. Used once.
 */
public final class CtkRunner {
    private static final Set<String> BEFORE =
            Set.of("default", "before-method-only", "continuously");
    private static final Set<String> AFTER = Set.of("default", "after-method-only", "continuously");

    private final Experiment experiment;
    private final Activities activities;
    private final Waits waits;
    private final SteadyState state;
    private final Journal journal;
    private volatile boolean interrupted;
    private volatile boolean beforeRollbacks = true;

    public CtkRunner(Experiment experiment, Activities activities, Waits waits, long seed) {
        this.experiment = experiment;
        this.activities = activities;
        this.waits = waits;
        this.state =
                new SteadyState(
                        activities, waits, answer -> answer.failure().isEmpty() && answer.truthy());
        this.journal = new Journal(experiment.source(), waits.instant(), seed);
    }

    /**
     * Ends the run at the next step, and a program that runs now, as a signal ends the Chaos
     * Toolkit's: rollbacks then run only by strategy {@code always}. May come from any thread.
     */
    public void interrupt() {
        interrupted = true;
        if (beforeRollbacks) {
            activities.endPrograms();
        }
    }

    /** Runs the experiment to its end. */
    public Result run() {
        String strategy = experiment.hypothesisStrategy();
        boolean failed = false;
        boolean deviated = false;
        boolean go = true;
        if (experiment.hypothesis().isPresent() && BEFORE.contains(strategy)) {
            Journal.Look look = state.look(experiment.hypothesis().get());
            journal.before(look);
            failed = unanswered(look);
            go = look.met();
        }
        if (go && !interrupted) {
            method();
            if (!interrupted && experiment.hypothesis().isPresent() && AFTER.contains(strategy)) {
                Journal.Look look = state.look(experiment.hypothesis().get());
                journal.after(look);
                failed = unanswered(look);
                deviated = !look.met();
            }
        }
        beforeRollbacks = false;
        if (rollsBack(failed || interrupted, deviated)) {
            experiment.rollbacks().forEach(rollback -> journal.rolledBack(state.run(rollback)));
        }
        boolean ended = interrupted;
        Verdict verdict =
                ended
                        ? Verdict.INTERRUPTED
                        : failed || deviated ? Verdict.DEVIATED : Verdict.PASSED;
        String status = ended ? "interrupted" : failed ? "failed" : "completed";
        journal.end(waits.instant(), status, deviated, verdict.name());
        return new Result(verdict, verdict != Verdict.PASSED, List.of(), journal);
    }

    private void method() {
        for (Activity activity : experiment.method()) {
            if (interrupted) {
                return;
            }
            pause(activities.seconds(activity.pauseBefore()));
            journal.ran(state.run(activity));
            pause(activities.seconds(activity.pauseAfter()));
        }
    }

    private void pause(Optional<Double> seconds) {
        seconds.ifPresent(length -> waits.pause(Duration.ofNanos((long) (length * 1e9))));
    }

    private static boolean unanswered(Journal.Look look) {
        return look.probes().stream().anyMatch(probe -> probe.outcome().failure().isPresent());
    }

    private boolean rollsBack(boolean failed, boolean deviated) {
        return switch (experiment.rollbackStrategy()) {
            case "always" -> true;
            case "never" -> false;
            case "deviated" -> deviated;
            default -> !failed;
        };
    }
}
