package dev.sluice.proxy.gate;

import dev.sluice.contract.GateName;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Who is told when a gate becomes another. Thread-safe. */
final class GateWatches {
    private final ConcurrentMap<GateName, Set<Watch>> gates = new ConcurrentHashMap<>();

    /** Known by identity: one action may watch twice. */
    private static final class Watch {
        private final Runnable action;

        Watch(Runnable action) {
            this.action = action;
        }
    }

    /**
     * Runs an action after each change from now on.
     *
     * @param action on the thread that makes the change; must not block
     * @return ends it
     */
    Runnable watch(GateName gate, Runnable action) {
        Set<Watch> watches = gates.computeIfAbsent(gate, name -> ConcurrentHashMap.newKeySet());
        Watch own = new Watch(action);
        watches.add(own);
        return () -> watches.remove(own);
    }

    void changed(GateName gate) {
        gates.getOrDefault(gate, Set.of()).forEach(watch -> watch.action.run());
    }

    void allChanged() {
        gates.keySet().forEach(this::changed);
    }
}
