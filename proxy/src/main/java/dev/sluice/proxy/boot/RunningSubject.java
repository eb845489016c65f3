package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.telemetry.Metrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What the admin endpoint of a process shows and commands. Thread-safe. */
final class RunningSubject implements AdminSubject {
    private final Proxy proxy;
    private final Metrics metrics;
    private final Supplier<List<String>> inert;

    /**
     * @param inert paths of what is said without effect, at each call
     */
    RunningSubject(Proxy proxy, Metrics metrics, Supplier<List<String>> inert) {
        this.proxy = proxy;
        this.metrics = metrics;
        this.inert = inert;
    }

    @Override
    public ProxyState state() {
        return proxy.state();
    }

    @Override
    public ProxySnapshot snapshot() {
        return proxy.snapshot();
    }

    @Override
    public ConfigurationInForce configuration() {
        return proxy.configuration();
    }

    @Override
    public List<String> inert() {
        return inert.get();
    }

    @Override
    public GateTable gates() {
        return proxy.gates();
    }

    @Override
    public GateTable.KillAnswer kill(GateName gate, String reason) {
        return proxy.kill(gate, reason);
    }

    @Override
    public FaultBook faults() {
        return proxy.faults();
    }

    @Override
    public void drain() {
        var unused = proxy.drain();
    }

    @Override
    public String metrics() {
        return metrics.scrape();
    }

    @Override
    public Map<String, String> server() {
        return Map.of(
                "node_id",
                proxy.identity().nodeId(),
                "boot_id",
                proxy.identity().bootId(),
                "java",
                Runtime.version().toString(),
                "pid",
                Long.toString(ProcessHandle.current().pid()),
                "uptime_ms",
                Long.toString(ManagementFactory.getRuntimeMXBean().getUptime()),
                "snapshot_version",
                Long.toString(proxy.configuration().version()));
    }
}
