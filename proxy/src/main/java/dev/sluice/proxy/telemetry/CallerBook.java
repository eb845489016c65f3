package dev.sluice.proxy.telemetry;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ServedCall;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Who called the service beside this sidecar, by the arm of a gate that it plays, since boot.
 * Callers are told apart until about {@link #MOST_CALLERS} are known; calls of further ones count
 * together, one entry for each gate, arm and operation, whose number the configuration bounds.
 * Thread-safe.
 */
public final class CallerBook implements ExchangeObserver {
    /** Callers that are told apart. */
    public static final int MOST_CALLERS = 1_024;

    private final ConcurrentMap<Caller, Entry> entries = new ConcurrentHashMap<>();
    private final List<Consumer<Entry>> followers = new CopyOnWriteArrayList<>();

    /**
     * Whose calls count together.
     *
     * @param gate name
     * @param arm that was called
     * @param operation name in evidence
     * @param who the caller
     */
    public record Caller(GateName gate, Arm arm, String operation, Who who) {}

    /** A caller, or all that have no entry of their own. */
    public sealed interface Who {
        /**
         * One caller.
         *
         * @param identity of its verified certificate; empty without
         * @param service that it says to be of; empty without
         */
        record One(String identity, String service) implements Who {}

        /** Those beyond {@link #MOST_CALLERS}. */
        record Others() implements Who {}
    }

    /**
     * What a caller did so far.
     *
     * @param requests that ended, refused ones included
     * @param refused of these, since the arm is retired
     * @param last when the last one ended
     */
    public record Calls(Caller caller, long requests, long refused, Instant last) {}

    /** Counts of one caller. Thread-safe. */
    public static final class Entry {
        private final Caller caller;
        private final LongAdder requests = new LongAdder();
        private final LongAdder refused = new LongAdder();
        private final AtomicLong lastMillis = new AtomicLong();

        private Entry(Caller caller) {
            this.caller = caller;
        }

        Caller caller() {
            return caller;
        }

        long requests() {
            return requests.sum();
        }

        private Calls read() {
            return new Calls(
                    caller, requests(), refused.sum(), Instant.ofEpochMilli(lastMillis.get()));
        }

        private void count(ServedCall call, long endMillis) {
            requests.increment();
            if (call.refused()) {
                refused.increment();
            }
            lastMillis.accumulateAndGet(endMillis, Math::max);
        }
    }

    @Override
    public void finished(ExchangeRecord exchange) {
        if (exchange.served().isPresent()) {
            ServedCall call = exchange.served().get();
            entry(call).count(call, endMillis(exchange));
        }
    }

    /** Everything counted so far, in a fixed order. */
    public List<Calls> read() {
        return entries.values().stream()
                .map(Entry::read)
                .sorted(Comparator.comparing(calls -> calls.caller().toString()))
                .toList();
    }

    /** Tells {@code follower} each entry that there is or will be, some of them twice. */
    public void follow(Consumer<Entry> follower) {
        followers.add(follower);
        entries.values().forEach(follower);
    }

    private Entry entry(ServedCall call) {
        Caller own = caller(call, new Who.One(call.identity(), call.service()));
        Entry known = entries.get(own);
        if (known != null) {
            return known;
        }
        return add(entries.size() < MOST_CALLERS ? own : caller(call, new Who.Others()));
    }

    private static Caller caller(ServedCall call, Who who) {
        return new Caller(call.gate(), call.arm(), call.operation(), who);
    }

    private Entry add(Caller caller) {
        Entry entry = entries.computeIfAbsent(caller, Entry::new);
        followers.forEach(follower -> follower.accept(entry));
        return entry;
    }

    private static long endMillis(ExchangeRecord exchange) {
        return exchange.startEpochMillis()
                + TimeUnit.NANOSECONDS.toMillis(exchange.times().total());
    }
}
