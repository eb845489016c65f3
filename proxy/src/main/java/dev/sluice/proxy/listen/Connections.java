package dev.sluice.proxy.listen;

import dev.sluice.proxy.exchange.ServerConnection;
import io.netty.channel.EventLoop;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The connections of one listener on one event loop. Loop-owned. */
final class Connections {
    private final EventLoop loop;
    private final Set<ServerConnection> open = new HashSet<>();

    Connections(EventLoop loop) {
        this.loop = loop;
    }

    void add(ServerConnection connection) {
        assert loop.inEventLoop();
        open.add(connection);
    }

    void remove(ServerConnection connection) {
        assert loop.inEventLoop();
        open.remove(connection);
    }

    /** Asks all clients to leave. */
    void drain() {
        assert loop.inEventLoop();
        List.copyOf(open).forEach(ServerConnection::drain);
    }

    void close() {
        assert loop.inEventLoop();
        List.copyOf(open).forEach(ServerConnection::close);
    }
}
