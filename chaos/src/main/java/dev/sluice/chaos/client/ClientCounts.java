package dev.sluice.chaos.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What became of connections. Owned by their event loop.
 *
 * <p>A connection lives from the moment at which it is open until its server ends it.
 */
final class ClientCounts {
    private final Map<Object, Long> openSince = new HashMap<>();
    private int mostOpen;
    private long ended;
    private long refused;
    private Duration longestLife = Duration.ZERO;

    void opened(Object connection, long now) {
        openSince.put(connection, now);
        mostOpen = Math.max(mostOpen, openSince.size());
    }

    /** Ended by its server. */
    void ended(Object connection, long now) {
        Long since = openSince.remove(connection);
        if (since != null) {
            ended++;
            lived(since, now);
        }
    }

    void refused() {
        refused++;
    }

    private void lived(long since, long now) {
        Duration life = Duration.ofNanos(now - since);
        longestLife = life.compareTo(longestLife) > 0 ? life : longestLife;
    }

    /** All so far; those that are still open have lived until now. */
    SlowClients.Seen seen(long now) {
        openSince.values().forEach(since -> lived(since, now));
        return new SlowClients.Seen(mostOpen, ended, refused, longestLife);
    }
}
