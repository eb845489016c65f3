package dev.sluice.proxy.path;

import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.MirrorObserver;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.runtime.RuntimeLayers;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What all paths of a proxy share. Thread-safe.
 *
 * @param nodeId of this proxy; may be empty
 * @param configuration the one in force now
 * @param gates in force now
 * @param traces decisions of the requests under way
 * @param faults leases in force
 * @param overload what load is shed
 * @param runtime values in force now
 * @param clock wall clock, for people and the {@code date} header
 * @param mirrors is told of mirrored requests
 * @param observer is told of every finished exchange
 */
public record Surroundings(
        String nodeId,
        Supplier<ConfigurationInForce> configuration,
        GateTable gates,
        TraceDecisions traces,
        FaultBook faults,
        Overload overload,
        RuntimeLayers runtime,
        Clock clock,
        MirrorObserver mirrors,
        ExchangeObserver observer) {
    /** The same for a listener of which nothing is shed. */
    public Surroundings withoutOverload() {
        return new Surroundings(
                nodeId,
                configuration,
                gates,
                traces,
                faults,
                Overload.NONE,
                runtime,
                clock,
                mirrors,
                observer);
    }
}
