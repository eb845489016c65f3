package dev.sluice.proxy.probe;

import dev.sluice.proxy.pool.CodecConnector;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.pool.UpstreamObserver;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Question;
import io.netty.channel.EventLoop;

/**
 * Makes probes that connect as their cluster does, TLS included. Immutable.
 *
 * @param sockets makes the sockets of clusters
 * @param observer is told what becomes of connections
 */
public record Probes(Sockets sockets, UpstreamObserver observer) implements ProbeFactory {
    /** Makes the sockets of clusters. */
    @FunctionalInterface
    public interface Sockets {
        EndpointSocket create(EventLoop loop, ClusterSpec cluster);
    }

    @Override
    public Probe create(EventLoop loop, ClusterSpec of, HealthCheckSpec check) {
        ClusterSpec cluster = of.speaking(check.question().speaks());
        return switch (check.question()) {
            case Question.Http http ->
                    new HttpProbe(
                            loop,
                            connector(loop, cluster),
                            new ProbeHead(
                                    http.method(),
                                    scheme(cluster),
                                    http.host().isEmpty() ? cluster.name() : http.host(),
                                    http.path(),
                                    http.headers()),
                            http,
                            check.timeout());
            case Question.Grpc(var service, var authority, var headers) ->
                    new GrpcProbe(
                            loop,
                            connector(loop, cluster),
                            new ProbeHead(
                                    "POST",
                                    scheme(cluster),
                                    authority.isEmpty() ? cluster.name() : authority,
                                    GrpcHealth.PATH,
                                    headers),
                            service,
                            check.timeout());
            case Question.Tcp tcp ->
                    new TcpProbe(loop, sockets.create(loop, cluster), tcp, check.timeout());
        };
    }

    private static String scheme(ClusterSpec cluster) {
        return cluster.transport().tls().isPresent() ? "https" : "http";
    }

    private Connector connector(EventLoop loop, ClusterSpec cluster) {
        return new CodecConnector(
                loop, sockets.create(loop, cluster), cluster.upstream(), observer);
    }
}
