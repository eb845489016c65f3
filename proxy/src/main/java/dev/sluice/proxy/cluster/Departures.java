package dev.sluice.proxy.cluster;

import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Who on an event loop wants to hear that a client's connection has ended. Loop-owned. */
public final class Departures {
    private final Map<Addresses, Set<Consumer<Addresses>>> awaited = new HashMap<>();

    /** This one is told, once, when the client's connection ends. */
    void await(Addresses client, Consumer<Addresses> told) {
        awaited.computeIfAbsent(client, one -> new HashSet<>()).add(told);
    }

    /** This one does not want to hear of it any more. */
    void forget(Addresses client, Consumer<Addresses> told) {
        awaited.computeIfPresent(
                client,
                (one, waiting) -> {
                    waiting.remove(told);
                    return waiting.isEmpty() ? null : waiting;
                });
    }

    /** A connection between these two ends has ended. */
    public void left(Addresses client) {
        Set<Consumer<Addresses>> waiting = awaited.remove(client);
        if (waiting != null) {
            waiting.forEach(one -> one.accept(client));
        }
    }

    /** Clients of which somebody wants to hear. */
    int awaited() {
        return awaited.size();
    }
}
