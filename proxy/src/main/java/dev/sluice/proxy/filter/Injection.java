package dev.sluice.proxy.filter;

import dev.sluice.proxy.observe.InjectedFault;
import java.util.ArrayList;
import java.util.List;

/**
 * The faults that filters inject into one request. Loop-owned.
 *
 * @param faults in order
 * @param bytesPerSecond how fast the answer is sent; 0: as fast as it comes
 * @param over run at the end of the exchange
 */
public record Injection(List<InjectedFault> faults, long bytesPerSecond, Runnable over) {
    /** No fault. */
    public static final Injection NONE = new Injection(List.of(), 0, () -> {});

    /** Both; the slower answer counts. */
    Injection and(Injection other) {
        if (faults.isEmpty() || other.faults().isEmpty()) {
            return faults.isEmpty() ? other : this;
        }
        List<InjectedFault> all = new ArrayList<>(faults);
        all.addAll(other.faults());
        return new Injection(
                all,
                slower(bytesPerSecond, other.bytesPerSecond()),
                () -> {
                    over.run();
                    other.over().run();
                });
    }

    private static long slower(long one, long other) {
        return one == 0 || other == 0 ? one + other : Math.min(one, other);
    }
}
