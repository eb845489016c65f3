package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.HostResolver;
import dev.sluice.proxy.handover.HandedSockets;
import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.pool.Transport;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.cluster.SourceSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.tls.TlsProvider;
import io.netty.util.concurrent.Ticker;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a proxy is started with beside its bootstrap. Immutable.
 *
 * @param eventLoops threads that serve traffic, 1..; default: 2, or 1 on one core
 * @param transport how sockets are served; default: the best of this machine
 * @param tls whose TLS is used; default: BoringSSL where it loads
 * @param clock wall clock
 * @param ticker of the time that endpoints are judged by; default: the system's
 * @param seed of balancers, back-off and random buckets; default: fresh
 * @param resolver looks host names up; default: the machine's
 * @param drain longest time that connections may take to leave at the end; default 30 s
 * @param overload what load is shed; default none
 * @param runtime values that change while it runs; default none
 * @param handed listening sockets of the process before; default none
 * @param identity of this run; default: of a proxy without a node id
 * @param source where connections to endpoints come from, where their cluster does not say;
 *     default: the system chooses
 * @param tapRedact lower-case names of headers whose values taps do not show, beside those that
 *     they never show; default none
 */
public record ProxySettings(
        int eventLoops,
        Transport transport,
        TlsProvider tls,
        Clock clock,
        Ticker ticker,
        long seed,
        HostResolver resolver,
        Duration drain,
        Overload overload,
        RuntimeLayers runtime,
        HandedSockets handed,
        Identity identity,
        SourceSpec source,
        Set<String> tapRedact) {
    private static final int MOST_LOOPS = 256;

    public ProxySettings {
        tapRedact = Set.copyOf(tapRedact);
        if (eventLoops < 1 || eventLoops > MOST_LOOPS) {
            throw new IllegalArgumentException(
                    "event loops " + eventLoops + " (expected: 1.." + MOST_LOOPS + ")");
        }
    }

    /** The defaults of a process on this machine. */
    public static ProxySettings defaults() {
        return new ProxySettings(
                Math.min(2, Runtime.getRuntime().availableProcessors()),
                Transport.best(),
                TlsProvider.best(),
                Clock.systemUTC(),
                Ticker.systemTicker(),
                new SecureRandom().nextLong(),
                new SystemResolver(),
                Duration.ofSeconds(30),
                Overload.NONE,
                new RuntimeLayers(RuntimeSpec.NONE),
                HandedSockets.none(),
                Identity.fresh("", new SecureRandom()),
                SourceSpec.ANY,
                Set.of());
    }

    public ProxySettings withEventLoops(int loops) {
        return with(parts -> parts.eventLoops = loops);
    }

    public ProxySettings withTls(TlsProvider other) {
        return with(parts -> parts.tls = other);
    }

    public ProxySettings withSeed(long other) {
        return with(parts -> parts.seed = other);
    }

    public ProxySettings withIdentity(Identity other) {
        return with(parts -> parts.identity = other);
    }

    public ProxySettings withClock(Clock other) {
        return with(parts -> parts.clock = other);
    }

    public ProxySettings withTicker(Ticker other) {
        return with(parts -> parts.ticker = other);
    }

    public ProxySettings withDrain(Duration other) {
        return with(parts -> parts.drain = other);
    }

    public ProxySettings withOverload(Overload other) {
        return with(parts -> parts.overload = other);
    }

    public ProxySettings withHanded(HandedSockets other) {
        return with(parts -> parts.handed = other);
    }

    public ProxySettings withRuntime(RuntimeLayers other) {
        return with(parts -> parts.runtime = other);
    }

    public ProxySettings withSource(SourceSpec other) {
        return with(parts -> parts.source = other);
    }

    public ProxySettings withTapRedact(Set<String> other) {
        return with(parts -> parts.tapRedact = other);
    }

    private ProxySettings with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.settings();
    }

    /** The parts while one of them is changed. */
    private static final class Parts {
        private int eventLoops;
        private final Transport transport;
        private TlsProvider tls;
        private Clock clock;
        private Ticker ticker;
        private long seed;
        private final HostResolver resolver;
        private Duration drain;
        private Overload overload;
        private RuntimeLayers runtime;
        private HandedSockets handed;
        private Identity identity;
        private SourceSpec source;
        private Set<String> tapRedact;

        Parts(ProxySettings now) {
            eventLoops = now.eventLoops;
            transport = now.transport;
            tls = now.tls;
            clock = now.clock;
            ticker = now.ticker;
            seed = now.seed;
            resolver = now.resolver;
            drain = now.drain;
            overload = now.overload;
            runtime = now.runtime;
            handed = now.handed;
            identity = now.identity;
            source = now.source;
            tapRedact = now.tapRedact;
        }

        ProxySettings settings() {
            return new ProxySettings(
                    eventLoops,
                    transport,
                    tls,
                    clock,
                    ticker,
                    seed,
                    resolver,
                    drain,
                    overload,
                    runtime,
                    handed,
                    identity,
                    source,
                    tapRedact);
        }
    }
}
