package dev.sluice.chaos.load.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One connection with at most one exchange at a time. Owned by its event loop. */
final class Connection extends ChannelInboundHandlerAdapter {
    static final String ENDED = "the connection ended before the answer did";

    private final Channel channel;
    private final Connections connections;
    private @Nullable Exchange current;
    private boolean interim;
    private boolean keep;

    Connection(Channel channel, Connections connections) {
        this.channel = channel;
        this.connections = connections;
    }

    /** Takes over the request; it has no exchange. */
    void send(FullHttpRequest request, Exchange exchange) {
        current = exchange;
        keep = HttpUtil.isKeepAlive(request);
        exchange.sentOn(this::giveUp);
        var unused = channel.writeAndFlush(request, channel.voidPromise());
    }

    /** What is still to come can't be told from the answer to a later request. */
    private void giveUp() {
        current = null;
        connections.gone(this);
        var unused = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (current == null || !(message instanceof HttpObject part)) {
                giveUp();
            } else if (part.decoderResult().isFailure()) {
                broken(words(part.decoderResult().cause()));
            } else {
                read(current, part);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(Exchange exchange, HttpObject part) {
        if (part instanceof HttpResponse head) {
            interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (!interim) {
                keep &= HttpUtil.isKeepAlive(head);
                exchange.begin(head);
            }
        }
        if (part instanceof HttpContent content && !interim) {
            exchange.add(content.content());
            if (part instanceof LastHttpContent) {
                current = null;
                exchange.whole();
                rest();
            }
        }
    }

    private void rest() {
        if (keep && channel.isActive()) {
            connections.waits(this);
        } else {
            giveUp();
        }
    }

    private void broken(String why) {
        Exchange exchange = current;
        giveUp();
        if (exchange != null) {
            exchange.broken(why);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        broken(ENDED);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken(words(cause));
    }

    /** Some exceptions have no words. */
    static String words(Throwable reason) {
        return reason.getMessage() == null ? reason.toString() : reason.getMessage();
    }
}
