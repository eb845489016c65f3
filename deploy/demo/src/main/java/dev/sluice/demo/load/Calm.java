package dev.sluice.demo.load;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A load that has settled: of the latest answers hardly any took long. A ramp that starts before
 * that is judged by how cold processes are, not by what they do. Immutable.
 *
 * @param answers how many of the latest are looked at
 * @param limit an answer that took longer took long
 */
public record Calm(int answers, Duration limit) {
    /** One answer in so many may take long. */
    private static final int ONE_IN = 100;

    /** Of the demo: two seconds of its load, at a quarter of what sidecars count as slow. */
    public static final Calm USUAL = new Calm(400, Duration.ofMillis(250));

    /** Whether the end of a ledger is calm. */
    public boolean isAtTheEndOf(List<Entry> entries) {
        if (entries.size() < answers) {
            return false;
        }
        long late =
                entries.subList(entries.size() - answers, entries.size()).stream()
                        .filter(entry -> entry.latency().compareTo(limit) > 0)
                        .count();
        return late * ONE_IN <= answers;
    }

    /**
     * Waits for it.
     *
     * @param shortest to wait in any case
     * @param longest after it, the load is taken as it is
     * @return whether it is calm
     */
    public boolean await(Ledger ledger, Duration shortest, Duration longest)
            throws InterruptedException {
        Thread.sleep(shortest);
        Instant end = Instant.now().plus(longest.minus(shortest));
        while (!isAtTheEndOf(ledger.entries())) {
            if (Instant.now().isAfter(end)) {
                return false;
            }
            Thread.sleep(Duration.ofMillis(250));
        }
        return true;
    }
}
