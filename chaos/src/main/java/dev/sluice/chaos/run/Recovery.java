package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.probe.Cut;
import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The way back after the faults: the steady state must be there in time and then hold without a
 * break. Owned by the thread that runs.
 */
final class Recovery {
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final Settings settings;
    private final SteadyState state;
    private final Waits waits;
    private final Journal journal;
    private final Cut cut;

    /**
     * @param cut ends the calls of the state
     */
    Recovery(Settings settings, SteadyState state, Waits waits, Journal journal, Cut cut) {
        this.settings = settings;
        this.state = state;
        this.waits = waits;
        this.journal = journal;
        this.cut = cut;
    }

    /** How it ended. */
    enum End {
        BACK,
        LATE,
        INTERRUPTED
    }

    End await(Experiment.Hypothesis hypothesis, BooleanSupplier interrupted) {
        Settings.Recovery wanted = wanted();
        long start = waits.nanos();
        long steadySince = start;
        boolean steady = false;
        while (!interrupted.getAsBoolean()) {
            Journal.Look look = look(hypothesis, start);
            if (interrupted.getAsBoolean()) {
                return End.INTERRUPTED;
            }
            journal.after(look);
            long now = waits.nanos();
            if (look.met() && !steady) {
                steadySince = now;
            }
            steady = look.met();
            if (steady && now - steadySince >= wanted.stableFor().toNanos()) {
                return End.BACK;
            }
            boolean late = !steady || steadySince - start > wanted.within().toNanos();
            if (late && now - start >= wanted.within().toNanos()) {
                return End.LATE;
            }
            waits.pause(settings.every());
        }
        return End.INTERRUPTED;
    }

    /** A look that ends when it can no longer show that the steady state is back. */
    private Journal.Look look(Experiment.Hypothesis hypothesis, long start) {
        var looking = CompletableFuture.supplyAsync(() -> state.look(hypothesis), OwnThread.EACH);
        long most = wanted().within().plus(wanted().stableFor()).toNanos();
        Duration left =
                settings.recovery().isPresent()
                        ? Duration.ofNanos(Math.max(0, start + most - waits.nanos())).plus(MOMENT)
                        : LONGEST;
        if (!waits.await(looking, left)) {
            cut.make();
        }
        return looking.join();
    }

    Settings.Recovery wanted() {
        return settings.recovery().orElse(new Settings.Recovery(Duration.ZERO, Duration.ZERO));
    }
}
