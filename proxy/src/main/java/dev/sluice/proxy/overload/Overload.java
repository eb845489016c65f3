package dev.sluice.proxy.overload;

import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.overload.OverloadSpec;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Trigger;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The load that this proxy sheds now. Requests under way are never shed: each action keeps out what
 * is new, and the later ones of the order are for when the earlier ones did not help. Thread-safe.
 */
public final class Overload {
    /** Of a proxy, or a listener, that sheds nothing. */
    public static final Overload NONE =
            new Overload(OverloadSpec.NONE, () -> 0, new RuntimeLayers(RuntimeSpec.NONE));

    private static final String CONNECTIONS = "overload.global_downstream_max_connections";

    private final OverloadSpec spec;
    private final LongSupplier memory;
    private final RuntimeLayers runtime;
    private final AtomicLong connections = new AtomicLong();
    private volatile Map<Action, Double> shares = Map.of();
    private volatile double pressure;

    /**
     * @param memory bytes in use, asked at each refresh
     * @param runtime values that may limit connections where the spec does not
     */
    public Overload(OverloadSpec spec, LongSupplier memory, RuntimeLayers runtime) {
        this.spec = spec;
        this.memory = memory;
        this.runtime = runtime;
    }

    /** By the memory of this process, whose beans are loaded only where it is looked at. */
    public static Overload of(OverloadSpec spec, RuntimeLayers runtime) {
        LongSupplier memory = spec.memoryBytes().isPresent() ? new MemoryInUse() : () -> 0;
        return new Overload(spec, memory, runtime);
    }

    /** Whether {@link #refresh} has anything to look at. */
    public boolean looksAtMemory() {
        return spec.memoryBytes().isPresent();
    }

    /** How often {@link #refresh} is to be called. */
    public Duration refreshInterval() {
        return spec.refresh();
    }

    /** Looks at the memory anew. */
    public void refresh() {
        OptionalLong most = spec.memoryBytes();
        if (most.isEmpty()) {
            return;
        }
        double now = (double) memory.getAsLong() / most.getAsLong();
        Map<Action, Double> next = new EnumMap<>(Action.class);
        spec.actions().forEach((action, triggers) -> next.put(action, share(triggers, now)));
        next.values().removeIf(share -> share <= 0);
        pressure = now;
        shares = Map.copyOf(next);
    }

    private static double share(List<Trigger> triggers, double now) {
        double most = 0;
        for (Trigger trigger : triggers) {
            most = Math.max(most, trigger.share(now));
        }
        return most;
    }

    /** Whether the action is to be done to what has just come. */
    public boolean hits(Action action, RandomGenerator random) {
        double share = share(action);
        return share > 0 && (share >= 1 || random.nextDouble() < share);
    }

    /** Whether the action is to be done to all that comes. */
    public boolean isFull(Action action) {
        return share(action) >= 1;
    }

    /** Whether anything is shed: what nobody waits for, such as a mirrored request, goes first. */
    public boolean isActive() {
        return !shares.isEmpty();
    }

    private double share(Action action) {
        Map<Action, Double> now = shares;
        return now.isEmpty() ? 0 : now.getOrDefault(action, 0.0);
    }

    /** Memory in use in parts of what is allowed; above 1 there is more. */
    public double pressure() {
        return pressure;
    }

    /** Takes a place for a connection; each one that was taken is given back once. */
    public boolean takeConnection() {
        long most = mostConnections();
        if (connections.incrementAndGet() > most) {
            connections.decrementAndGet();
            return false;
        }
        return true;
    }

    /** A connection has ended. */
    public void giveBackConnection() {
        connections.decrementAndGet();
    }

    /** A resource monitor's limit counts before that of the runtime. */
    private long mostConnections() {
        return spec.connections()
                .orElseGet(() -> runtime.values().number(CONNECTIONS).orElse(Long.MAX_VALUE));
    }
}
