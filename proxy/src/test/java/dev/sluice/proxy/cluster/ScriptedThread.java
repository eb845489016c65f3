package dev.sluice.proxy.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A configuration thread that is the test's own, in virtual time. For one thread. */
public final class ScriptedThread implements ConfigurationThread {
    private final List<Timed> timed = new ArrayList<>();
    private Duration now = Duration.ZERO;

    private record Timed(Duration at, Runnable action) {}

    @Override
    public void execute(Runnable action) {
        action.run();
    }

    @Override
    public Cancellable after(Duration delay, Runnable action) {
        Timed one = new Timed(now.plus(delay), action);
        timed.add(one);
        return () -> timed.remove(one);
    }

    /** Lets time pass; what is due runs in its order. */
    public void advance(Duration by) {
        now = now.plus(by);
        while (true) {
            Timed first =
                    timed.stream()
                            .filter(one -> one.at().compareTo(now) <= 0)
                            .min(Comparator.comparing(Timed::at))
                            .orElse(null);
            if (first == null) {
                return;
            }
            timed.remove(first);
            first.action().run();
        }
    }

    /** When the next action is due; empty list: none is. */
    public List<Duration> due() {
        return timed.stream().map(one -> one.at().minus(now)).sorted().toList();
    }
}
