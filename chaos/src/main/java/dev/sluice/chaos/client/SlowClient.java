package dev.sluice.chaos.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One client on one connection, from its first byte to its end. Owned by its event loop. */
final class SlowClient extends ChannelInboundHandlerAdapter {
    private static final ByteBuf HEADER_BYTE =
            Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(new byte[] {'z'}));

    private final SlowClientSettings settings;
    private final ClientCounts counts;

    SlowClient(SlowClientSettings settings, ClientCounts counts) {
        this.settings = settings;
        this.counts = counts;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        counts.opened(context.channel(), System.nanoTime());
        send(context, Unpooled.copiedBuffer(head(), StandardCharsets.ISO_8859_1));
        Future<?> pieces =
                context.executor()
                        .scheduleAtFixedRate(
                                () -> goOn(context),
                                settings.every().toNanos(),
                                settings.every().toNanos(),
                                TimeUnit.NANOSECONDS);
        context.channel()
                .closeFuture()
                .addListener(_ -> pieces.cancel(/* mayInterruptIfRunning= */ false));
    }

    /** The head, or all of it but its end. */
    private String head() {
        String path = settings.target().getRawPath();
        String query = settings.target().getRawQuery();
        String head =
                "GET "
                        + (path.isEmpty() ? "/" : path)
                        + (query == null ? "" : "?" + query)
                        + " HTTP/1.1\r\nhost: "
                        + settings.target().getRawAuthority()
                        + "\r\nuser-agent: sluice-chaos\r\n";
        return head + (settings.slowness() == Slowness.HEADERS ? "x-slow: " : "\r\n");
    }

    private void goOn(ChannelHandlerContext context) {
        switch (settings.slowness()) {
            case HEADERS -> send(context, HEADER_BYTE.duplicate());
            case READERS -> context.read();
        }
    }

    private static void send(ChannelHandlerContext context, ByteBuf bytes) {
        var unused = context.writeAndFlush(bytes);
    }

    /** What is read is worth nothing; an answer to an unfinished head is a way to end it. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        counts.ended(context.channel(), System.nanoTime());
        context.fireChannelInactive();
    }

    /** A reset is an end like any other. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var unused = context.close();
    }
}
