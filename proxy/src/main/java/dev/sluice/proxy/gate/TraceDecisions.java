package dev.sluice.proxy.gate;

import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.CarriedDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was decided for the requests that are under way through this sidecar, by trace: so that an
 * application which passes on {@code traceparent} alone still carries decisions to its own calls.
 * Thread-safe.
 *
 * <p>An inbound request holds its decisions from its head to its end. Two that are under way in one
 * trace with different decisions of one gate set leave it ambiguous, and each call is decided by
 * its own key. A call that fell back says what the rest of the trace does, until no request that
 * decided otherwise is left.
 *
 * <p>Entries live exactly as long as requests, so nothing is ever evicted: a cache that forgets a
 * request under way would change its arm. Beyond {@link #MOST_TRACES} requests hold nothing, which
 * is counted.
 */
public final class TraceDecisions {
    static final int MOST_TRACES = 65_536;

    private static final Hold NOTHING = () -> {};

    private final ConcurrentMap<TraceId, List<Live>> traces = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong leftOut = new AtomicLong();

    /** Decisions of one request under way. */
    @FunctionalInterface
    public interface Hold {
        /** The request is over. Once. */
        void release();
    }

    /**
     * A decision of one gate set in one trace.
     *
     * @param requests under way with it; 0: a call fell back to it
     */
    private record Live(CarriedDecision decision, int requests) {
        boolean isFallback() {
            return requests == 0;
        }

        String id() {
            return decision.id();
        }
    }

    /** The hold of a request that has nothing to hold. */
    public static Hold nothing() {
        return NOTHING;
    }

    /** Keeps what was decided for a request until it is over. */
    Hold hold(TraceId trace, List<CarriedDecision> decisions) {
        if (decisions.isEmpty()) {
            return NOTHING;
        }
        if (size.get() >= MOST_TRACES && !traces.containsKey(trace)) {
            leftOut.incrementAndGet();
            return NOTHING;
        }
        traces.compute(
                trace,
                (id, known) -> {
                    if (known == null) {
                        size.incrementAndGet();
                    }
                    return with(known == null ? List.of() : known, decisions);
                });
        return () -> release(trace, decisions);
    }

    /** From now on the calls of this trace go where one fell back to, if its request is known. */
    void fellBack(TraceId trace, CarriedDecision decision) {
        traces.computeIfPresent(
                trace,
                (id, known) -> {
                    if (known.stream().noneMatch(live -> live.id().equals(decision.id()))) {
                        return known;
                    }
                    List<Live> changed = new ArrayList<>(known);
                    changed.removeIf(live -> live.isFallback() && live.id().equals(decision.id()));
                    changed.add(new Live(decision, 0));
                    return List.copyOf(changed);
                });
    }

    /**
     * What a call of the application carries.
     *
     * @param brought what the call itself brings; it goes before the trace, but not before a
     *     fallback
     */
    Carried join(TraceId trace, String id, Carried brought) {
        Carried found = Carried.NOTHING;
        for (Live live : traces.getOrDefault(trace, List.of())) {
            if (!live.id().equals(id)) {
                continue;
            }
            if (live.isFallback()) {
                return Carried.of(live.decision());
            }
            found =
                    found instanceof Carried.Nothing
                            ? Carried.of(live.decision())
                            : Carried.CONFLICT;
        }
        return brought instanceof Carried.Nothing ? found : brought;
    }

    /** All that a call of the application carries on, for its own gate set and for others. */
    List<CarriedDecision> join(TraceId trace, List<CarriedDecision> brought) {
        List<CarriedDecision> all = new ArrayList<>(brought);
        for (Live live : traces.getOrDefault(trace, List.of())) {
            boolean known = brought.stream().anyMatch(other -> other.id().equals(live.id()));
            Carried found = join(trace, live.id(), Carried.NOTHING);
            if (found instanceof Carried.One(CarriedDecision decision)
                    && (!known || live.isFallback())) {
                all.removeIf(other -> other.id().equals(decision.id()));
                all.add(decision);
            }
        }
        return all;
    }

    /** Whether no request is under way whose calls could be joined. */
    boolean isEmpty() {
        return traces.isEmpty();
    }

    /** Traces under way. */
    public int size() {
        return size.get();
    }

    /** Requests that there was no room for. */
    public long leftOut() {
        return leftOut.get();
    }

    private static List<Live> with(List<Live> known, List<CarriedDecision> decisions) {
        List<Live> changed = new ArrayList<>(known);
        for (CarriedDecision decision : decisions) {
            int at = find(changed, decision);
            if (at < 0) {
                changed.add(new Live(decision, 1));
            } else {
                changed.set(at, new Live(decision, changed.get(at).requests() + 1));
            }
        }
        return List.copyOf(changed);
    }

    private void release(TraceId trace, List<CarriedDecision> decisions) {
        traces.computeIfPresent(
                trace,
                (id, known) -> {
                    List<Live> left = without(known, decisions);
                    if (left.isEmpty()) {
                        size.decrementAndGet();
                        return null;
                    }
                    return left;
                });
    }

    private static List<Live> without(List<Live> known, List<CarriedDecision> decisions) {
        List<Live> left = new ArrayList<>(known);
        for (CarriedDecision decision : decisions) {
            int at = find(left, decision);
            if (at >= 0) {
                int requests = left.get(at).requests() - 1;
                if (requests > 0) {
                    left.set(at, new Live(decision, requests));
                } else {
                    left.remove(at);
                }
            }
        }
        left.removeIf(live -> live.isFallback() && isAlone(live, left));
        return List.copyOf(left);
    }

    private static boolean isAlone(Live fallback, List<Live> all) {
        return all.stream()
                .noneMatch(live -> !live.isFallback() && live.id().equals(fallback.id()));
    }

    private static int find(List<Live> lives, CarriedDecision decision) {
        for (int i = 0; i < lives.size(); i++) {
            if (!lives.get(i).isFallback() && lives.get(i).decision().equals(decision)) {
                return i;
            }
        }
        return -1;
    }
}
