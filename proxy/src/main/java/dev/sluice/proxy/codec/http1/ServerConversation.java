package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.exchange.RefusalObserver.Worn;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said over one connection with a client: one exchange after the other, in the order of the
 * requests. Loop-owned.
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
 * A connection that ends while the client may still be sending lingers. Once the protocol has
 * changed, each half ends by itself, and the connection with the second; a drain ends both at its
 * deadline.
 */
final class ServerConversation {
    private enum State {
        /** Between exchanges, waiting for a head or within one. */
        HEAD,
        /** An exchange is under way. */
        EXCHANGE,
        /** The last answer is written; what comes is thrown away. */
        LINGERING,
        CLOSED
    }

    private final Wire wire;
    private final HttpConnectionManagerSpec spec;
    private final Peer peer;
    private final ServerStreamHandler streams;
    private final RefusalObserver refusals;
    private final ServerClock clock;
    private final HeadReader heads;
    private final KeepAlive keepAlive;
    private final Lingering lingering;
    private State state = State.HEAD;
    private @Nullable ServerExchange exchange;
    private boolean processing;

    ServerConversation(
            Wire wire,
            HttpConnectionManagerSpec spec,
            Peer peer,
            ServerStreamHandler streams,
            RefusalObserver refusals) {
        this.wire = wire;
        this.spec = spec;
        this.peer = peer;
        this.streams = streams;
        this.refusals = refusals;
        clock = new ServerClock(wire.context().executor(), spec.timeouts(), this::onTimeout);
        heads = new HeadReader(spec.limits(), peer.secure(), clock);
        keepAlive = new KeepAlive(spec.connections().mostRequests());
        lingering = new Lingering(wire, clock);
    }

    /** The connection is open. */
    void begin() {
        clock.opened(spec.connections().longest());
        clock.idle();
        wire.read();
    }

    /** Takes what came, which then belongs to it. */
    void received(ByteBuf data) {
        if (state == State.CLOSED) {
            data.release();
            return;
        }
        wire.append(data);
        process();
    }

    /** One reading of the socket is over. */
    void readCompleted() {
        wire.readCompleted();
        readOn();
    }

    /** The client sends no more. */
    void inputEnded() {
        wire.end();
        process();
    }

    /** The socket takes more. */
    void writable() {
        if (exchange != null) {
            exchange.writable();
        }
    }

    void drain() {
        if (keepAlive.drain()) {
            clock.drain();
        }
    }

    void close() {
        end("the connection was closed here");
        var unused = wire.context().close();
    }

    /** Exchanges under way. */
    int active() {
        return exchange == null ? 0 : 1;
    }

    /** Whether the connection goes on after the answer whose head is about to be written. */
    boolean decideKeepAlive(boolean lasts) {
        KeepAlive.Decision decision = keepAlive.decide(lasts && !wire.isEnded());
        if (decision == KeepAlive.Decision.WORN) {
            refusals.worn(peer, Worn.REQUESTS);
        }
        return keepAlive.isOn();
    }

    /** One half of the exchange is done. */
    void onProgress(ServerExchange of) {
        if (of != exchange || !of.isComplete()) {
            return;
        }
        exchange = null;
        of.complete();
        clock.idle();
        if (keepAlive.isOn() && of.isRequestRead()) {
            state = State.HEAD;
            process();
        } else {
            linger(of.isRequestRead());
        }
    }

    void onExchangeBroken() {
        wire.afterFlush(this::close);
    }

    void onMalformedBody(ServerExchange of, String what) {
        if (!of.isUnanswered()) {
            refusals.refused(peer, CodecRefusal.MALFORMED_BODY);
        }
        giveUp(
                of,
                new StreamReset(Cause.PROTOCOL_ERROR, /* unprocessed= */ false, what),
                CodecRefusal.MALFORMED_BODY);
    }

    /** Ends an exchange for its client's fault, and says so where nothing was said yet. */
    private void giveUp(ServerExchange of, StreamReset reset, CodecRefusal refusal) {
        boolean answer = of.isUnanswered();
        exchange = null;
        of.clientGone(reset);
        if (answer) {
            refuse(refusal);
        } else {
            close();
        }
    }

    /** Goes as far as what came and what is wanted allow. */
    void process() {
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
        if (wire.isEnded() && state != State.CLOSED) {
            afterHalfClose();
        }
        readOn();
    }

    private boolean advance() {
        return switch (state) {
            case HEAD -> readHead();
            case EXCHANGE -> exchange != null && exchange.advance();
            case LINGERING -> {
                if (!lingering.throwAway()) {
                    close();
                }
                yield false;
            }
            case CLOSED -> false;
        };
    }

    private boolean readHead() {
        Optional<ParsedRequest> head = heads.next(wire);
        if (head.isEmpty()) {
            return false;
        }
        switch (head.get()) {
            case ParsedRequest.Refused(CodecRefusal refusal) -> refuse(refusal);
            case ParsedRequest.Accepted accepted -> {
                ServerExchange next = new ServerExchange(this, wire, peer, accepted);
                exchange = next;
                keepAlive.requested();
                state = State.EXCHANGE;
                clock.busy(!next.isRequestRead() && !accepted.isUpgrade());
                streams.onStream(next);
            }
        }
        return true;
    }

    private void readOn() {
        boolean wanted =
                switch (state) {
                    case HEAD, LINGERING -> true;
                    case EXCHANGE -> exchange != null && exchange.wantsRead();
                    case CLOSED -> false;
                };
        if (wanted) {
            wire.read();
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
        } else if (!current.isUpgrade() || wire.isDeaf()) {
            end(
                    current.wantsBody()
                            ? "the client ended its request too early"
                            : "the client ended its side before it had its answer");
            var unused = wire.context().close();
        }
        if (state == State.LINGERING) {
            wire.closeAfterWrites();
        }
    }

    private void refuse(CodecRefusal refusal) {
        refusals.refused(peer, refusal);
        wire.write(AnswerHead.refusal(refusal, streams.proxyStatus(refusal), wire));
        linger(/* requestRead= */ false);
    }

    private void linger(boolean requestRead) {
        state = State.LINGERING;
        if (lingering.begin(requestRead)) {
            process();
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
            case REQUEST -> {
                if (exchange != null && !exchange.isRequestRead()) {
                    giveUp(
                            exchange,
                            StreamReset.local("request timeout"),
                            CodecRefusal.REQUEST_TIMEOUT);
                }
            }
        }
    }

    /** The connection is over: nothing more is read or written. */
    void end(String why) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        wire.end();
        wire.drop();
        clock.stop();
        lingering.end();
        ServerExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.clientGone(new StreamReset(Cause.PEER_RESET, /* unprocessed= */ false, why));
        }
    }
}
