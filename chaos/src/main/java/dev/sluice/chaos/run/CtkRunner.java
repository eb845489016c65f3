package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * One run as the Chaos Toolkit judges it, for comparing: only a steady state that is not met after
 * the method deviates, and only that or a probe without an answer fails. Used once.
 */
public final class CtkRunner {
    private static final Set<String> BEFORE =
            Set.of("default", "before-method-only", "continuously");
    private static final Set<String> DURING = Set.of("during-method-only", "continuously");
    private static final Set<String> AFTER = Set.of("default", "after-method-only", "continuously");

    private final Experiment experiment;
    private final Activities activities;
    private final Waits waits;
    private final Journal journal;
    private final CtkSettings settings;
    private final Cut cut = new Cut();
    private final SteadyState beforeRollbacks;
    private final SteadyState undoing;
    private volatile boolean interrupted;

    public CtkRunner(
            Experiment experiment,
            Activities activities,
            Waits waits,
            CtkSettings settings,
            long seed) {
        this.settings = settings;
        this.experiment = experiment;
        this.activities = activities;
        this.waits = waits;
        this.beforeRollbacks = state(activities.until(cut));
        this.undoing = state(activities);
        this.journal = new Journal(experiment.source(), waits.instant(), seed);
    }

    private SteadyState state(Activities calls) {
        return new SteadyState(
                calls, waits, answer -> answer.failure().isEmpty() && answer.truthy());
    }

    /**
     * Ends the run, and every call before the rollbacks, at once, as a signal ends the Chaos
     * Toolkit's: rollbacks then run only by strategy {@code always}. May come from any thread.
     */
    public void interrupt() {
        interrupted = true;
        cut.make();
    }

    /** Runs the experiment to its end. */
    public Result run() {
        String strategy = experiment.hypothesisStrategy();
        boolean failed = false;
        boolean deviated = false;
        boolean go = true;
        if (experiment.hypothesis().isPresent() && BEFORE.contains(strategy)) {
            Journal.Look look = look(experiment.hypothesis().get());
            journal.before(look);
            failed = unanswered(look);
            go = look.met();
        }
        if (go && !interrupted) {
            failed = DURING.contains(strategy) ? methodBesideLooks() : method(() -> interrupted);
            if (!interrupted && experiment.hypothesis().isPresent() && AFTER.contains(strategy)) {
                Journal.Look look = look(experiment.hypothesis().get());
                journal.after(look);
                failed = look.met() ? failed : unanswered(look);
                deviated = !look.met();
            }
        }
        if (rollsBack(failed || interrupted, deviated)) {
            play(experiment.rollbacks(), undoing, () -> false).forEach(journal::rolledBack);
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

    /** Whether a look has ended it. */
    private boolean methodBesideLooks() {
        Optional<Experiment.Hypothesis> hypothesis = experiment.hypothesis();
        if (hypothesis.isEmpty()) {
            return method(() -> interrupted);
        }
        LooksBeside looks = LooksBeside.begin(() -> look(hypothesis.get()), settings);
        method(() -> interrupted || looks.missed());
        looks.end().forEach(journal::during);
        return looks.missed();
    }

    /** Always false: nothing that the method does fails the run. */
    private boolean method(BooleanSupplier over) {
        play(experiment.method(), beforeRollbacks, over).forEach(journal::ran);
        return false;
    }

    /** Waits for those in the background too; the order is that in which they began. */
    private List<Journal.Entry> play(
            List<Activity> activities, SteadyState state, BooleanSupplier over) {
        List<CompletableFuture<Journal.Entry>> begun = new ArrayList<>();
        for (Activity activity : activities) {
            if (over.getAsBoolean()) {
                break;
            }
            CompletableFuture<Journal.Entry> running = new CompletableFuture<>();
            begun.add(running);
            if (activity.background()) {
                Thread.ofPlatform()
                        .daemon()
                        .name("chaos-background")
                        .start(() ->
                                running.completeAsync(() -> play(activity, state), Runnable::run));
            } else {
                running.complete(play(activity, state));
            }
        }
        return begun.stream().map(CompletableFuture::join).toList();
    }

    private Journal.Entry play(Activity activity, SteadyState state) {
        if (settings.dry().pausesAround(activity.kind())) {
            pause(activities.seconds(activity.pauseBefore()));
        }
        Journal.Entry entry = run(activity, state);
        if (settings.dry().pausesAround(activity.kind())) {
            pause(activities.seconds(activity.pauseAfter()));
        }
        return entry;
    }

    private Journal.Entry run(Activity activity, SteadyState state) {
        if (!settings.dry().skips(activity.kind())) {
            return state.run(activity);
        }
        Instant now = waits.instant();
        return new Journal.Entry(activity, now, now, Outcome.answered(NullNode.getInstance()));
    }

    private Journal.Look look(Experiment.Hypothesis hypothesis) {
        if (!settings.dry().skips(Activity.Kind.PROBE)) {
            return beforeRollbacks.look(hypothesis);
        }
        List<Journal.Entry> probes =
                hypothesis.probes().stream().map(probe -> run(probe, beforeRollbacks)).toList();
        return new Journal.Look(
                /* met= */ true, probes, Collections.nCopies(probes.size(), Boolean.TRUE));
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
