package dev.sluice.proxy.boot;

import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.process.StateDisk;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.xds.Management;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A proxy under a management server. All that it needs beside a static proxy, gRPC above all, is
 * loaded with this class only. Thread-safe.
 */
final class Managed implements ConfigurationOrigin, AutoCloseable {
    private final BootstrapSpec bootstrap;
    private final Management management;

    private Managed(BootstrapSpec bootstrap, Management management) {
        this.bootstrap = bootstrap;
        this.management = management;
    }

    /**
     * Puts the proxy under the management server of its bootstrap.
     *
     * @param state folder of the last good state; empty: nothing is remembered
     * @param disk that folder's
     * @throws IOException when the folder can't be made
     */
    static Managed start(
            BootstrapSpec bootstrap,
            Optional<Path> state,
            StateDisk disk,
            Proxy proxy,
            Telemetry telemetry)
            throws IOException {
        Management management =
                Management.start(
                        bootstrap,
                        state,
                        new Management.Surroundings(
                                proxy.thread(),
                                proxy.gates(),
                                proxy.trips(),
                                proxy.runtime()::receive,
                                snapshot -> {
                                    follow(telemetry, snapshot);
                                    return proxy.swap(snapshot);
                                },
                                proxy.identity().bootId(),
                                telemetry.evidence()::counts,
                                proxy.clock(),
                                disk,
                                new SecureRandom()));
        proxy.managed(management::waiting, management::latched);
        return new Managed(bootstrap, management);
    }

    /** Access logs that can't be opened do not stop a snapshot: traffic matters more. */
    private static void follow(Telemetry telemetry, ProxySnapshot snapshot) {
        telemetry
                .logs()
                .follow(snapshot.listeners())
                .forEach(problem ->
                        System.getLogger(Managed.class.getName())
                                .log(System.Logger.Level.ERROR, problem.message()));
    }

    /** Runs the action once a whole configuration is in force. */
    void onReady(Runnable action) {
        var unused = management.ready().thenRunAsync(action);
    }

    @Override
    public Bootstrap bootstrap() {
        return bootstrap.source();
    }

    @Override
    public SentConfiguration sent() {
        return management.sent();
    }

    @Override
    public List<String> inert() {
        List<String> all = new ArrayList<>(bootstrap.inert());
        all.addAll(management.inert());
        return all;
    }

    /** Says goodbye. */
    @Override
    public void close() {
        management.close();
    }
}
