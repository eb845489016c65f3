package dev.sluice.proxy.boot;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.pool.CodecConnector;
import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.pool.UpstreamObserver;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.tls.TlsContexts;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** The event loops of one proxy, and what connections they open. Thread-safe. */
final class Loops {
    private final MultiThreadIoEventLoopGroup group;
    private final ProxySettings settings;
    private final TlsContexts tls;
    private final List<Loop> all;

    private Loops(
            MultiThreadIoEventLoopGroup group,
            ProxySettings settings,
            TlsContexts tls,
            UpstreamObserver observer) {
        this.group = group;
        this.settings = settings;
        this.tls = tls;
        SplittableRandom seeds = new SplittableRandom(settings.seed());
        List<Loop> loops = new ArrayList<>();
        for (EventExecutor executor : group) {
            EventLoop own = (EventLoop) executor;
            loops.add(
                    new Loop(
                            loops.size(),
                            own,
                            seeds.split(),
                            new Timers(own),
                            (loop, cluster) ->
                                    new CodecConnector(
                                            loop,
                                            socket(loop, cluster),
                                            cluster.upstream(),
                                            observer),
                            settings.ticker()));
        }
        all = List.copyOf(loops);
    }

    /**
     * Starts as many threads as the settings say.
     *
     * @param observer is told what becomes of connections to upstreams
     */
    static Loops start(ProxySettings settings, TlsContexts tls, UpstreamObserver observer) {
        return new Loops(
                new MultiThreadIoEventLoopGroup(
                        settings.eventLoops(),
                        new DefaultThreadFactory("sluice-loop"),
                        settings.transport().ioHandlers()),
                settings,
                tls,
                observer);
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    List<Loop> all() {
        return all;
    }

    /** Opens connections of a loop to the endpoints of a cluster. */
    EndpointSocket socket(EventLoop loop, ClusterSpec cluster) {
        return new EndpointSocket(loop, settings.transport(), cluster, settings.source(), tls);
    }

    /** Ends the threads. */
    void stop(Duration longest) {
        group.shutdownGracefully(0, longest.toSeconds(), TimeUnit.SECONDS)
                .awaitUninterruptibly(longest.toMillis());
    }
}
