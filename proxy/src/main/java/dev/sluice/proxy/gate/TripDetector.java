package dev.sluice.proxy.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate.TripPolicy;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether NEW fails, and worse than LEGACY does at the same time. The unit is the key: one that
 * fails often is one failing key. Not thread-safe.
 *
 * <p><b>Failing.</b> Wald's sequential probability ratio test of the share of keys whose last
 * request failed on NEW, {@code healthy} against {@code failing}. The last request counts, for of
 * any errors in the past every key has some in the end, however few there are. The upper bound is
 * {@code ln((1-β)/α')}, where α' is α over {@link #WINDOWS_ALLOWED_FOR}; at the lower one NEW is
 * healthy and a new window begins, so that old successes do not hide a fresh failure. A window also
 * ends after {@link #REQUESTS_PER_KEY} requests for each key. Within a window it follows the first
 * {@link #MOST_KEYS} keys of an arm.
 *
 * <p><b>Worse.</b> {@link ArmBet}, which sees every error and has windows of its own: those of the
 * first test end by what NEW does, and a fair bet must not. It alone bounds false trips by α,
 * whatever the first test says.
 */
final class TripDetector {
    static final int MOST_KEYS = 4_096;
    static final int REQUESTS_PER_KEY = 10;

    /**
     * A NEW that is just about healthy begins window after window. With this, an hour of them at 50
     * requests/s comes to the bound with a probability of some ten times α.
     */
    private static final int WINDOWS_ALLOWED_FOR = 100;

    /** Probability of calling a failing NEW healthy in one window. */
    private static final double BETA = 0.05;

    /** A window of few keys still is this long, in keys. */
    private static final int FEWEST_KEYS = 50;

    private final double lnError;
    private final double lnSuccess;
    private final double upper;
    private final double lower;
    private final ArmBet bet;
    private final Side onNew = new Side();
    private final Side onLegacy = new Side();
    private long requests;

    /** What is known after a request. */
    enum Verdict {
        /** Nothing yet. */
        OPEN,
        /** NEW fails, and is not shown to be worse than LEGACY. */
        FAILING,
        /** NEW fails, and worse than LEGACY. */
        WORSE
    }

    /** The keys of one arm in this window; the value says whether its last request failed. */
    private static final class Side {
        private final Map<Long, Boolean> keys = new HashMap<>();
        private int errors;

        void seen(long key, boolean error) {
            Boolean before = keys.get(key);
            if (before == null && keys.size() == MOST_KEYS) {
                return;
            }
            keys.put(key, error);
            errors += (error ? 1 : 0) - (before != null && before ? 1 : 0);
        }

        int clean() {
            return keys.size() - errors;
        }

        Trip.Keys counts() {
            return new Trip.Keys(keys.size(), errors);
        }

        void clear() {
            keys.clear();
            errors = 0;
        }
    }

    /**
     * @param shareOfNew probability that the hash puts a key on NEW
     */
    TripDetector(TripPolicy policy, PartsPerMillion shareOfNew) {
        double healthy = policy.healthy().value() / 1e6;
        double failing = Math.min(policy.failing().value() / 1e6, 1 - 1e-6);
        double alpha = policy.alpha().value() / 1e6;
        lnError = Math.log(failing / healthy);
        lnSuccess = Math.log((1 - failing) / (1 - healthy));
        upper = Math.log((1 - BETA) / alpha * WINDOWS_ALLOWED_FOR);
        lower = Math.log(BETA / (1 - alpha));
        bet = new ArmBet(shareOfNew, policy.alpha());
    }

    /** Takes a request into account. */
    Verdict seen(Arm arm, long key, boolean error) {
        Side side = arm == Arm.NEW ? onNew : onLegacy;
        side.seen(key, error);
        if (error) {
            bet.error(arm, key);
        }
        if (arm == Arm.NEW) {
            requests++;
        }
        double ratio = logLikelihoodRatio();
        if (ratio >= upper && bet.isWon()) {
            return Verdict.WORSE;
        }
        if (isLong() || ratio <= lower) {
            begin();
        }
        return ratio >= upper ? Verdict.FAILING : Verdict.OPEN;
    }

    private boolean isLong() {
        return requests >= (long) REQUESTS_PER_KEY * Math.max(FEWEST_KEYS, onNew.keys.size());
    }

    private void begin() {
        onNew.clear();
        onLegacy.clear();
        requests = 0;
    }

    /** Of failing against healthy, over the keys on NEW in this window. */
    double logLikelihoodRatio() {
        return onNew.errors * lnError + onNew.clean() * lnSuccess;
    }

    Trip.Keys onNew() {
        return onNew.counts();
    }

    Trip.Keys onLegacy() {
        return onLegacy.counts();
    }
}
