package dev.sluice.proxy.pool;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;

/** How this process talks to the kernel about sockets. */
public enum Transport {
    /** Linux epoll through Netty's native library. */
    EPOLL,
    /** The JDK's selectors, everywhere. */
    NIO;

    /** The fastest that works here. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    public IoHandlerFactory ioHandlers() {
        return switch (this) {
            case EPOLL -> new EpollHandlers();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return switch (this) {
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    public Class<? extends SocketChannel> channel() {
        return switch (this) {
            case EPOLL -> EpollSocketChannel.class;
            case NIO -> NioSocketChannel.class;
        };
    }

    /**
     * Prepares connections from this address. Where the system chooses the port, it does so once it
     * knows the endpoint: else a machine had no more connections than ports.
     */
    Bootstrap from(InetSocketAddress source, Bootstrap connections) {
        return switch (this) {
            case EPOLL ->
                    source.getPort() == 0
                            ? connections.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true)
                            : connections;
            case NIO -> connections;
        };
    }
}
