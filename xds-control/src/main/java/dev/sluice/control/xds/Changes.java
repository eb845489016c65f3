package dev.sluice.control.xds;

import dev.sluice.contract.GateName;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers by which whoever keeps what nodes said sees that they have said something else since. One
 * is given after what it tells of has changed, and none is given twice. Thread-safe.
 */
final class Changes {
    private final AtomicLong last = new AtomicLong();
    private final Map<GateName, Long> gates = new ConcurrentHashMap<>();
    private final AtomicLong allGates = new AtomicLong();

    /** For something that has changed. */
    long number() {
        return last.incrementAndGet();
    }

    /** Nodes say something else of these gates. */
    void ofGates(Collection<GateName> names) {
        if (!names.isEmpty()) {
            long number = number();
            names.forEach(name -> gates.merge(name, number, Math::max));
        }
    }

    /** Nodes may say something else of any gate. */
    void ofAnyGate() {
        allGates.accumulateAndGet(number(), Math::max);
    }

    /** The number of the last change of a gate. */
    long version(GateName gate) {
        return Math.max(allGates.get(), gates.getOrDefault(gate, 0L));
    }
}
