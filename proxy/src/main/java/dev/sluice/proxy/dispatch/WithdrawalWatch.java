package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.plan.Withdrawal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each end of a grace period whether the arm of an exchange was killed; the second time
 * that it was, the exchange ends. Most exchanges are over before the first look. Loop-owned.
 */
final class WithdrawalWatch {
    private final Timers timers;
    private final Optional<Withdrawal> withdrawal;
    private final Runnable ends;
    private Timers.@Nullable Timer timer;
    private boolean seen;

    /**
     * @param withdrawal absent: nothing is looked at
     */
    WithdrawalWatch(Timers timers, Optional<Withdrawal> withdrawal, Runnable ends) {
        this.timers = timers;
        this.withdrawal = withdrawal;
        this.ends = ends;
    }

    /**
     * @param now by the loop's clock
     */
    void start(long now) {
        withdrawal.ifPresent(of -> timer = timers.start(of.grace(), now, () -> look(of)));
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void look(Withdrawal of) {
        boolean killed = of.killed().getAsBoolean();
        if (killed && seen) {
            ends.run();
            return;
        }
        seen = killed;
        start(timers.now());
    }
}
