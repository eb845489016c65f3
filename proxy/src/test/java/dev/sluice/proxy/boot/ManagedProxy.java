package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.proxy.admin.ConfigurationOrigin;
import dev.sluice.proxy.listen.Listeners;
import dev.sluice.proxy.process.ProcessFaults;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A proxy in this process under a management server of this machine. */
final class ManagedProxy implements AutoCloseable {
    private final Telemetry telemetry = new Telemetry();
    private final Proxy proxy;
    private final Managed managed;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final OwnFaults faults;

    private ManagedProxy(String bootstrap, Optional<Path> state, Clock clock) throws IOException {
        faults = new OwnFaults(clock);
        Parsed<BootstrapSpec> spec = BootstrapReader.read(bootstrap, "bootstrap.yaml");
        proxy =
                Proxy.start(
                        ProxySettings.defaults()
                                .withEventLoops(2)
                                .withSeed(42)
                                .withRuntime(new RuntimeLayers(spec.orThrow().runtime()))
                                .withSource(spec.orThrow().upstreamSource())
                                .withClock(faults.clock())
                                .withIdentity(
                                        Identity.fresh(
                                                "node-1", new SplittableRandom(clock.millis()))),
                        telemetry.observers());
        managed = Managed.start(spec.orThrow(), state, faults.disk(), proxy, telemetry);
        managed.onReady(ready::countDown);
    }

    static ManagedProxy start(String bootstrap) throws IOException {
        return new ManagedProxy(bootstrap, Optional.empty(), Clock.systemUTC());
    }

    static ManagedProxy start(String bootstrap, Path state, Clock clock) throws IOException {
        return new ManagedProxy(bootstrap, Optional.of(state), clock);
    }

    ManagedProxy awaitReady() {
        Patience.await(ready, "a whole configuration; " + proxy.state());
        return this;
    }

    boolean isReady() {
        return ready.getCount() == 0;
    }

    /** Faults of its process. */
    ProcessFaults faults() {
        return faults.of(proxy);
    }

    /** What it was configured with. */
    ConfigurationOrigin origin() {
        return managed;
    }

    Proxy proxy() {
        return proxy;
    }

    int port() {
        List<Listeners.Bound> bound = Patience.await(proxy.bound(), "the listeners");
        assertThat(bound).as("listeners").hasSize(1);
        return bound.getFirst().address().getPort();
    }

    /** Body of the answer to a GET by a user, which must be a 200. */
    String get(String user) throws IOException {
        H1Response answer = RawHttp1Client.get(port(), "/", "x-user", user);
        assertThat(answer.status()).as("status").isEqualTo(200);
        return answer.body().text();
    }

    /** Asks until it holds, for states that nothing tells of. */
    static void until(String what, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited in vain for " + what).isNegative();
            assertThat(never.await(5, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Override
    public void close() {
        managed.close();
        proxy.close();
        telemetry.close();
        faults.close();
    }
}
