package dev.sluice.proxy.handover;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Where a process hands its listening sockets to the one that takes its place: a UNIX socket that
 * only its own user may open. Thread-safe.
 */
public final class HandOverServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HandOverServer.class.getName());

    private final MultiThreadIoEventLoopGroup group;
    private final Channel socket;

    private HandOverServer(MultiThreadIoEventLoopGroup group, Channel socket) {
        this.group = group;
        this.socket = socket;
    }

    /**
     * What a process hands over.
     *
     * @param sockets those that it listens on, asked for at each hand-over
     * @param leave run once another process serves; must not block
     */
    public record Handing(Supplier<CompletableFuture<List<Channel>>> sockets, Runnable leave) {}

    /** Opens the place; a file of that name that nobody listens on is replaced. */
    public static Parsed<HandOverServer> open(Path path, Handing handing) {
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("sluice-hand-over", /* daemon= */ true),
                        EpollIoHandler.newFactory());
        try {
            Files.deleteIfExists(path);
            Channel socket =
                    new ServerBootstrap()
                            .group(group)
                            .channel(EpollServerDomainSocketChannel.class)
                            .childHandler(new Accepted(handing))
                            .bind(new DomainSocketAddress(path.toFile()))
                            .sync()
                            .channel();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return Parsed.ok(new HandOverServer(group, socket));
        } catch (IOException e) {
            return refused(group, path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refused(group, path, e);
        }
    }

    private static Parsed<HandOverServer> refused(
            MultiThreadIoEventLoopGroup group, Path path, Exception why) {
        var unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        return Parsed.refused(
                new Problem(
                        "--hand-over",
                        path + ": " + why,
                        "a path where this user may make a UNIX socket",
                        "name another path, or change the permissions of its folder"));
    }

    @Override
    public void close() {
        socket.close().awaitUninterruptibly(1_000);
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }

    /** Gives each connection its conversation. */
    private static final class Accepted extends ChannelInitializer<Channel> {
        private final Handing handing;

        Accepted(Handing handing) {
            this.handing = handing;
        }

        @Override
        protected void initChannel(Channel channel) throws IOException {
            if (!isOwn((EpollDomainSocketChannel) channel)) {
                var unused = channel.close();
                return;
            }
            HandOverWire.install(channel.pipeline());
            channel.pipeline().addLast(new Conversation(handing, channel.parent()));
        }

        /** File permissions say the same, but for the moment before they are set. */
        private static boolean isOwn(EpollDomainSocketChannel channel) throws IOException {
            Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return own.equals(channel.peerCredentials().uid());
        }
    }

    /** One process that asks. Loop-owned. */
    private static final class Conversation extends SimpleChannelInboundHandler<String> {
        private final Handing handing;
        private final Channel listening;
        private List<UnixChannel> offered = List.of();

        Conversation(Handing handing, Channel listening) {
            this.handing = handing;
            this.listening = listening;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) {
            switch (line) {
                case HandOverWire.HELLO -> offer(context);
                case HandOverWire.GO -> {
                    for (UnixChannel socket : offered) {
                        var unused = context.write(socket.fd());
                    }
                    context.flush();
                }
                case HandOverWire.READY -> leave(context);
                default -> {
                    LOG.log(Level.WARNING, "hand-over: unknown line of another process");
                    var unused = context.close();
                }
            }
        }

        private void offer(ChannelHandlerContext context) {
            var unused =
                    handing.sockets()
                            .get()
                            .thenAcceptAsync(sockets -> tell(context, sockets), context.executor());
        }

        private void tell(ChannelHandlerContext context, List<Channel> sockets) {
            List<UnixChannel> passable = new ArrayList<>();
            StringBuilder lines = new StringBuilder();
            for (Channel socket : sockets) {
                if (socket instanceof UnixChannel unix
                        && socket.localAddress() instanceof InetSocketAddress address) {
                    passable.add(unix);
                    lines.append(address.getAddress().getHostAddress())
                            .append(' ')
                            .append(address.getPort())
                            .append('\n');
                }
            }
            offered = passable;
            var unused = context.writeAndFlush(lines.append('\n').toString());
        }

        /** The path is free before the other process hears so. */
        private void leave(ChannelHandlerContext context) {
            listening
                    .close()
                    .addListener(closed -> {
                        handing.leave().run();
                        context.writeAndFlush(HandOverWire.GONE + "\n")
                                .addListener(ChannelFutureListener.CLOSE);
                    });
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.log(Level.WARNING, "hand-over broke off: " + cause);
            var unused = context.close();
        }
    }
}
