package dev.sluice.proxy.tcp;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.codec.TransportSecurity.Addresses;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.PeerCertificate;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.LogFacts;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What is remembered of one carried connection; its record is made once. Loop-owned. */
final class TcpTally {
    /** Of a record that is no HTTP exchange, as Envoy writes it. */
    private static final String NO_PROTOCOL = "-";

    private final String listener;
    private final Loop loop;
    private final TcpSurroundings around;
    private final TransportSecurity security;
    private final List<AccessLogSpec> logs;
    private final Addresses addresses;
    private final Peer.Direct direct;
    private final long startEpochMillis;
    private final long startNanos;
    private long received;
    private long sent;
    private int attempts;
    private Optional<ExchangeRecord.Upstream> upstream = Optional.empty();
    private boolean told;

    TcpTally(
            String listener,
            Loop loop,
            TcpSurroundings around,
            TransportSecurity security,
            Channel channel,
            List<AccessLogSpec> logs) {
        this.listener = listener;
        this.loop = loop;
        this.around = around;
        this.security = security;
        this.logs = logs;
        addresses = new Addresses(security.remote(channel), security.local(channel));
        direct = TransportSecurity.direct(channel);
        startEpochMillis = around.clock().millis();
        startNanos = loop.executor().ticker().nanoTime();
    }

    /** The client, and what it reached. */
    Addresses addresses() {
        return addresses;
    }

    /** An attempt goes to this cluster. */
    void upstream(String cluster, Optional<InetSocketAddress> host) {
        attempts++;
        upstream =
                Optional.of(
                        new ExchangeRecord.Upstream(
                                cluster, host, Optional.empty(), attempts, /* hedges= */ 0));
    }

    /** The attempt has a connection, of which this is this proxy's end. */
    void source(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            upstream =
                    upstream.map(one ->
                            new ExchangeRecord.Upstream(
                                    one.cluster(),
                                    one.host(),
                                    Optional.of(inet),
                                    one.attempts(),
                                    one.hedges()));
        }
    }

    void received(int bytes) {
        received += bytes;
    }

    void sent(int bytes) {
        sent += bytes;
    }

    /** The connection has ended. */
    void end(Set<ResponseFlag> flags, String details) {
        if (told) {
            return;
        }
        told = true;
        long total = loop.executor().ticker().nanoTime() - startNanos;
        around.observer()
                .finished(
                        new ExchangeRecord(
                                startEpochMillis,
                                listener,
                                NO_PROTOCOL,
                                "",
                                security.serverName().orElse(""),
                                "",
                                0,
                                -1,
                                flags,
                                details,
                                received,
                                sent,
                                new ExchangeRecord.Times(total, -1, -1),
                                "",
                                upstream,
                                Optional.empty(),
                                "",
                                List.of(),
                                List.of(),
                                addresses.remote(),
                                "",
                                Optional.empty(),
                                facts(),
                                Optional.empty()));
    }

    private LogFacts facts() {
        return logs.isEmpty()
                ? LogFacts.NONE
                : LogFacts.ofConnection(
                        logs,
                        new LogFacts.Ends(addresses.local(), direct.remote(), direct.local()),
                        security.serverName().orElse(""),
                        security.certificate().map(PeerCertificate::logged));
    }
}
