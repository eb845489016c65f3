package dev.sluice.chaos.load.http;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.Generator;
import dev.sluice.chaos.load.LoadSettings;
import dev.sluice.chaos.load.Planned;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests over HTTP/1.1, each with its id in a header, and each once: it follows no redirect
 * and tries nothing again. Connections are kept for later requests; one that is asked while all of
 * them are busy opens another. Names of targets are resolved once. Thread-safe.
 */
public final class HttpSender implements Generator.Sender, AutoCloseable {
    private static final int END_SECONDS = 10;
    private static final int PREPARED_SECONDS = 1;
    private static final int WARM_EXCHANGES = 2_000;
    private static final String WARM_ANSWER =
            "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nx-sluice-decision: none\r\n\r\nwarm";

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(
                    1,
                    new DefaultThreadFactory("load", /* daemon= */ true),
                    NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final LoadSettings settings;
    private final Requests requests;
    private final AnswerReader reader;
    private final List<Connections> connections;

    public HttpSender(LoadSettings settings) {
        String run = HexFormat.of().toHexDigits(settings.seed());
        this.settings = settings;
        this.requests = new Requests(settings, run);
        this.reader = new AnswerReader(settings.idHeader(), BodyReader.Sought.of(settings, run));
        this.connections =
                settings.targets().stream()
                        .map(target -> new Connections(target, settings.timeout(), loop))
                        .toList();
    }

    /**
     * Does what the first requests would else have to wait for: loads and compiles what speaks
     * HTTP, in exchanges without a network, and opens a connection to each target. A target that
     * does not take one within a second is left to the load.
     */
    public void prepare() {
        loop.submit(this::warm).awaitUninterruptibly();
        for (Connections target : connections) {
            boolean unused = target.open().awaitUninterruptibly(PREPARED_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void warm() {
        EmbeddedChannel channel = new EmbeddedChannel();
        Connections nobodys =
                new Connections(settings.targets().getFirst(), settings.timeout(), loop);
        Connection connection = nobodys.speak(channel);
        for (int i = 0; i < WARM_EXCHANGES; i++) {
            Planned planned = new Planned(i, "warm", 0, Planned.Operation.READ, 0);
            connection.send(requests.of(planned), new Exchange(requests.id(planned), reader));
            channel.releaseOutbound();
            channel.writeInbound(Unpooled.copiedBuffer(WARM_ANSWER, StandardCharsets.US_ASCII));
        }
        channel.finishAndReleaseAll();
    }

    @Override
    public CompletableFuture<Answer> send(Planned planned) {
        Exchange exchange = new Exchange(requests.id(planned), reader);
        loop.execute(() -> begin(planned, exchange));
        return exchange.answer();
    }

    private void begin(Planned planned, Exchange exchange) {
        exchange.limit(
                loop.schedule(exchange::late, settings.timeout().toNanos(), TimeUnit.NANOSECONDS));
        connections.get(planned.target()).send(requests.of(planned), exchange);
    }

    @Override
    public void close() {
        var unused = group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
        group.terminationFuture().awaitUninterruptibly(END_SECONDS, TimeUnit.SECONDS);
    }
}
