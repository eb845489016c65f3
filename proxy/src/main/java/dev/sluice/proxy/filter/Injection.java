package dev.sluice.proxy.filter;

import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.outcome.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What filters do to one request beyond its head: the faults that they inject, who looks at it on
 * its way, and who is told of its end. Loop-owned.
 *
 * @param faults in order
 * @param bytesPerSecond how fast the answer is sent; 0: as fast as it comes
 * @param around puts itself around the client's stream
 * @param over is told how the exchange ended
 */
public record Injection(
        List<InjectedFault> faults,
        long bytesPerSecond,
        UnaryOperator<ServerStream> around,
        Consumer<Outcome> over) {
    /** Nothing. */
    public static final Injection NONE = new Injection(List.of(), 0, outcome -> {});

    Injection(List<InjectedFault> faults, long bytesPerSecond, Consumer<Outcome> over) {
        this(faults, bytesPerSecond, UnaryOperator.identity(), over);
    }

    /** No fault, but somebody who looks at the exchange. */
    static Injection around(UnaryOperator<ServerStream> looking) {
        return new Injection(List.of(), 0, looking, NONE.over());
    }

    /** The same, and somebody more is told of the end. */
    Injection until(Consumer<Outcome> end) {
        return new Injection(faults, bytesPerSecond, around, over.andThen(end));
    }

    /** Both; the slower answer counts. */
    Injection and(Injection other) {
        if (equals(NONE) || other.equals(NONE)) {
            return equals(NONE) ? other : this;
        }
        List<InjectedFault> all = new ArrayList<>(faults);
        all.addAll(other.faults());
        return new Injection(
                all,
                slower(bytesPerSecond, other.bytesPerSecond()),
                client -> other.around().apply(around.apply(client)),
                over.andThen(other.over()));
    }

    private static long slower(long one, long other) {
        return one == 0 || other == 0 ? one + other : Math.min(one, other);
    }
}
