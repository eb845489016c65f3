package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate.WriteHold;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The writes that were sent where a write authority is and are not over, by gate: each from before
 * its decision is in force to the end of its exchange. Thread-safe.
 */
final class WritesUnderWay {
    private final ConcurrentMap<GateName, Set<Write>> gates = new ConcurrentHashMap<>();

    /** One of them. Immutable; known by identity. */
    static final class Write {
        private final GateName gate;
        private final OptionalInt bucket;

        private Write(GateName gate, OptionalInt bucket) {
            this.gate = gate;
            this.bucket = bucket;
        }

        GateName gate() {
            return gate;
        }
    }

    /**
     * A write begins.
     *
     * @param bucket empty: it has no key
     */
    Write begin(GateName gate, OptionalInt bucket) {
        Write write = new Write(gate, bucket);
        gates.computeIfAbsent(gate, name -> ConcurrentHashMap.newKeySet()).add(write);
        return write;
    }

    void end(Write write) {
        of(write.gate).remove(write);
    }

    /** How many there are in the interval of a hold. */
    int in(GateName gate, WriteHold hold) {
        int count = 0;
        for (Write write : of(gate)) {
            count += hold.holds(write.bucket) ? 1 : 0;
        }
        return count;
    }

    private Set<Write> of(GateName gate) {
        return gates.getOrDefault(gate, Set.of());
    }
}
