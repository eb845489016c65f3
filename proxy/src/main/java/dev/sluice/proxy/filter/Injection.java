package dev.sluice.proxy.filter;

import dev.sluice.proxy.dispatch.Outcome;
import dev.sluice.proxy.observe.InjectedFault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What filters do to one request beyond its head: the faults that they inject, and who is told of
 * its end. Loop-owned.
 *
 * @param faults in order
 * @param bytesPerSecond how fast the answer is sent; 0: as fast as it comes
 * @param over is told how the exchange ended
 */
public record Injection(List<InjectedFault> faults, long bytesPerSecond, Consumer<Outcome> over) {
    /** No fault. */
    public static final Injection NONE = new Injection(List.of(), 0, outcome -> {});

    /** The same, and somebody more is told of the end. */
    Injection until(Consumer<Outcome> end) {
        return new Injection(faults, bytesPerSecond, over.andThen(end));
    }

    /** Both; the slower answer counts. */
    Injection and(Injection other) {
        if (equals(NONE) || other.equals(NONE)) {
            return equals(NONE) ? other : this;
        }
        List<InjectedFault> all = new ArrayList<>(faults);
        all.addAll(other.faults());
        return new Injection(
                all, slower(bytesPerSecond, other.bytesPerSecond()), over.andThen(other.over()));
    }

    private static long slower(long one, long other) {
        return one == 0 || other == 0 ? one + other : Math.min(one, other);
    }
}
