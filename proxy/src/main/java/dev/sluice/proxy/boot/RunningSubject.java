package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.telemetry.Metrics;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the admin endpoint of a process shows and commands. Thread-safe. */
final class RunningSubject implements AdminSubject {
    private final Proxy proxy;
    private final Metrics metrics;
    private final List<String> inert;
    private final String nodeId;
    private final String bootId;
    private final AtomicLong kills = new AtomicLong();

    /**
     * @param nodeId of the bootstrap; may be empty
     * @param bootId of this run of the process
     */
    RunningSubject(
            Proxy proxy, Metrics metrics, List<String> inert, String nodeId, String bootId) {
        this.proxy = proxy;
        this.metrics = metrics;
        this.inert = List.copyOf(inert);
        this.nodeId = nodeId;
        this.bootId = bootId;
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
        return inert;
    }

    @Override
    public GateTable gates() {
        return proxy.gates();
    }

    @Override
    public GateTable.KillAnswer kill(GateName gate, String reason) {
        String id = "%s/%s/%d".formatted(nodeId, bootId, kills.incrementAndGet());
        return proxy.gates().kill(gate, new HeldGate.LocalKill(id, reason));
    }

    @Override
    public void drain() {
        proxy.drain();
    }

    @Override
    public String metrics() {
        return metrics.scrape();
    }

    @Override
    public Map<String, String> server() {
        return Map.of(
                "node_id",
                nodeId,
                "boot_id",
                bootId,
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
