package dev.sluice.proxy.boot;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.admin.AdminToken;
import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.handover.HandedSockets;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import io.netty.util.NetUtil;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Where the admin endpoint of a process opens, and for whom. Immutable.
 *
 * @param address of the bootstrap; empty: it opens nowhere
 * @param token of pages that harm traffic; empty: these are refused
 * @param faults of this process; empty: none are allowed
 * @param logs of this process
 * @param out is told what is open
 */
record AdminDoor(
        Optional<SocketAddressSpec> address,
        Optional<AdminToken> token,
        Optional<OwnFaults> faults,
        LogLevels logs,
        PrintStream out) {
    /**
     * Opens the endpoint, and loads the metrics that it shows.
     *
     * @param origin of the configuration
     * @param handed sockets of the process before
     */
    Parsed<Optional<AdminServer>> open(
            Proxy proxy, Telemetry telemetry, ConfigurationOrigin origin, HandedSockets handed) {
        if (address.isEmpty()) {
            return Parsed.ok(Optional.empty());
        }
        Metrics metrics = telemetry.loadMetrics();
        proxy.showOn(metrics);
        Optional<ProcessFaults> processFaults = faults.map(own -> own.of(proxy));
        processFaults.ifPresent(own -> OwnGauges.show(metrics, own));
        RunningSubject subject =
                new RunningSubject(proxy, metrics, origin, logs, AdminDoor::end, processFaults);
        return switch (AdminServer.open(address.get(), subject, token, handed)) {
            case AdminServer.Opening.Refused(Problem problem) -> Parsed.refused(problem);
            case AdminServer.Opening.Opened(AdminServer server) -> {
                out.println(
                        "sluice proxy admin on " + NetUtil.toSocketAddressString(server.address()));
                out.flush();
                yield Parsed.ok(Optional.of(server));
            }
        };
    }

    /** The hooks of the orderly end run; off the admin loop, which they close. */
    static void end() {
        Thread.ofPlatform().name("sluice-quit").start(() -> System.exit(0));
    }
}
