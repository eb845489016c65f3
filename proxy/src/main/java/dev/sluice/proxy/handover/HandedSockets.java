package dev.sluice.proxy.handover;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Listening sockets that a process was handed, by their addresses. Who would bind an address takes
 * its socket instead, with the connections that wait in it. Thread-safe.
 */
public final class HandedSockets {
    private static final System.Logger LOG = System.getLogger(HandedSockets.class.getName());

    private final Map<InetSocketAddress, FileDescriptor> waiting = new ConcurrentHashMap<>();

    /** None. */
    public static HandedSockets none() {
        return new HandedSockets();
    }

    void add(InetSocketAddress address, FileDescriptor socket) {
        FileDescriptor twice = waiting.put(address, socket);
        if (twice != null) {
            close(twice);
        }
    }

    /** How many nobody has taken. */
    public int size() {
        return waiting.size();
    }

    /**
     * Listens on an address: with the socket of that address, which is taken, else by binding one.
     *
     * @param host an IP address
     * @param otherwise the kind of socket that is bound
     */
    public ChannelFuture listen(
            ServerBootstrap bootstrap,
            Class<? extends ServerSocketChannel> otherwise,
            String host,
            int port) {
        FileDescriptor handed = waiting.remove(new InetSocketAddress(host, port));
        return handed == null
                ? bootstrap.channel(otherwise).bind(host, port)
                : bootstrap
                        .channelFactory(() -> new EpollServerSocketChannel(handed.intValue()))
                        .register();
    }

    /** Lets go of those that nobody has taken: the other process still has them. */
    public void closeRest() {
        for (InetSocketAddress address : List.copyOf(waiting.keySet())) {
            FileDescriptor left = waiting.remove(address);
            if (left != null) {
                close(left);
            }
        }
    }

    static void close(FileDescriptor socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a descriptor that was handed over could not be closed: " + e);
        }
    }
}
