package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Settings;
import dev.sluice.chaos.experiment.Waits;
import dev.sluice.chaos.report.Journal;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The way back after the faults: the steady state must be there in time and then hold without a
 * break. Owned by the thread that runs.
 */
final class Recovery {
    private final Settings settings;
    private final SteadyState state;
    private final Waits waits;
    private final Journal journal;

    Recovery(Settings settings, SteadyState state, Waits waits, Journal journal) {
        this.settings = settings;
        this.state = state;
        this.waits = waits;
        this.journal = journal;
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
            Journal.Look look = state.look(hypothesis);
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

    Settings.Recovery wanted() {
        return settings.recovery().orElse(new Settings.Recovery(Duration.ZERO, Duration.ZERO));
    }
}
