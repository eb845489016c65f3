package dev.sluice.proxy.path;

import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.observe.ExchangeObserver;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What all paths of a proxy share. Thread-safe.
 *
 * @param configuration the one in force now
 * @param gates in force now
 * @param traces decisions of the requests under way
 * @param faults leases in force
 * @param clock wall clock, for people and the {@code date} header
 * @param observer is told of every finished exchange
 */
public record Surroundings(
        Supplier<ConfigurationInForce> configuration,
        GateTable gates,
        TraceDecisions traces,
        FaultBook faults,
        Clock clock,
        ExchangeObserver observer) {}
