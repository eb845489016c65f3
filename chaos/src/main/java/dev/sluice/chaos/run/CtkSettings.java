package dev.sluice.chaos.run;

import dev.sluice.chaos.experiment.Activity.Kind;
import java.time.Duration;

/**
 * What the Chaos Toolkit's command line decides beside the file. Immutable.
 *
 * @param dry what is left out
 * @param frequency between two looks at the steady state beside the method, where its strategy asks
 *     for them
 * @param onMiss what such a look does when the steady state is not met
 */
public record CtkSettings(Dry dry, Duration frequency, OnMiss onMiss) {
    /** Everything is done, and looks come once a second. */
    public static final CtkSettings DEFAULT =
            new CtkSettings(Dry.NOTHING, Duration.ofSeconds(1), OnMiss.GO_ON);

    /** What is not done, as if it had succeeded without an answer. */
    public enum Dry {
        NOTHING,
        /** No probe is asked, and no tolerance looked at. */
        PROBES,
        ACTIONS,
        /** Neither probes nor actions; no pause either. */
        ACTIVITIES,
        /** Pauses are left out. */
        PAUSE;

        boolean skips(Kind kind) {
            return switch (this) {
                case NOTHING, PAUSE -> false;
                case PROBES -> kind == Kind.PROBE;
                case ACTIONS -> kind == Kind.ACTION;
                case ACTIVITIES -> true;
            };
        }

        boolean pausesAround(Kind kind) {
            return this != PAUSE && !skips(kind);
        }
    }

    /** What a steady state that is not met beside the method does. */
    public enum OnMiss {
        GO_ON,
        /** The method ends after its activity, and the run has failed. */
        END
    }
}
