package dev.sluice.e2e;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.util.ArrayList;
import java.util.List;

/** The two versions of the shop: they answer with their name, and keep the order of calls. */
final class Arms implements AutoCloseable {
    private final H1Upstream legacy = H1Upstream.start(_ -> answer("legacy"));
    private final H1Upstream fresh = H1Upstream.start(_ -> answer("new"));
    private final List<Arrival> arrivals = new ArrayList<>(); // guarded by itself

    /**
     * A request.
     *
     * @param arm that it came to
     * @param nanos when, on the clock of {@link System#nanoTime}
     */
    record Arrival(String arm, long nanos) {}

    int legacyPort() {
        return legacy.port();
    }

    int newPort() {
        return fresh.port();
    }

    /** All so far, in their order. */
    List<Arrival> arrivals() {
        synchronized (arrivals) {
            return List.copyOf(arrivals);
        }
    }

    private H1Answer answer(String arm) {
        synchronized (arrivals) {
            arrivals.add(new Arrival(arm, System.nanoTime()));
        }
        return H1Answer.ok(arm);
    }

    @Override
    public void close() {
        legacy.close();
        fresh.close();
    }
}
