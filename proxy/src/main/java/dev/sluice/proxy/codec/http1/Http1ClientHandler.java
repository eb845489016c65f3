package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 with an upstream: one exchange at a time, reused only when both halves of the one before
 * were whole and not a byte came beside them. Loop-owned.
 *
 * <h2>Reading</h2>
 *
 * An idle connection awaits one read, so that a close, or bytes nobody asked for, retire it before
 * the next exchange. While an answer's body is not wanted the socket is not read; what had been
 * read before the upstream closed is still delivered.
 *
 * <h2>Changed protocols</h2>
 *
 * Once the upstream has agreed to change the protocol, the connection is that exchange's alone: it
 * returns to no pool, its halves end each by itself, and it closes with the second.
 */
public final class Http1ClientHandler extends ChannelInboundHandlerAdapter
        implements ClientConnection {

    private final InetSocketAddress remote;
    private final ResponseParser parser;
    private final HeadScanner scanner;
    private @Nullable Wire openWire;
    private @Nullable ClientExchange exchange;
    private Runnable onChange = () -> {};
    private int interimHeads;
    private boolean keepsAlive = true;
    private boolean retired;
    private boolean closed;
    private boolean processing;

    /**
     * @param remote address of the upstream
     * @param maxHeadBytes of an answer's head with its empty line
     * @param maxHeaders fields of an answer's head
     */
    public Http1ClientHandler(InetSocketAddress remote, int maxHeadBytes, int maxHeaders) {
        this.remote = remote;
        parser = new ResponseParser(maxHeaders);
        scanner = new HeadScanner(maxHeadBytes);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openWire = new Wire(context);
        if (context.channel().isActive()) {
            connected();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connected();
        context.fireChannelActive();
    }

    private void connected() {
        wire().read();
        onChange.run();
    }

    @Override
    public ClientStream open(RequestHead head, boolean ended, ResponseReceiver receiver) {
        if (capacity() == 0) {
            throw new IllegalStateException("no capacity (expected: ask capacity first)");
        }
        wire().forgetFlushes();
        interimHeads = 0;
        ClientExchange next = new ClientExchange(this, wire(), head, ended, receiver);
        exchange = next;
        wire().read();
        return next;
    }

    @Override
    public int capacity() {
        boolean open = wire().context().channel().isActive();
        return open && exchange == null && !isRetired() ? 1 : 0;
    }

    @Override
    public boolean canUpgrade(RequestHead head) {
        return true;
    }

    @Override
    public int active() {
        return exchange == null ? 0 : 1;
    }

    @Override
    public boolean isRetired() {
        return retired || closed;
    }

    @Override
    public void onChange(Runnable callback) {
        onChange = callback;
    }

    @Override
    public void retire() {
        if (exchange == null) {
            close();
        } else {
            retired = true;
        }
    }

    @Override
    public void close() {
        end(lost("the connection was closed here"));
        var unused = wire().context().close();
    }

    InetSocketAddress remote() {
        return remote;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (closed) {
            ReferenceCountUtil.release(message);
            return;
        }
        wire().append((ByteBuf) message);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        wire().readCompleted();
        readOn();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (Wire.isHalfClose(event)) {
            retired = true;
            wire().end();
            process();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        retired = true;
        wire().end();
        process();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(lost("connection to the upstream failed: " + cause));
        var unused = context.close();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ClientExchange current = exchange;
        if (current != null && context.channel().isWritable()) {
            current.writable();
        }
        context.fireChannelWritabilityChanged();
    }

    void onDemand() {
        process();
    }

    /** One half of the exchange is done. */
    void onProgress(ClientExchange of) {
        if (of != exchange || !of.isComplete()) {
            return;
        }
        exchange = null;
        if (of.isTunnel()) {
            closed = true;
            of.detach();
            wire().drop();
            wire().closeAfterWrites();
            onChange.run();
            return;
        }
        boolean reusable = of.isSent() && keepsAlive && !isRetired();
        of.detach();
        if (!reusable || wire().input().isReadable()) {
            close();
        } else {
            readOn();
            onChange.run();
        }
    }

    void onExchangeBroken() {
        exchange = null;
        close();
    }

    void onMalformed(String what) {
        end(new StreamReset(Cause.PROTOCOL_ERROR, /* unprocessed= */ false, what));
        var unused = wire().context().close();
    }

    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean more = true;
            while (more && !closed) {
                more = advance();
            }
        } finally {
            processing = false;
        }
        if (wire().isEnded() && !closed) {
            afterEnd();
        }
        readOn();
    }

    private boolean advance() {
        ClientExchange current = exchange;
        if (current == null) {
            if (wire().input().isReadable()) {
                close();
            }
            return false;
        }
        return current.awaitsHead() ? readHead(current) : current.advanceBody();
    }

    private boolean readHead(ClientExchange current) {
        Wire wire = wire();
        if (!wire.input().isReadable()) {
            return false;
        }
        int length = scanner.scan(wire.input());
        if (length == HeadScanner.INCOMPLETE) {
            return false;
        }
        if (length < 0) {
            onMalformed(
                    length == HeadScanner.BARE_LF
                            ? "a line of the head ends without CR"
                            : "the head is over its limit");
            return false;
        }
        switch (parser.parse(wire.takeBytes(length), current.method())) {
            case ResponseParser.Parsed.Malformed(String what) -> onMalformed(what);
            case ResponseParser.Parsed.Accepted accepted -> accept(current, accepted);
        }
        return true;
    }

    private void accept(ClientExchange current, ResponseParser.Parsed.Accepted accepted) {
        if (accepted.head().isTunnel()) {
            change(current, accepted);
        } else if (!accepted.head().isInterim()) {
            keepsAlive = accepted.keepsAlive();
            current.head(accepted);
        } else if (++interimHeads > ResponseHead.MOST_INTERIM) {
            onMalformed("more than " + ResponseHead.MOST_INTERIM + " interim heads");
        } else {
            current.interim(accepted);
        }
    }

    /** From here on the connection is the exchange's alone, and each half ends by itself. */
    private void change(ClientExchange current, ResponseParser.Parsed.Accepted accepted) {
        if (!current.hasAskedFor(accepted)) {
            onMalformed("101 to a protocol that was not asked for");
            return;
        }
        wire().context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        current.change(accepted);
    }

    /** The upstream sends no more; a body that is not wanted yet keeps the input. */
    private void afterEnd() {
        ClientExchange current = exchange;
        if (current != null && current.isTunnel()) {
            current.endOfTunnelInput(lost("the upstream closed its connection"));
            if (current.isAnswered() && !wire().context().channel().isActive()) {
                end(lost("the upstream takes no more"));
            }
            return;
        }
        if (current != null && !current.awaitsHead() && !current.wantsBody()) {
            return;
        }
        end(lost("the upstream closed its connection"));
        var unused = wire().context().close();
    }

    private void readOn() {
        ClientExchange current = exchange;
        if (!closed && (current == null || current.awaitsHead() || current.wantsBody())) {
            wire().read();
        }
    }

    private StreamReset lost(String detail) {
        ClientExchange current = exchange;
        boolean within = current != null && !current.awaitsHead();
        return new StreamReset(
                Cause.CONNECTION_LOST, /* unprocessed= */ !within && !wire().hasFlushed(), detail);
    }

    private void end(StreamReset reset) {
        if (closed) {
            return;
        }
        ClientExchange current = exchange;
        exchange = null;
        closed = true;
        boolean clean = wire().isEnded() && reset.cause() != Cause.PROTOCOL_ERROR;
        boolean begun = current != null && (!current.awaitsHead() || wire().input().isReadable());
        wire().end();
        wire().drop();
        if (current != null && clean && !current.isTunnel()) {
            current.endOfInput(begun ? incomplete(reset) : reset);
        } else if (current != null) {
            current.fail(reset);
        }
        onChange.run();
    }

    /** A part of an answer, and a proper end of the connection: malformed (RFC 9112 section 8). */
    private static StreamReset incomplete(StreamReset tooEarly) {
        return new StreamReset(
                Cause.PROTOCOL_ERROR,
                /* unprocessed= */ false,
                tooEarly.detail() + " within its answer");
    }

    private Wire wire() {
        Wire wire = openWire;
        if (wire == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return wire;
    }
}
