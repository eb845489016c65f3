package dev.sluice.chaos.junit;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * What one test holds while it runs, so that tests that run in parallel do not meet each other's
 * faults: a network whose connections it makes faulty it has for itself, and one that it only uses
 * it shares; a gate with a fault of its own it has for itself in this process. Owned by the test's
 * thread.
 */
final class Turns implements AutoCloseable {
    private static final Map<String, Lock> GATES = new ConcurrentHashMap<>();

    private final Deque<Lock> held = new ArrayDeque<>();

    /**
     * Waits until it is this test's turn.
     *
     * @param network that the test uses; none when it has no way to one
     * @param alone whether it makes connections faulty
     * @param gates on which it takes faults
     */
    static Turns await(@Nullable FaultyNetwork network, boolean alone, Collection<String> gates) {
        Turns turns = new Turns();
        Optional.ofNullable(network)
                .map(FaultyNetwork::users)
                .map(users -> alone ? users.writeLock() : users.readLock())
                .ifPresent(turns::hold);
        // In order, so that two tests never wait for each other.
        new TreeSet<>(gates)
                .forEach(gate ->
                        turns.hold(
                                GATES.computeIfAbsent(
                                        gate, _ -> new ReentrantReadWriteLock().writeLock())));
        return turns;
    }

    private void hold(Lock lock) {
        lock.lock();
        held.push(lock);
    }

    @Override
    public void close() {
        while (!held.isEmpty()) {
            held.pop().unlock();
        }
    }
}
