package dev.sluice.e2e.simulation.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to a sidecar, kept for one request after the other until it is told to
 * leave. Used by one thread.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Pattern ANSWER =
            Pattern.compile("(http/1.1 .*?\r\n)\r\n(.*)", Pattern.DOTALL);
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: (\\d+)\r\n");

    private final Consumer<ClientConnection> onFree;
    private final StringBuilder read = new StringBuilder();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Asked asked;
    private boolean closed;

    /** What a client wants to know about its request. */
    public interface Caller {
        /**
         * A whole answer came.
         *
         * @param head in small letters
         * @param isLast the connection is not for another request
         */
        void answered(String head, String body, boolean isLast);

        /** The connection ended without a whole answer. */
        void cutOff();
    }

    private record Asked(String request, Caller caller) {}

    ClientConnection(Consumer<ClientConnection> onFree) {
        this.onFree = onFree;
    }

    /** Sends a request as soon as it is connected; only while none is under way. */
    public void send(String request, Caller caller) {
        if (asked != null) {
            throw new IllegalStateException("a request is under way");
        }
        asked = new Asked(request, caller);
        if (context != null) {
            write(context, request);
        }
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void channelActive(ChannelHandlerContext opened) {
        context = opened;
        if (asked != null) {
            write(opened, asked.request());
        }
    }

    private static void write(ChannelHandlerContext to, String request) {
        var unused = to.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII));
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        read.append(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
        ReferenceCountUtil.release(message);
        Matcher answer = ANSWER.matcher(read.toString().toLowerCase(Locale.ROOT));
        if (asked != null && answer.matches() && isWhole(answer)) {
            boolean isLast = answer.group(1).contains("\r\nconnection: close\r\n");
            Caller caller = asked.caller();
            asked = null;
            read.setLength(0);
            caller.answered(answer.group(1), answer.group(2), isLast);
            if (isLast) {
                var unused = from.close();
            } else {
                onFree.accept(this);
            }
        }
    }

    private static boolean isWhole(Matcher answer) {
        Matcher length = LENGTH.matcher(answer.group(1));
        return length.find() && Integer.parseInt(length.group(1)) == answer.group(2).length();
    }

    @Override
    public void channelInactive(ChannelHandlerContext gone) {
        closed = true;
        Asked waiting = asked;
        asked = null;
        if (waiting != null) {
            waiting.caller().cutOff();
        }
    }

    @Override
    public void channelUnregistered(ChannelHandlerContext gone) {
        channelInactive(gone); // a connection that was refused was never active
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext broken, Throwable cause) {
        var unused = broken.close();
    }
}
