package dev.sluice.proxy.handover;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Takes the place of a process that listens at a path, if there is one: its sockets at the start,
 * its place once this process serves. For the thread that starts the process.
 */
public final class HandOverClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final MultiThreadIoEventLoopGroup group;
    private final EpollDomainSocketChannel channel;
    private final Conversation conversation;

    private HandOverClient(
            MultiThreadIoEventLoopGroup group,
            EpollDomainSocketChannel channel,
            Conversation conversation) {
        this.group = group;
        this.channel = channel;
        this.conversation = conversation;
    }

    /** What became of asking. */
    public sealed interface Asked {
        /** Nobody is there: this process is the first. */
        record Nobody() implements Asked {}

        /**
         * Somebody hands over.
         *
         * @param sockets its sockets
         * @param from to tell when this process serves
         */
        record Handed(HandedSockets sockets, HandOverClient from) implements Asked {}
    }

    /** Asks for the sockets; blocks until they are here. */
    public static Parsed<Asked> ask(Path path) {
        if (!HandOverWire.isAvailable()) {
            return refused(path, "no epoll on this machine", "Linux", "leave --hand-over out");
        }
        if (!Files.exists(path)) {
            return Parsed.ok(new Asked.Nobody());
        }
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("sluice-take-over", /* daemon= */ true),
                        EpollIoHandler.newFactory());
        Conversation conversation = new Conversation();
        ChannelFuture connected =
                new Bootstrap()
                        .group(group)
                        .channel(EpollDomainSocketChannel.class)
                        .handler(conversation.initializer())
                        .connect(new DomainSocketAddress(path.toFile()))
                        .awaitUninterruptibly();
        if (!connected.isSuccess()) {
            end(group);
            return Files.isDirectory(path) || Files.isRegularFile(path)
                    ? refused(path, "no UNIX socket", "a path of its own", "name another path")
                    : Parsed.ok(new Asked.Nobody());
        }
        HandOverClient client =
                new HandOverClient(
                        group, (EpollDomainSocketChannel) connected.channel(), conversation);
        return client.take(path);
    }

    private Parsed<Asked> take(Path path) {
        try {
            HandedSockets sockets =
                    conversation.sockets.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Parsed.ok(new Asked.Handed(sockets, this));
        } catch (ExecutionException | TimeoutException e) {
            close();
            return refused(path, "no sockets: " + e, "a process that hands over", "stop it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return refused(path, "an interrupt", "a process that hands over", "start again");
        }
    }

    /**
     * This process serves: the other one may leave. Blocks until the path is free.
     *
     * @throws IOException when the other one does not say so in time
     */
    public void ready() throws IOException {
        var unused = channel.writeAndFlush(HandOverWire.READY + "\n");
        try {
            conversation.gone.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the process that hands over did not leave its place", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while another process leaves its place", e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(1_000);
        end(group);
    }

    private static void end(MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000);
    }

    private static Parsed<Asked> refused(Path path, String got, String expected, String remedy) {
        return Parsed.refused(new Problem("--hand-over", path + ": " + got, expected, remedy));
    }

    /** The side of the process that asks. Loop-owned but for its futures. */
    private static final class Conversation extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<HandedSockets> sockets = new CompletableFuture<>();
        private final CompletableFuture<Void> gone = new CompletableFuture<>();
        private final List<InetSocketAddress> offered = new ArrayList<>();
        private final HandedSockets taken = HandedSockets.none();
        private int next;

        ChannelInitializer<Channel> initializer() {
            return new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    HandOverWire.install(channel.pipeline());
                    channel.pipeline().addLast(Conversation.this);
                }
            };
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var unused = context.writeAndFlush(HandOverWire.HELLO + "\n");
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            switch (message) {
                case FileDescriptor socket -> take(context, socket);
                case String line -> hear(context, line);
                default -> ReferenceCountUtil.release(message);
            }
        }

        private void hear(ChannelHandlerContext context, String line) {
            if (line.equals(HandOverWire.GONE)) {
                gone.complete(null);
            } else if (!line.isEmpty()) {
                int blank = line.indexOf(' ');
                offered.add(
                        new InetSocketAddress(
                                line.substring(0, blank),
                                Integer.parseInt(line, blank + 1, line.length(), 10)));
            } else if (offered.isEmpty()) {
                sockets.complete(taken);
            } else {
                mode(context, DomainSocketReadMode.FILE_DESCRIPTORS);
                var unused = context.writeAndFlush(HandOverWire.GO + "\n");
            }
        }

        private void take(ChannelHandlerContext context, FileDescriptor socket) {
            taken.add(offered.get(next++), socket);
            if (next == offered.size()) {
                mode(context, DomainSocketReadMode.BYTES);
                sockets.complete(taken);
            }
        }

        private static void mode(ChannelHandlerContext context, DomainSocketReadMode mode) {
            ((EpollDomainSocketChannel) context.channel()).config().setReadMode(mode);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            sockets.completeExceptionally(cause);
            gone.completeExceptionally(cause);
            var unused = context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            IOException ended = new IOException("the other process ended the conversation");
            sockets.completeExceptionally(ended);
            gone.completeExceptionally(ended);
            taken.closeRest();
        }
    }
}
