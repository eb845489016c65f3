package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.exchange.ServerConnection;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 with a client: one exchange after the other, in the order of the requests. Loop-owned.
 *
 * <h2>Reading</h2>
 *
 * The socket is read only while somebody wants what comes: a head, a body that flows, or (with
 * nothing buffered) the news that the client left. Requests sent ahead wait in one buffer. A client
 * that ends its side while its request is served has left, as in Envoy: it can't be told from one
 * that closed its connection, and nobody should work for that one. With a wish to change the
 * protocol it may: that half of a tunnel then has ended before the tunnel begins.
 *
 * <h2>Ending</h2>
 *
 * A connection that ends while the client may still be sending is first closed for writing, and
 * what comes is thrown away for a bounded time: closing at once would make the kernel send RST,
 * which can destroy an answer the client has not read yet. Once the protocol has changed, each half
 * ends by itself, and the connection with the second; a drain ends both at its deadline.
 */
public final class Http1ServerHandler extends ChannelInboundHandlerAdapter
        implements ServerConnection {
    private enum State {
        /** Between exchanges, waiting for a head or within one. */
        HEAD,
        /** An exchange is under way. */
        EXCHANGE,
        /** The last answer is written; what comes is thrown away. */
        LINGERING,
        CLOSED
    }

    /** A client may send empty lines before a request (RFC 9112 section 2.2). */
    private static final int EMPTY_LINE = 2;

    private static final int MOST_THROWN_AWAY = 256 * 1024;

    private final HttpConnectionManagerSpec spec;
    private final Peer peer;
    private final ServerStreamHandler streams;
    private final RefusalObserver refusals;
    private final RequestParser parser;
    private final HeadScanner scanner;
    private State state = State.HEAD;
    private @Nullable Wire openWire;
    private @Nullable ServerClock openClock;
    private @Nullable ServerExchange exchange;
    private int thrownAway;
    private int requests;
    private boolean keepsAlive = true;
    private boolean draining;
    private boolean processing;

    /**
     * @param spec limits and timeouts
     * @param peer about the connection
     * @param streams takes each request
     * @param refusals is told of requests answered here
     */
    public Http1ServerHandler(
            HttpConnectionManagerSpec spec,
            Peer peer,
            ServerStreamHandler streams,
            RefusalObserver refusals) {
        this.spec = spec;
        this.peer = peer;
        this.streams = streams;
        this.refusals = refusals;
        parser =
                new RequestParser(
                        AsciiString.cached(peer.secure() ? "https" : "http"), spec.limits());
        scanner = new HeadScanner(spec.limits().maxRequestHeadersBytes());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        openWire = new Wire(context);
        openClock = new ServerClock(context.executor(), spec.timeouts(), this::onTimeout);
        if (context.channel().isActive()) {
            begin();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        begin();
        context.fireChannelActive();
    }

    private void begin() {
        clock().opened(spec.connections().longest());
        clock().idle();
        wire().read();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (state == State.CLOSED) {
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
            wire().end();
            process();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("the client closed its connection");
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end("connection to the client failed: " + cause);
        var unused = context.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        end("the connection was taken down");
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ServerExchange current = exchange;
        if (current != null && context.channel().isWritable()) {
            current.writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            clock().drain();
        }
    }

    @Override
    public void close() {
        end("the connection was closed here");
        var unused = wire().context().close();
    }

    @Override
    public int active() {
        return exchange == null ? 0 : 1;
    }

    /** Whether the connection goes on after the answer whose head is about to be written. */
    boolean decideKeepAlive(boolean lasts) {
        boolean wanted = lasts && !draining && !wire().isEnded();
        keepsAlive = wanted && !isWorn();
        if (wanted && !keepsAlive) {
            refusals.worn(peer, Worn.REQUESTS);
        }
        return keepsAlive;
    }

    private boolean isWorn() {
        int most = spec.connections().mostRequests();
        return most > 0 && requests >= most;
    }

    void onDemand() {
        process();
    }

    /** One half of the exchange is done. */
    void onProgress(ServerExchange of) {
        if (of != exchange || !of.isComplete()) {
            return;
        }
        exchange = null;
        of.complete();
        clock().idle();
        if (keepsAlive && of.isRequestRead()) {
            state = State.HEAD;
            process();
        } else {
            linger(of.isRequestRead());
        }
    }

    void onExchangeBroken() {
        wire().afterFlush(this::close);
    }

    void onMalformedBody(ServerExchange of, String what) {
        boolean answer = of.isUnanswered();
        exchange = null;
        of.clientGone(new StreamReset(Cause.PROTOCOL_ERROR, /* unprocessed= */ false, what));
        if (answer) {
            refuse(CodecRefusal.MALFORMED_BODY);
        } else {
            refusals.refused(peer, CodecRefusal.MALFORMED_BODY);
            close();
        }
    }

    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean more = true;
            while (more) {
                more = advance();
            }
        } finally {
            processing = false;
        }
        if (wire().isEnded() && state != State.CLOSED) {
            afterHalfClose();
        }
        readOn();
    }

    private boolean advance() {
        return switch (state) {
            case HEAD -> readHead();
            case EXCHANGE -> {
                ServerExchange current = exchange;
                yield current != null && current.advance();
            }
            case LINGERING -> throwAway();
            case CLOSED -> false;
        };
    }

    private boolean readHead() {
        Wire wire = wire();
        if (!wire.input().isReadable()) {
            return false;
        }
        int length = scanner.scan(wire.input());
        if (length == HeadScanner.INCOMPLETE) {
            clock().headBegun();
            return false;
        }
        clock().headEnded();
        if (length == EMPTY_LINE) {
            wire.takeBytes(length);
            return true;
        }
        if (length < 0) {
            refuse(
                    switch (length) {
                        case HeadScanner.FIRST_LINE_TOO_LONG -> CodecRefusal.URI_TOO_LONG;
                        case HeadScanner.TOO_LARGE -> CodecRefusal.HEADERS_TOO_LARGE;
                        default -> CodecRefusal.MALFORMED_HEAD;
                    });
            return true;
        }
        switch (parser.parse(wire.takeBytes(length))) {
            case ParsedRequest.Refused(CodecRefusal refusal) -> refuse(refusal);
            case ParsedRequest.Accepted accepted -> {
                ServerExchange next = new ServerExchange(this, wire, peer, accepted);
                exchange = next;
                requests++;
                state = State.EXCHANGE;
                clock().busy(!next.isRequestRead() && !accepted.isUpgrade());
                streams.onStream(next);
            }
        }
        return true;
    }

    private boolean throwAway() {
        thrownAway += wire().input().readableBytes();
        wire().drop();
        if (thrownAway > MOST_THROWN_AWAY) {
            close();
        }
        return false;
    }

    private void readOn() {
        boolean wanted =
                switch (state) {
                    case HEAD, LINGERING -> true;
                    case EXCHANGE -> {
                        ServerExchange current = exchange;
                        yield current != null && current.wantsRead();
                    }
                    case CLOSED -> false;
                };
        if (wanted) {
            wire().read();
        }
    }

    private void afterHalfClose() {
        ServerExchange current = exchange;
        if (current == null) {
            if (state == State.HEAD) {
                close();
            }
        } else if (current.isTunnel()) {
            current.endOfInput();
        } else if (!current.isUpgrade() || wire().isDeaf()) {
            end(
                    current.wantsBody()
                            ? "the client ended its request too early"
                            : "the client ended its side before it had its answer");
            var unused = wire().context().close();
        }
        if (state == State.LINGERING) {
            wire().closeAfterWrites();
        }
    }

    private void refuse(CodecRefusal refusal) {
        refusals.refused(peer, refusal);
        String status = streams.proxyStatus(refusal);
        wire().write(
                        HeadWriter.start()
                                .text(StatusLine.of(refusal.status()))
                                .ascii("content-length: 0\r\nconnection: close\r\n")
                                .ascii(status.isEmpty() ? "" : "proxy-status: " + status + "\r\n")
                                .end(wire()));
        linger(/* requestRead= */ false);
    }

    private void linger(boolean requestRead) {
        state = State.LINGERING;
        if (requestRead && !wire().input().isReadable()) {
            wire().afterFlush(wire()::closeAfterWrites);
        } else {
            wire().afterFlush(this::endOutput);
            process();
        }
    }

    private void endOutput() {
        if (state == State.LINGERING) {
            wire().endOutput(clock()::linger);
        }
    }

    private void onTimeout(ServerClock.Timeout timeout) {
        switch (timeout) {
            case IDLE, LINGER -> close();
            case DRAINED -> {
                if (exchange == null || exchange.isUpgrade()) {
                    close();
                }
            }
            case WORN -> {
                refusals.worn(peer, Worn.DURATION);
                drain();
            }
            case HEAD -> refuse(CodecRefusal.HEAD_TIMEOUT);
            case REQUEST -> onRequestTimeout();
        }
    }

    private void onRequestTimeout() {
        ServerExchange current = exchange;
        if (current == null || current.isRequestRead()) {
            return;
        }
        boolean answer = current.isUnanswered();
        exchange = null;
        current.clientGone(StreamReset.local("request timeout"));
        if (answer) {
            refuse(CodecRefusal.REQUEST_TIMEOUT);
        } else {
            close();
        }
    }

    private void end(String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        wire().end();
        wire().drop();
        clock().stop();
        ServerExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone(new StreamReset(Cause.PEER_RESET, /* unprocessed= */ false, why));
        }
    }

    private Wire wire() {
        return inPipeline(openWire);
    }

    private ServerClock clock() {
        return inPipeline(openClock);
    }

    private static <T> T inPipeline(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("the handler is in no pipeline");
        }
        return part;
    }
}
