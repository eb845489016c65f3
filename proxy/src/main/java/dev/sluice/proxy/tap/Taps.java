package dev.sluice.proxy.tap;

import dev.sluice.proxy.snapshot.filter.TapSpec;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The taps of one proxy. Thread-safe. */
public final class Taps {
    /** Bytes that all taps may hold at once. */
    public static final long MOST_HELD = 8L * 1024 * 1024;

    /** Of whom nothing is taken. */
    public static final Taps NONE =
            new Taps((message, spec, over) -> over.lost(), HeaderShield.STANDARD);

    private final TapMemory memory;
    private final TapOutlet files;
    private final HeaderShield shield;
    private final TapCounts counts = new TapCounts();
    private final ConcurrentMap<String, Tap> attached = new ConcurrentHashMap<>();

    /**
     * @param files writes what the configuration asks for
     */
    public Taps(TapOutlet files, HeaderShield shield) {
        this(files, shield, MOST_HELD);
    }

    /**
     * @param mostHeld bytes that all taps may hold at once
     */
    Taps(TapOutlet files, HeaderShield shield, long mostHeld) {
        this.files = files;
        this.shield = shield;
        memory = new TapMemory(mostHeld);
    }

    /** A tap that the configuration asks for. */
    public Tap fixed(TapSpec spec) {
        return new Tap(spec, files, memory, shield, counts);
    }

    /** The tap of the client of {@code /tap} that names this id now. */
    public Optional<Tap> attached(String id) {
        return attached.isEmpty() ? Optional.empty() : Optional.ofNullable(attached.get(id));
    }

    /**
     * From now on filters of this id record for a client of {@code /tap}.
     *
     * @return run once when that client is gone; empty: another one is there already
     */
    public Optional<Runnable> attach(String id, TapSpec spec, TapOutlet client) {
        Tap tap = new Tap(spec, client, memory, shield, counts);
        return attached.putIfAbsent(id, tap) == null
                ? Optional.of(() -> attached.remove(id, tap))
                : Optional.empty();
    }

    /** What became of what was recorded. */
    public TapCounts counts() {
        return counts;
    }

    /** Bytes held now. */
    public long held() {
        return memory.taken();
    }
}
