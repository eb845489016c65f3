package dev.sluice.e2e.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The network between one sidecar and the control plane. Messages of a call stay in order and take
 * some milliseconds; while the link is cut they wait, and calls that wait too long break. Some
 * answers are lost with their connection, come twice, or come again when they are old. Used by one
 * thread.
 */
final class Link {
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(8);

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Weather weather;
    private final Set<SimulatedCall<?, ?>> calls = new LinkedHashSet<>();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private final Consumer<Boolean> onListening;
    private boolean cut;

    /**
     * How bad a network is.
     *
     * @param longestMillis latency of one message, at most
     * @param lost probability that an answer is lost, and its connection with it
     * @param twice probability that an answer comes twice
     * @param again probability that an old answer comes once more after an answer
     */
    record Weather(int longestMillis, double lost, double twice, double again) {
        static final Weather FINE = new Weather(20, 0, 0, 0);
    }

    /** What becomes of an answer on its way. */
    enum Fate {
        COMES,
        LOST,
        TWICE,
        /** It comes, and after it an older one comes again. */
        OLD_AGAIN
    }

    /**
     * @param onListening told when the sidecar has a stream of gates, and when it has it no more
     */
    Link(VirtualTime time, RandomGenerator random, Weather weather, Consumer<Boolean> onListening) {
        this.onListening = onListening;
        this.time = time;
        this.random = random;
        this.weather = weather;
    }

    boolean isCut() {
        return cut;
    }

    /** Nothing comes through from now on. */
    void cut() {
        cut = true;
        for (SimulatedCall<?, ?> call : List.copyOf(calls)) {
            breakIfStillCut(call);
        }
    }

    private void breakIfStillCut(SimulatedCall<?, ?> call) {
        long patience = random.nextLong(LONGEST_SILENCE.toNanos());
        time.after(
                Duration.ofNanos(patience),
                () -> {
                    if (cut) {
                        call.breakOff();
                    }
                });
    }

    /** What waits comes through, in its order. */
    void heal() {
        cut = false;
        List<Runnable> waiting = new ArrayList<>(held);
        held.clear();
        waiting.forEach(Runnable::run);
    }

    void opened(SimulatedCall<?, ?> call) {
        calls.add(call);
        if (cut) {
            breakIfStillCut(call);
        }
    }

    /** The stream of gates begins to be heard, or is not heard any more. */
    void listens(boolean does) {
        onListening.accept(does);
    }

    void ended(SimulatedCall<?, ?> call) {
        calls.remove(call);
    }

    /** One end is no more: every call breaks, soon. */
    void breakAll() {
        for (SimulatedCall<?, ?> call : List.copyOf(calls)) {
            time.after(latency(), call::breakOff);
        }
    }

    Duration latency() {
        return Duration.ofNanos(random.nextLong(1, weather.longestMillis() * 1_000_000L));
    }

    /** Runs it once the link lets something through. */
    void through(Runnable arrival) {
        if (cut) {
            held.add(arrival);
        } else {
            arrival.run();
        }
    }

    Fate fate() {
        double drawn = random.nextDouble();
        if (drawn < weather.lost()) {
            return Fate.LOST;
        }
        if (drawn < weather.lost() + weather.twice()) {
            return Fate.TWICE;
        }
        return drawn < weather.lost() + weather.twice() + weather.again()
                ? Fate.OLD_AGAIN
                : Fate.COMES;
    }

    /** One of so many, by chance. */
    int oneOf(int many) {
        return random.nextInt(many);
    }

    void after(Duration delay, Runnable action) {
        time.after(delay, action);
    }

    long nanos() {
        return time.nanos();
    }
}
