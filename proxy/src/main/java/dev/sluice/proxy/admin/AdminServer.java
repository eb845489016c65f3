package dev.sluice.proxy.admin;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.SocketAddressSpec;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The admin endpoint, on one event loop of its own, so that it answers while traffic is heavy and
 * never delays it. Without authentication: it belongs on a loopback address. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    private static final HttpConnectionManagerSpec HTTP =
            new HttpConnectionManagerSpec(
                    "admin",
                    HttpConnectionManagerSpec.CodecType.AUTO,
                    new HttpConnectionManagerSpec.RouteSource.Rds("admin"),
                    List.of(),
                    Optional.empty(),
                    HttpConnectionManagerSpec.Limits.DEFAULT,
                    HttpConnectionManagerSpec.Timeouts.DEFAULT,
                    HttpConnectionManagerSpec.PathNormalization.NONE,
                    HttpConnectionManagerSpec.Forwarding.DEFAULT,
                    List.of());

    private static final System.Logger LOG = System.getLogger(AdminServer.class.getName());

    private final MultiThreadIoEventLoopGroup group;
    private final Channel socket;

    private AdminServer(MultiThreadIoEventLoopGroup group, Channel socket) {
        this.group = group;
        this.socket = socket;
    }

    /** What became of opening an admin endpoint. */
    public sealed interface Opening {
        record Opened(AdminServer server) implements Opening {}

        record Refused(Problem problem) implements Opening {}
    }

    /** Opens an admin endpoint; blocks until it is bound. */
    public static Opening open(SocketAddressSpec address, AdminSubject subject) {
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("sluice-admin", /* daemon= */ true),
                        NioIoHandler.newFactory());
        AdminPages pages = new AdminPages(subject);
        ServerCodec codec =
                new ServerCodec(HTTP, stream -> answer(stream, pages), (peer, refusal) -> {});
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(group)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        codec.install(channel, TransportSecurity.CLEAR);
                                    }
                                })
                        .bind(address.address(), address.port())
                        .awaitUninterruptibly();
        if (bound.isSuccess()) {
            return new Opening.Opened(new AdminServer(group, bound.channel()));
        }
        var unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        return new Opening.Refused(
                new Problem(
                        "admin.address",
                        address + ": " + bound.cause().getMessage(),
                        "an address of this machine that is free",
                        "change address or port, or stop who has it"));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.localAddress();
    }

    @Override
    public void close() {
        var unused = socket.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
    }

    private static AdminAnswer page(ServerStream stream, AdminPages pages) {
        if (stream.request().headers().contains("origin")) {
            return AdminAnswer.text(
                    403, "the admin endpoint serves no web pages of others (header origin)\n");
        }
        try {
            return pages.answer(
                    AdminRequest.parse(
                            stream.request().method().toString(),
                            stream.request().path().toString()));
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "admin page failed", bug);
            return AdminAnswer.text(500, "the page failed; the log of this process says how\n");
        }
    }

    private static void answer(ServerStream stream, AdminPages pages) {
        AdminAnswer answer = page(stream, pages);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        HeaderBlock headers = new HeaderBlock();
        headers.add("content-type", answer.contentType());
        headers.add("content-length", Integer.toString(body.length));
        headers.add("cache-control", "no-store");
        BodySink sink =
                stream.respond(new ResponseHead(answer.status(), headers), body.length == 0);
        sink.data(Unpooled.wrappedBuffer(body), /* last= */ true);
        if (!stream.requestEnded()) {
            stream.requestBody()
                    .cancel(
                            new StreamReset(
                                    StreamReset.Cause.LOCAL,
                                    /* unprocessed= */ false,
                                    "admin requests have no body"));
        }
    }
}
