package dev.sluice.chaos.cli;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.fault.Leases;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.run.GuardProcess;
import dev.sluice.chaos.run.Means;
import dev.sluice.chaos.run.Result;
import dev.sluice.chaos.run.Runner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A run in this process: a signal ends it, and the process stays until all is restored. */
final class StrictRun {
    private static final long RESTORE_SECONDS = 60;

    private StrictRun() {}

    static Result of(Experiment experiment, Activities activities, Plan plan, long seed) {
        RealWaits waits = new RealWaits();
        Leases leases = new Leases(plan, activities::run);
        Means means = new Means(activities, leases, new GuardProcess(), waits);
        Runner runner = new Runner(experiment, means, seed);
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook =
                new Thread(
                        () -> {
                            runner.interrupt();
                            waits.end();
                            restored(ended);
                            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
                        },
                        "chaos-restore");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return runner.run();
        } finally {
            ended.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException endsByASignal) {
                // The hook runs and was waiting for this thread.
            }
        }
    }

    private static void restored(CountDownLatch ended) {
        try {
            if (!ended.await(RESTORE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "sluice chaos: restoring takes too long; its guard goes on with it");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
