package dev.sluice.proxy.admin;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import java.util.List;
import java.util.Map;

/** The proxy that an admin endpoint shows and commands. Thread-safe. */
public interface AdminSubject {
    ProxyState state();

    /** Snapshot in force. */
    ProxySnapshot snapshot();

    /** Its compiled form. */
    ConfigurationInForce configuration();

    /** What the configuration says without effect, by path. */
    List<String> inert();

    GateTable gates();

    /** Takes a gate back here. */
    GateTable.KillAnswer kill(GateName gate, String reason);

    /** Fault leases. */
    FaultBook faults();

    /** Starts to drain. */
    void drain();

    /** Metrics in the Prometheus text format. */
    String metrics();

    /** Facts about the process, by name. */
    Map<String, String> server();
}
