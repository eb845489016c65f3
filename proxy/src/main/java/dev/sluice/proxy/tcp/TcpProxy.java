package dev.sluice.proxy.tcp;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec.Weighted;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries the connections of a filter chain to endpoints, on one event loop:
 *
 * <pre>
 * draw a cluster → choose an endpoint → connect → carry both ways until both have ended → record
 * </pre>
 *
 * Loop-owned.
 */
public final class TcpProxy {
    private final Loop loop;
    private final String listener;
    private final TcpProxySpec spec;
    private final TcpSurroundings around;

    public TcpProxy(Loop loop, String listener, TcpProxySpec spec, TcpSurroundings around) {
        this.loop = loop;
        this.listener = listener;
        this.spec = spec;
        this.around = around;
    }

    /** Takes a client's connection over, before it has read anything. */
    public ServerConnection install(Channel channel, TransportSecurity security) {
        assert loop.executor().inEventLoop();
        channel.config().setAutoRead(false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        Pick pick = Pick.at(security.destination());
        TcpTally tally = new TcpTally(listener, loop, around, security, channel, spec.accessLogs());
        TcpSession session = new TcpSession(loop.executor(), spec, tally);
        channel.pipeline().addLast(session.client());
        connect(session, tally, pick, spec.connectAttempts());
        return session;
    }

    private void connect(TcpSession session, TcpTally tally, Pick pick, int attempts) {
        String name = draw();
        Cluster cluster = around.configuration().get().clusters().get(name);
        if (cluster == null) {
            session.fail(ResponseFlag.NO_CLUSTER, "cluster '" + name + "' is not configured");
            return;
        }
        Optional<Endpoint> endpoint = cluster.on(loop).choose(pick);
        if (endpoint.isEmpty()) {
            tally.upstream(name, Optional.empty());
            session.fail(
                    ResponseFlag.NO_HEALTHY_UPSTREAM, "cluster '" + name + "' has no endpoint");
            return;
        }
        if (!cluster.budgets().connections().tryTake()) {
            session.fail(ResponseFlag.UPSTREAM_OVERFLOW, "connections reached the cluster's limit");
            return;
        }
        InetSocketAddress remote = endpoint.get().address();
        tally.upstream(name, Optional.of(remote));
        around.sockets()
                .create(loop.executor(), cluster.spec().carryingBytes())
                .open(
                        new Way(remote, Optional.of(tally.addresses())),
                        new Opening(session, tally, cluster, pick, attempts));
    }

    private String draw() {
        long total = spec.clusters().stream().mapToLong(Weighted::weight).sum();
        long left = spec.clusters().size() == 1 ? 0 : loop.random().nextLong(total);
        for (Weighted one : spec.clusters()) {
            left -= one.weight();
            if (left < 0) {
                return one.cluster();
            }
        }
        throw new IllegalStateException("weights changed while they were added up");
    }

    /** One attempt to connect. */
    private final class Opening implements EndpointSocket.Receiver {
        private final TcpSession session;
        private final TcpTally tally;
        private final Cluster cluster;
        private final Pick pick;
        private final int attempts;
        private @Nullable Channel opened;

        Opening(TcpSession session, TcpTally tally, Cluster cluster, Pick pick, int attempts) {
            this.session = session;
            this.tally = tally;
            this.cluster = cluster;
            this.pick = pick;
            this.attempts = attempts;
        }

        @Override
        public void install(Channel channel, String alpn) {
            opened = channel;
            channel.config().setAutoRead(false);
            channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
            channel.pipeline().addLast(session.endpoint());
            channel.closeFuture().addListener(closed -> cluster.budgets().connections().giveBack());
        }

        @Override
        public void onOpen() {
            if (opened != null) {
                tally.source(opened.localAddress());
            }
            session.begin();
        }

        @Override
        public void onFailed(String reason) {
            if (session.awaitsEndpoint() && attempts > 1) {
                connect(session, tally, pick, attempts - 1);
            } else {
                session.fail(ResponseFlag.UPSTREAM_CONNECTION_FAILURE, reason);
            }
        }
    }
}
