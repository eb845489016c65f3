package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import java.util.List;
import java.util.Set;

/**
 * What can be served of what was accepted, and what still waits for something else. Immutable.
 *
 * @param snapshot what can be served
 * @param gates every gate that a route names, for the gate stream
 * @param waiting what is not there yet, as sentences; empty: everything that was accepted is served
 */
record Assembly(ProxySnapshot snapshot, Set<GateName> gates, List<String> waiting) {
    Assembly {
        gates = Set.copyOf(gates);
        waiting = List.copyOf(waiting);
    }
}
