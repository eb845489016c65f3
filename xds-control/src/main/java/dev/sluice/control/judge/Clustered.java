package dev.sluice.control.judge;

import dev.sluice.control.change.JudgedStep.Baseline;
import dev.sluice.control.change.JudgedStep.JudgedArm;

/**
 * Counts of requests brought down to the number of independent ones among them. Requests of one key
 * go well or badly together, so that a thousand errors of one key say little more than one. The
 * rate stays; only its certainty shrinks. Immutable.
 *
 * @param events independent events, 0..trials
 * @param trials independent trials
 */
record Clustered(long events, long trials) {
    static final Clustered NONE = new Clustered(0, 0);

    /** Errors, whose clusters are known: each key with an error is one event. */
    static Clustered errors(Baseline of) {
        return errors(of.requests(), of.errors(), of.keys(), of.errorKeys());
    }

    /** As {@link #errors(Baseline)}, for an arm; the fewest keys it may have. */
    static Clustered errors(JudgedArm arm, boolean clientErrorsCount) {
        return errors(
                arm.requests(), arm.errors(clientErrorsCount), arm.keysAtLeast(), arm.errorKeys());
    }

    private static Clustered errors(long requests, long errors, long keys, long errorKeys) {
        if (requests == 0) {
            return NONE;
        }
        if (errors == 0 || errorKeys == 0) {
            return whole(0, keys, requests, errors);
        }
        long events = Math.min(errorKeys, errors);
        return new Clustered(events, Math.max(events, requests * events / errors));
    }

    /** Any other events, at worst all alike within a key: as many trials as keys. */
    static Clustered events(JudgedArm arm, long events) {
        return whole(events, arm.keysAtLeast(), arm.requests(), events);
    }

    private static Clustered whole(long events, long keys, long requests, long all) {
        long trials = Math.min(keys, requests);
        if (trials == 0) {
            return NONE;
        }
        long scaled = events == 0 ? 0 : Math.max(1, all * trials / requests);
        return new Clustered(Math.min(scaled, trials), trials);
    }

    double upper(double alpha) {
        return Likelihood.upperRate(events, trials, alpha);
    }

    double lower(double alpha) {
        return Likelihood.lowerRate(events, trials, alpha);
    }
}
