package dev.sluice.proxy.gate;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import java.util.HashSet;
import java.util.Set;

/**
 * The bet that NEW fails for more keys than LEGACY does at the same time. Not thread-safe.
 *
 * <p><b>Null.</b> A salted hash puts each key on NEW with the share in force, whatever errors there
 * will be. So if NEW is no worse, the arms of keys, in the order of their first errors, are
 * independent draws with that share, however often a key is asked for and however errors come
 * together. Keys in error are counted, never keys without: those say nothing that the share does
 * not.
 *
 * <p><b>Bet.</b> Each first error multiplies a stake by what a world in which NEW fails {@link
 * #ODDS} times as easily makes of it, against the null. Half of the stake is at risk from the start
 * of a window; the rest comes in evenly, so that a failure after a long healthy past finds a stake
 * that the past has not eaten. The sum is a martingale under the null that starts at 1: it ever
 * exceeds 1/α with probability at most α (Ville's inequality), however often one looks.
 *
 * <p><b>Windows.</b> After {@link #WINDOW} keys in error, of both arms together, all are forgotten
 * and a new window begins. Its end does not depend on the arms, so the next window is as fair,
 * although keys return in it; window k may spend α/(k(k+1)), which sums to α over all.
 *
 * <p>A share of nothing or of everything has nothing to bet on: there is no other arm.
 */
final class ArmBet {
    /** Keys in error after which they are forgotten. */
    static final int WINDOW = 4_096;

    /** How much more easily a key on a failing NEW fails, in the world that is bet on. */
    private static final double ODDS = 4;

    private final double shareOfNew;
    private final double alpha;
    private final Set<Long> inError = new HashSet<>();
    private long window = 1;
    private double atRisk;
    private double waiting;

    /**
     * @param shareOfNew probability that the hash puts a key on NEW
     * @param alpha probability of ever calling an equal NEW worse, over all windows
     */
    ArmBet(PartsPerMillion shareOfNew, PartsPerMillion alpha) {
        this.shareOfNew = shareOfNew.value() / 1e6;
        this.alpha = alpha.value() / 1e6;
        stake();
    }

    private void stake() {
        atRisk = 0.5;
        waiting = 0.5;
    }

    /** Takes an error into account, if it is its key's first in this window. */
    void error(Arm arm, long key) {
        if (shareOfNew == 0 || shareOfNew == 1 || !inError.add(key)) {
            return;
        }
        double worse = ODDS * shareOfNew / (ODDS * shareOfNew + 1 - shareOfNew);
        atRisk *= arm == Arm.NEW ? worse / shareOfNew : (1 - worse) / (1 - shareOfNew);
        double comes = Math.min(waiting, 0.5 / WINDOW);
        atRisk += comes;
        waiting -= comes;
        if (inError.size() == WINDOW) {
            inError.clear();
            window++;
            stake();
        }
    }

    /** Whether NEW is shown to be worse. */
    boolean isWon() {
        return atRisk + waiting >= window * (window + 1) / alpha;
    }
}
