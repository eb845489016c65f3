package dev.sluice.proxy.keys;

import dev.sluice.proxy.call.CallAnswer;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.jwt.KeySet;
import dev.sluice.proxy.jwt.KeySet.MalformedException;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.filter.KeySource.Fetching;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The keys that one provider publishes. A fetched set is used for its time; one that is too old is
 * not. All who want keys while a fetch is under way wait for that one. {@link #now} and {@link
 * #mayAskAgain} may be called on any thread, all else on the configuration thread.
 */
public final class RemoteKeys {
    /** How long before a set is too old it is fetched again ahead, as in Envoy. */
    static final Duration EARLY = Duration.ofSeconds(5);

    /**
     * From one fetch to the next that a token with an unknown key may cause: clients can make up
     * such tokens.
     */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(RemoteKeys.class.getName());
    private static final int OK = 200;
    private static final int SERVER_ERROR = 500;

    private final KeySource.Remote source;
    private final Surroundings around;
    private final List<Consumer<Keys>> waiting = new ArrayList<>();
    private volatile @Nullable Held held;
    private volatile long pauseEnds;
    private boolean fetching;
    private boolean concluded;
    private boolean closed;
    private int attempts;
    private ConfigurationThread.Cancellable timer = () -> {};

    /**
     * A fetched set.
     *
     * @param ends when it is too old, by the ticker
     */
    private record Held(KeySet set, long ends) {}

    /**
     * What the keys of all providers share.
     *
     * @param random spreads repeats
     * @param counts of fetches
     * @param concluded run when the first fetch of some keys is over
     */
    record Surroundings(
            KeyFetches fetches,
            ConfigurationThread thread,
            Ticker ticker,
            RandomGenerator random,
            KeyFetchCounts counts,
            Runnable concluded) {}

    RemoteKeys(KeySource.Remote source, Surroundings around) {
        this.source = source;
        this.around = around;
        pauseEnds = around.ticker().nanoTime();
    }

    /** What is known now. */
    public Keys now() {
        Held known = held;
        return known != null && known.ends() - around.ticker().nanoTime() > 0
                ? new Keys.Known(known.set())
                : new Keys.Wanted();
    }

    /** Whether a key that is in none of the sets known may be asked for now. */
    public boolean mayAskAgain() {
        return pauseEnds - around.ticker().nanoTime() <= 0;
    }

    /**
     * Gets keys, fetched if need be; may be called on any thread.
     *
     * @param known what did not do; other keys than these are wanted
     * @param told gets the answer, once, on the configuration thread
     */
    public void ask(Keys known, Consumer<Keys> told) {
        around.thread().execute(() -> askOnThread(known, told));
    }

    private void askOnThread(Keys known, Consumer<Keys> told) {
        Keys now = now();
        boolean newer = now instanceof Keys.Known && !now.equals(known);
        boolean pausing = now instanceof Keys.Known && !fetching && !mayAskAgain();
        if (newer || pausing) {
            told.accept(now);
        } else if (closed) {
            told.accept(new Keys.Unreachable());
        } else {
            waiting.add(told);
            fetch();
        }
    }

    /** Fetches the keys for the first time, if they are to be there before they are needed. */
    void fetchAhead() {
        if (source.fetching() instanceof Fetching.Ahead && !concluded) {
            fetch();
        }
    }

    /** Whether the first fetch ahead is over, or nothing waits for it. */
    boolean isConcluded() {
        return switch (source.fetching()) {
            case Fetching.WhenNeeded() -> true;
            case Fetching.Ahead(Duration _, KeySource.Start start) ->
                    concluded || start == KeySource.Start.AT_ONCE;
        };
    }

    /** Nobody uses these keys any more: those who still wait get no answer but the last one's. */
    void close() {
        closed = true;
        timer.cancel();
        tell(now() instanceof Keys.Known known ? known : new Keys.Unreachable());
    }

    private void fetch() {
        if (fetching || closed) {
            return;
        }
        fetching = true;
        attempts = 0;
        timer.cancel();
        attempt();
    }

    private void attempt() {
        attempts++;
        pauseEnds = around.ticker().nanoTime() + PAUSE.toNanos();
        var unused =
                around.fetches()
                        .fetch(source.target())
                        .thenAccept(answer -> around.thread().execute(() -> answered(answer)));
    }

    private void answered(CallAnswer answer) {
        if (closed) {
            return;
        }
        switch (answer) {
            case CallAnswer.Failed(String why) -> again(why);
            case CallAnswer.Answered(int status, int _, String body) -> {
                if (status == OK) {
                    read(body);
                } else if (status >= SERVER_ERROR) {
                    again("HTTP status " + status);
                } else {
                    failed("HTTP status " + status);
                }
            }
        }
    }

    private void again(String why) {
        if (attempts > source.repeats().most()) {
            failed(why);
        } else {
            timer = around.thread().after(backoff(), this::attempt);
        }
    }

    /** A random part of a wait that doubles. */
    private Duration backoff() {
        long base = source.repeats().base().toNanos();
        long longest = source.repeats().longest().toNanos();
        long doubled = base << Math.min(attempts - 1, 20);
        long most = doubled <= 0 ? longest : Math.min(doubled, longest);
        return Duration.ofNanos(around.random().nextLong(most) + 1);
    }

    private void read(String body) {
        try {
            KeySet set = KeySet.parse(body);
            held = new Held(set, around.ticker().nanoTime() + source.cached().toNanos());
            around.counts().fetched();
            over(new Keys.Known(set), refetchAfter(source.cached()));
        } catch (MalformedException malformed) {
            failed(malformed.what());
        }
    }

    /** In good time, if the set lasts for long enough. */
    private static Duration refetchAfter(Duration cached) {
        Duration early = cached.minus(EARLY);
        return early.compareTo(EARLY) > 0 ? early : cached.dividedBy(2);
    }

    private void failed(String why) {
        around.counts().failed();
        LOG.log(
                System.Logger.Level.WARNING,
                "no keys from {0} of cluster {1}: {2}",
                source.target().path(),
                source.target().cluster(),
                why);
        Keys kept = now();
        Duration wait =
                source.fetching() instanceof Fetching.Ahead(Duration after, KeySource.Start _)
                        ? after
                        : Duration.ZERO;
        over(kept instanceof Keys.Known ? kept : new Keys.Unreachable(), wait);
    }

    private void over(Keys keys, Duration next) {
        fetching = false;
        if (source.fetching() instanceof Fetching.Ahead) {
            timer = around.thread().after(next, this::fetch);
        }
        tell(keys);
        if (!concluded) {
            concluded = true;
            around.concluded().run();
        }
    }

    private void tell(Keys keys) {
        List<Consumer<Keys>> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(one -> one.accept(keys));
    }
}
