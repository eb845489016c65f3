package dev.sluice.proxy.boot;

import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.HeldWrites;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.keys.KeyFetchCounts;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.telemetry.Metrics;

/** What the parts of a proxy count themselves, as metrics. Stateless. */
final class OwnGauges {
    private OwnGauges() {}

    static void show(
            Metrics metrics,
            TraceDecisions traces,
            FaultBook faults,
            Overload overload,
            KeyFetchCounts keys) {
        metrics.gauge(
                "sluice.traces.active",
                "Traces whose requests under way hold decisions",
                traces,
                TraceDecisions::size);
        metrics.gauge(
                "sluice.traces.left.out",
                "Requests since the start whose decisions found no room",
                traces,
                TraceDecisions::leftOut);
        metrics.gauge(
                "sluice.faults.active", "Fault leases that inject now", faults, FaultBook::active);
        metrics.gauge(
                "sluice.overload.pressure",
                "Memory in use, percent of what the overload manager allows",
                overload,
                now -> Math.round(100 * now.pressure()));
        metrics.gauge(
                "sluice.jwks.fetched",
                "Fetches of token providers' keys that brought some, since the start",
                keys,
                KeyFetchCounts::good);
        metrics.gauge(
                "sluice.jwks.failed",
                "Fetches of token providers' keys that failed, since the start",
                keys,
                KeyFetchCounts::bad);
    }

    static void show(Metrics metrics, HeldWrites writes) {
        metrics.gauge(
                "sluice.writes.waiting",
                "Writes that wait while their write authority moves",
                writes,
                HeldWrites::waiting);
        metrics.gauge(
                "sluice.writes.released",
                "Writes since the start that went on after their wait",
                writes,
                HeldWrites::released);
        metrics.gauge(
                "sluice.writes.timed.out",
                "Writes since the start that waited for too long and were refused",
                writes,
                HeldWrites::timedOut);
        metrics.gauge(
                "sluice.writes.turned.away",
                "Writes since the start that found no room to wait and were refused",
                writes,
                HeldWrites::turnedAway);
        metrics.gauge(
                "sluice.writes.left",
                "Writes since the start whose clients went away while they waited",
                writes,
                HeldWrites::left);
    }

    static void show(Metrics metrics, Taps taps) {
        metrics.gauge(
                "sluice.tap.written",
                "Messages of taps that were written since the start",
                taps,
                all -> all.counts().allWritten());
        metrics.gauge(
                "sluice.tap.lost",
                "Messages of taps that were lost since the start",
                taps,
                all -> all.counts().allLost());
        metrics.gauge("sluice.tap.held.bytes", "Memory that taps hold now", taps, Taps::held);
    }

    static void show(Metrics metrics, ProcessFaults faults) {
        metrics.gauge(
                "sluice.process.faults.active",
                "Faults of this process that last now",
                faults,
                ProcessFaults::active);
    }
}
