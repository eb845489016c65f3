package dev.sluice.e2e.simulation.connection;

import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.local.LocalAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where a sidecar takes the connections of clients: the product's codec of HTTP/1.1 on each. Used
 * by one thread.
 */
public final class Door {
    private static final HttpConnectionManagerSpec HTTP = http();

    private final LocalAddress address = new LocalAddress(Door.class);
    private final Set<ServerConnection> open = new LinkedHashSet<>();
    private final ServerCodec codec;
    private final Sockets sockets;
    private final Channel socket;
    private boolean leaving;

    /** A listener with the defaults. */
    private static HttpConnectionManagerSpec http() {
        String text =
                """
                static_resources:
                  listeners:
                  - name: users
                    address: {socket_address: {address: 127.0.0.1, port_value: 1}}
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: users
                          codec_type: HTTP1
                          route_config: {}
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                """;
        return (HttpConnectionManagerSpec)
                BootstrapReader.read(text, "users")
                        .orThrow()
                        .listeners()
                        .getFirst()
                        .chains()
                        .getFirst()
                        .filter();
    }

    /**
     * @param requests takes each request
     */
    public Door(Sockets sockets, ServerStreamHandler requests) {
        this.codec = new ServerCodec(HTTP, requests, (peer, refusal) -> {});
        this.sockets = sockets;
        this.socket = sockets.listen(address, new Accepted());
    }

    /**
     * Connects a client.
     *
     * @param onFree is given the connection whenever it can take another request
     */
    public ClientConnection connect(Consumer<ClientConnection> onFree) {
        ClientConnection client = new ClientConnection(onFree);
        sockets.connect(address, client);
        return client;
    }

    /** Whether new connections are refused. */
    public boolean isLeaving() {
        return leaving;
    }

    public int connections() {
        return open.size();
    }

    /** Whether somebody waits for an answer. */
    public boolean isAnswering() {
        return open.stream().anyMatch(connection -> connection.active() > 0);
    }

    /**
     * Takes no connection any more, and asks all clients to leave.
     *
     * @param ask what asks one
     */
    public void leave(Consumer<ServerConnection> ask) {
        leaving = true;
        var unused = socket.close();
        List.copyOf(open).forEach(ask);
    }

    /** The process is no more: every connection breaks. */
    public void die() {
        leave(ServerConnection::close);
    }

    private final class Accepted extends ChannelInitializer<Channel> {
        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void initChannel(Channel channel) {
            ServerConnection connection = codec.install(channel, TransportSecurity.CLEAR);
            open.add(connection);
            channel.closeFuture().addListener(closed -> open.remove(connection));
        }
    }
}
