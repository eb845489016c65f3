package dev.sluice.proxy.admin;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.codec.ServerCodec;
import dev.sluice.proxy.codec.TransportSecurity;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.handover.HandedSockets;
import dev.sluice.proxy.pool.Transport;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ProxyStatusSpec;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The admin endpoint, on one event loop of its own, so that it answers while traffic is heavy and
 * never delays it. Most pages ask nobody who they are: it belongs on a loopback address.
 * Thread-safe.
 */
public final class AdminServer implements AutoCloseable {
    private static final HttpConnectionManagerSpec HTTP =
            new HttpConnectionManagerSpec(
                    "admin",
                    HttpConnectionManagerSpec.CodecType.AUTO,
                    new HttpConnectionManagerSpec.RouteSource.Rds("admin"),
                    List.of(),
                    Optional.empty(),
                    HttpConnectionManagerSpec.Upgrades.NONE,
                    HttpConnectionManagerSpec.Limits.DEFAULT,
                    HttpConnectionManagerSpec.Timeouts.DEFAULT,
                    ConnectionSpec.DEFAULT,
                    HttpConnectionManagerSpec.PathNormalization.NONE,
                    HttpConnectionManagerSpec.Forwarding.DEFAULT,
                    ProxyStatusSpec.DEFAULT,
                    List.of(),
                    Optional.empty());

    private static final String TOO_LARGE =
            "the body is over %d bytes; send less\n".formatted(AdminBody.MOST_BYTES);

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

    /**
     * Opens an admin endpoint; blocks until it is bound.
     *
     * @param token asked for by pages that harm traffic; empty: these are refused
     */
    public static Opening open(
            SocketAddressSpec address, AdminSubject subject, Optional<AdminToken> token) {
        return open(address, subject, token, HandedSockets.none());
    }

    /**
     * As {@link #open(SocketAddressSpec, AdminSubject, Optional)}, with the socket of the process
     * before where there is one.
     */
    public static Opening open(
            SocketAddressSpec address,
            AdminSubject subject,
            Optional<AdminToken> token,
            HandedSockets handed) {
        Transport transport = Transport.best();
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        new DefaultThreadFactory("sluice-admin", /* daemon= */ true),
                        transport.ioHandlers());
        AdminPages pages = new AdminPages(subject, token);
        Pages all = new Pages(pages, new TapPage(subject, group.next()));
        ServerCodec codec =
                new ServerCodec(HTTP, stream -> serve(stream, all), (peer, refusal) -> {});
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        codec.install(channel, TransportSecurity.CLEAR);
                                    }
                                });
        ChannelFuture bound =
                handed.listen(
                                bootstrap,
                                transport.serverChannel(),
                                address.address(),
                                address.port())
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

    /** Its listening socket, for another process. */
    public Channel socket() {
        return socket;
    }

    /** From now on another process answers; what it is being asked is answered here. */
    public void stopListening() {
        var unused = socket.close();
    }

    @Override
    public void close() {
        var unused = socket.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2000);
    }

    /**
     * Who answers.
     *
     * @param whole pages that are answered at once
     * @param tap the one whose answer lasts
     */
    private record Pages(AdminPages whole, TapPage tap) {
        Optional<AdminAnswer> answer(AdminRequest request, ServerStream stream) {
            return request.segments().equals(List.of("tap"))
                    ? tap.answer(request, stream)
                    : Optional.of(whole.answer(request));
        }
    }

    /** Answers when the request is complete: nothing acts on half a body. */
    private static void serve(ServerStream stream, Pages pages) {
        if (stream.requestEnded()) {
            page(stream, "", pages);
            return;
        }
        stream.requestBody()
                .start(
                        new AdminBody(
                                body -> page(stream, body, pages),
                                () -> answer(stream, AdminAnswer.text(413, TOO_LARGE))));
    }

    private static void page(ServerStream stream, String body, Pages pages) {
        if (stream.request().headers().contains("origin")) {
            answer(
                    stream,
                    AdminAnswer.text(
                            403,
                            "the admin endpoint serves no web pages of others (header origin)\n"));
            return;
        }
        Optional<AdminAnswer> answer;
        try {
            answer = pages.answer(AdminRequest.parse(stream.request(), body), stream);
        } catch (RuntimeException bug) {
            LOG.log(System.Logger.Level.ERROR, "admin page failed", bug);
            answer =
                    Optional.of(
                            AdminAnswer.text(
                                    500, "the page failed; the log of this process says how\n"));
        }
        answer.ifPresent(whole -> answer(stream, whole));
    }

    private static void answer(ServerStream stream, AdminAnswer answer) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        HeaderBlock headers = new HeaderBlock();
        headers.add("content-type", answer.contentType());
        headers.add("content-length", Integer.toString(body.length));
        headers.add("cache-control", "no-store");
        if (!answer.challenge().isEmpty()) {
            headers.add("www-authenticate", answer.challenge());
        }
        BodySink sink =
                stream.respond(new ResponseHead(answer.status(), headers), body.length == 0);
        sink.data(Unpooled.wrappedBuffer(body), /* last= */ true);
    }
}
