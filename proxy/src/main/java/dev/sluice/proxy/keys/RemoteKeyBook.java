package dev.sluice.proxy.keys;

import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.RemoteKeySources;
import dev.sluice.proxy.snapshot.filter.KeySource;
import io.netty.util.concurrent.Ticker;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * The keys of all providers that publish them, kept over swaps as long as they are configured
 * alike. Owned by the configuration thread.
 */
public final class RemoteKeyBook implements Function<KeySource.Remote, RemoteKeys> {
    private final RemoteKeys.Surroundings around;
    private final Map<KeySource.Remote, RemoteKeys> all = new HashMap<>();

    /**
     * @param random spreads repeats
     * @param concluded run when keys that a listener may wait for are there, or can't be fetched
     */
    public RemoteKeyBook(
            KeyFetches fetches,
            ConfigurationThread thread,
            Ticker ticker,
            RandomGenerator random,
            KeyFetchCounts counts,
            Runnable concluded) {
        around = new RemoteKeys.Surroundings(fetches, thread, ticker, random, counts, concluded);
    }

    @Override
    public RemoteKeys apply(KeySource.Remote source) {
        return all.computeIfAbsent(source, one -> new RemoteKeys(one, around));
    }

    /**
     * Begins to fetch what this snapshot wants ahead.
     *
     * @return whether its listeners have no keys to wait for
     */
    public boolean prepare(ProxySnapshot next) {
        boolean concluded = true;
        for (KeySource.Remote source : RemoteKeySources.of(next)) {
            RemoteKeys keys = apply(source);
            keys.fetchAhead();
            concluded &= keys.isConcluded();
        }
        return concluded;
    }

    /** Forgets what this snapshot, now in force, does not name. */
    public void inForce(ProxySnapshot snapshot) {
        Set<KeySource.Remote> wanted = RemoteKeySources.of(snapshot);
        all.entrySet().stream()
                .filter(entry -> !wanted.contains(entry.getKey()))
                .forEach(entry -> entry.getValue().close());
        all.keySet().retainAll(wanted);
    }
}
