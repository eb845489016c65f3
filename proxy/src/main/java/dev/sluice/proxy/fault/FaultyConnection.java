package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.List;

/** A connection to an endpoint whose next exchange fails as asked. Loop-owned. */
final class FaultyConnection implements ClientConnection {
    private final ClientConnection connection;
    private final List<Hit> hits;
    private final EventLoop loop;

    FaultyConnection(ClientConnection connection, List<Hit> hits, EventLoop loop) {
        this.connection = connection;
        this.hits = hits;
        this.loop = loop;
    }

    @Override
    public ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver) {
        FaultyStream stream = new FaultyStream(receiver, hits, loop);
        stream.opened(connection.open(head, ended, stream));
        return stream;
    }

    @Override
    public int capacity() {
        return connection.capacity();
    }

    @Override
    public boolean canUpgrade(RequestHead head) {
        return connection.canUpgrade(head);
    }

    @Override
    public SocketAddress local() {
        return connection.local();
    }

    @Override
    public int active() {
        return connection.active();
    }

    @Override
    public boolean isRetired() {
        return connection.isRetired();
    }

    @Override
    public void onChange(Runnable callback) {
        connection.onChange(callback);
    }

    @Override
    public void retire() {
        connection.retire();
    }

    @Override
    public void close() {
        connection.close();
    }
}
