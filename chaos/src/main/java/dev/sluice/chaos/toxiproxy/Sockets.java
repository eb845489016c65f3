package dev.sluice.chaos.toxiproxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/** The event loops of a server, its open sockets, and how it looks up names. Thread-safe. */
final class Sockets {
    private final EventLoopGroup loops;
    private final ExecutorService lookups;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();

    /**
     * @param lookups threads that may block on a name's lookup
     */
    Sockets(EventLoopGroup loops, ExecutorService lookups) {
        this.loops = loops;
        this.lookups = lookups;
    }

    EventLoopGroup loops() {
        return loops;
    }

    /** Counts the socket until it is closed. */
    void track(Channel socket) {
        open.add(socket);
        socket.closeFuture().addListener(closed -> open.remove(socket));
    }

    /** Sockets of the proxies that are open: listening ones, clients and upstreams. */
    int open() {
        return open.size();
    }

    /**
     * Closes a listening socket, and waits until nobody can connect to it any more. The system lets
     * a closed socket go, and takes connections until then, when the selector that watched it
     * selects again: in the next turn of its loop, and so before what this turn leaves for it.
     */
    static void stopListening(Channel listener) {
        SingleThreadEventLoop loop = (SingleThreadEventLoop) listener.eventLoop();
        Promise<Void> gone = loop.newPromise();
        loop.execute(() -> {
            var unused = listener.close();
            loop.executeAfterEventLoopIteration(() -> loop.execute(() -> gone.setSuccess(null)));
        });
        gone.syncUninterruptibly();
    }

    /** Closes every socket that is open now, and waits for it. */
    void closeAll() {
        List<ChannelFuture> closing = open.stream().map(Channel::close).toList();
        closing.forEach(ChannelFuture::awaitUninterruptibly);
    }

    /** Looks up {@code host:port} without blocking the loop, and goes on there. */
    void resolve(
            String address,
            EventExecutor loop,
            Consumer<InetSocketAddress> found,
            Consumer<Exception> failed) {
        try {
            HostPort parsed = HostPort.parse(address);
            if (NetUtil.isValidIpV4Address(parsed.host())
                    || NetUtil.isValidIpV6Address(parsed.host())) {
                found.accept(parsed.resolve());
            } else {
                lookups.execute(() -> lookUp(parsed, loop, found, failed));
            }
        } catch (HostPort.Malformed | UnknownHostException malformed) {
            failed.accept(malformed);
        }
    }

    private static void lookUp(
            HostPort parsed,
            EventExecutor loop,
            Consumer<InetSocketAddress> found,
            Consumer<Exception> failed) {
        try {
            InetSocketAddress address = parsed.resolve();
            loop.execute(() -> found.accept(address));
        } catch (UnknownHostException unknown) {
            loop.execute(() -> failed.accept(unknown));
        }
    }

    /** The wildcard address of this machine. */
    static InetAddress anyLocal() {
        return new InetSocketAddress(0).getAddress();
    }
}
