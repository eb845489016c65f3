package dev.sluice.proxy.admin;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.tap.Taps;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The proxy that an admin endpoint shows and commands. Thread-safe. */
public interface AdminSubject {
    ProxyState state();

    /** Snapshot in force. */
    ProxySnapshot snapshot();

    /** Its compiled form. */
    ConfigurationInForce configuration();

    /** What the configuration was made from. */
    ConfigurationOrigin origin();

    /** When it came to be, with what its bootstrap says. */
    Instant started();

    /** Wall clock. */
    InstantSource clock();

    GateTable gates();

    /** Takes a gate back here. */
    GateTable.KillAnswer kill(GateName gate, String reason);

    /** Taps. */
    Taps taps();

    /** Runtime values, layer by layer. */
    RuntimeLayers runtime();

    /** Fault leases. */
    FaultBook faults();

    /** Faults of the process; empty: its operator has not allowed them. */
    Optional<ProcessFaults> processFaults();

    /** Starts to drain. */
    void drain();

    /** Starts to drain what callers connect to; what goes out is served as before. */
    void drainInbound();

    /** From now on, probes of this proxy's health fail; connections are served as before. */
    void failHealth();

    /** The opposite of {@link #failHealth}. */
    void restoreHealth();

    /** Starts the orderly end of the process. */
    void quit();

    /** How much each part of the process logs, by its name. */
    Map<String, String> logLevels();

    /** Sets how much some parts log; what is wrong when nothing was changed. */
    Optional<String> logAt(Map<String, String> levels);

    /** Metrics in the Prometheus text format. */
    String metrics();

    /** Metrics in the OpenMetrics text format, with exemplars. */
    String openMetrics();

    /** Facts about the process, by name: texts, or maps of them. */
    Map<String, Object> server();

    /** Listening sockets. */
    List<Listeners.Bound> listeners();
}
