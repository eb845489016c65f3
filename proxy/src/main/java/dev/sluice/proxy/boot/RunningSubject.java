package dev.sluice.proxy.boot;

import dev.sluice.contract.GateName;
import dev.sluice.proxy.admin.AdminSubject;
import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.path.ConfigurationInForce;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.tap.Taps;
import dev.sluice.proxy.telemetry.Metrics;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the admin endpoint of a process shows and commands. Thread-safe. */
final class RunningSubject implements AdminSubject {
    private static final int LISTENERS_SECONDS = 5;

    private final Proxy proxy;
    private final Metrics metrics;
    private final ConfigurationOrigin origin;
    private final LogLevels logs;
    private final Runnable end;
    private final Optional<ProcessFaults> processFaults;
    private final Instant started;

    /**
     * @param origin of the configuration
     * @param logs of this process
     * @param end starts the orderly end of this process
     * @param processFaults of this process; empty: none are allowed
     */
    RunningSubject(
            Proxy proxy,
            Metrics metrics,
            ConfigurationOrigin origin,
            LogLevels logs,
            Runnable end,
            Optional<ProcessFaults> processFaults) {
        this.processFaults = processFaults;
        started = proxy.clock().instant();
        this.logs = logs;
        this.end = end;
        this.proxy = proxy;
        this.metrics = metrics;
        this.origin = origin;
    }

    @Override
    public Taps taps() {
        return proxy.taps();
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
    public ConfigurationOrigin origin() {
        return origin;
    }

    @Override
    public Instant started() {
        return started;
    }

    @Override
    public InstantSource clock() {
        return proxy.clock();
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
    public RuntimeLayers runtime() {
        return proxy.runtime();
    }

    @Override
    public FaultBook faults() {
        return proxy.faults();
    }

    @Override
    public Optional<ProcessFaults> processFaults() {
        return processFaults;
    }

    @Override
    public void drain() {
        var unused = proxy.drain();
    }

    @Override
    public void drainInbound() {
        proxy.drainInbound();
    }

    @Override
    public void failHealth() {
        proxy.failHealth();
    }

    @Override
    public void restoreHealth() {
        proxy.restoreHealth();
    }

    @Override
    public void quit() {
        end.run();
    }

    @Override
    public Map<String, String> logLevels() {
        return logs.shown();
    }

    @Override
    public Optional<String> logAt(Map<String, String> levels) {
        return logs.set(levels);
    }

    @Override
    public String metrics() {
        return metrics.scrape();
    }

    @Override
    public String openMetrics() {
        return metrics.scrapeOpenMetrics();
    }

    @Override
    public List<Listeners.Bound> listeners() {
        return proxy.bound().orTimeout(LISTENERS_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public Map<String, Object> server() {
        RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
        String uptime = TimeUnit.MILLISECONDS.toSeconds(process.getUptime()) + "s";
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("uptime_current_epoch", uptime);
        facts.put("uptime_all_epochs", uptime);
        facts.put("hot_restart_version", "disabled");
        facts.put("node", Map.of("id", proxy.identity().nodeId()));
        facts.put("node_id", proxy.identity().nodeId());
        facts.put("boot_id", proxy.identity().bootId());
        facts.put("java", Runtime.version().toString());
        facts.put("pid", Long.toString(ProcessHandle.current().pid()));
        facts.put("uptime_ms", Long.toString(process.getUptime()));
        facts.put("snapshot_version", Long.toString(proxy.configuration().version()));
        return facts;
    }
}
