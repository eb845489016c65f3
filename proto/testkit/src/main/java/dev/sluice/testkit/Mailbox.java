package dev.sluice.testkit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What a scripted peer received, in order of arrival, for the test to take out. Thread-safe. Waits
 * are bounded by {@link Patience#LIMIT} and fail with a sentence that lists what did arrive.
 *
 * @param <T> what arrives; its {@code toString} appears in failures
 */
public final class Mailbox<T> {
    private final String what;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final List<T> untaken = new ArrayList<>();
    private final List<T> all = new ArrayList<>();

    /**
     * @param what names the content in failures, such as {@code "a request at upstream 'new'"}
     */
    public Mailbox(String what) {
        this.what = what;
    }

    /** Adds an arrival and wakes those who wait. */
    public void put(T item) {
        lock.lock();
        try {
            untaken.add(item);
            all.add(item);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the oldest arrival not yet taken, waiting for one. */
    public T next() {
        return next("", item -> true);
    }

    /**
     * Takes the oldest arrival that fulfils the wish, waiting for one; others stay for later takes.
     *
     * @param wish the condition in words, for the failure
     */
    public T next(String wish, Predicate<? super T> fulfils) {
        return poll(Patience.LIMIT, fulfils)
                .orElseThrow(() ->
                        Patience.gaveUp(what + " " + wish + "; arrived in all: " + received()));
    }

    /**
     * Takes the oldest arrival, waiting for as long as it takes: for a peer's own threads, which
     * end with the peer.
     */
    public T take() {
        return poll(Duration.ofNanos(Long.MAX_VALUE)).orElseThrow();
    }

    /**
     * Takes the oldest arrival that comes within {@code limit}; empty when none does. For {@code
     * assertThat(box.poll(ofMillis(200))).isEmpty()}, where a silence is to be shown.
     */
    public Optional<T> poll(Duration limit) {
        return poll(limit, item -> true);
    }

    /** Everything that ever arrived, taken or not. */
    public List<T> received() {
        lock.lock();
        try {
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    private Optional<T> poll(Duration limit, Predicate<? super T> fulfils) {
        long left = limit.toNanos();
        lock.lock();
        try {
            Optional<T> found = take(fulfils);
            while (found.isEmpty() && left > 0) {
                left = arrived.awaitNanos(left);
                found = take(fulfils);
            }
            return found;
        } catch (InterruptedException interrupted) {
            throw Patience.interrupted(what, interrupted);
        } finally {
            lock.unlock();
        }
    }

    private Optional<T> take(Predicate<? super T> fulfils) {
        for (Iterator<T> items = untaken.iterator(); items.hasNext(); ) {
            T item = items.next();
            if (fulfils.test(item)) {
                items.remove();
                return Optional.of(item);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return what + " " + received();
    }
}
