package dev.sluice.chaos.telemetry;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The faults of one run and when they were on. One is on from the moment before it is asked for
 * until it is known to be taken back; one that was not taken back stays on. Thread-safe.
 */
public final class ActiveFaults {
    private final Set<Fault> known = new LinkedHashSet<>();
    private final List<Window> windows = new ArrayList<>();

    /**
     * One fault.
     *
     * @param name of the action, or of the fault behind the gate
     * @param gate {@code gates/…}; empty for an action, which names none
     * @param arm {@code LEGACY} or {@code NEW}; empty for an action
     */
    public record Fault(String name, String gate, String arm) {
        /** What an action of the method does. */
        public static Fault ofAction(String name) {
            return new Fault(name, "", "");
        }
    }

    /**
     * A time in which a fault was on.
     *
     * @param to empty while it is
     */
    public record Window(Fault fault, Instant from, Optional<Instant> to) {}

    /** Tells of faults that may come, so that they are shown as off before. */
    public synchronized void expect(Fault fault) {
        known.add(fault);
    }

    /** The fault is on from now; nothing when it is already. */
    public synchronized void on(Fault fault, Instant now) {
        known.add(fault);
        if (!isOn(fault)) {
            windows.add(new Window(fault, now, Optional.empty()));
        }
    }

    /** All faults are known to be taken back. */
    public synchronized void allOff(Instant now) {
        windows.replaceAll(window ->
                window.to().isPresent()
                        ? window
                        : new Window(window.fault(), window.from(), Optional.of(now)));
    }

    /** Whether the fault may be met now. */
    public synchronized boolean isOn(Fault fault) {
        return windows.stream()
                .anyMatch(window -> window.fault().equals(fault) && window.to().isEmpty());
    }

    /** All faults, in the order of coming. */
    public synchronized List<Fault> known() {
        return List.copyOf(known);
    }

    /** All times in which one was on, in the order of beginning. */
    public synchronized List<Window> windows() {
        return List.copyOf(windows);
    }
}
