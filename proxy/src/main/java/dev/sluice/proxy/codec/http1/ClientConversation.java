package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.codec.http1.ResponseParser.Parsed;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.StreamReset.Cause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is said over one connection with an upstream: one exchange at a time, the next only when
 * both halves of the one before were whole and not a byte came beside them. Loop-owned.
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
final class ClientConversation {
    private final Wire wire;
    private final AnswerReader heads;
    private @Nullable ClientExchange exchange;
    private Runnable onChange = () -> {};
    private boolean keepsAlive = true;
    private boolean retired;
    private boolean closed;
    private boolean processing;

    /**
     * @param maxHeadBytes of an answer's head with its empty line
     * @param maxHeaders fields of an answer's head
     */
    ClientConversation(Wire wire, int maxHeadBytes, int maxHeaders) {
        this.wire = wire;
        heads = new AnswerReader(maxHeadBytes, maxHeaders);
    }

    /** The connection is open. */
    void begin() {
        wire.read();
        onChange.run();
    }

    /** Begins the one exchange that there may be. */
    ClientExchange open(RequestHead head, boolean ended, ResponseReceiver receiver) {
        if (!isFree()) {
            throw new IllegalStateException("no capacity (expected: ask capacity first)");
        }
        wire.forgetFlushes();
        heads.begin();
        ClientExchange next = new ClientExchange(this, wire, head, ended, receiver);
        exchange = next;
        wire.read();
        return next;
    }

    /** Whether an exchange may begin now. */
    boolean isFree() {
        return exchange == null && !isRetired() && wire.context().channel().isActive();
    }

    /** Exchanges under way. */
    int active() {
        return exchange == null ? 0 : 1;
    }

    /** Whether no exchange may ever begin again. */
    boolean isRetired() {
        return retired || closed;
    }

    /** Called whenever one of these two may have changed. */
    void onChange(Runnable callback) {
        onChange = callback;
    }

    /** Closes when the exchange under way is done. */
    void retire() {
        if (exchange == null) {
            close();
        } else {
            retired = true;
        }
    }

    void close() {
        lost("the connection was closed here");
    }

    /** The connection can't go on. */
    void lost(String why) {
        end(loss(why));
        var unused = wire.context().close();
    }

    SocketAddress local() {
        return wire.local();
    }

    /** Takes what came, which then belongs to it. */
    void received(ByteBuf data) {
        if (closed) {
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

    /** The upstream sends no more. */
    void inputEnded() {
        retired = true;
        wire.end();
        process();
    }

    /** The socket takes more. */
    void writable() {
        ClientExchange current = exchange;
        if (current != null) {
            current.writable();
        }
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
            wire.drop();
            wire.closeAfterWrites();
            onChange.run();
            return;
        }
        boolean reusable = of.isSent() && keepsAlive && !isRetired();
        of.detach();
        if (!reusable || wire.input().isReadable()) {
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
        var unused = wire.context().close();
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
        if (wire.isEnded() && !closed) {
            afterEnd();
        }
        readOn();
    }

    private boolean advance() {
        ClientExchange current = exchange;
        if (current == null) {
            if (wire.input().isReadable()) {
                close();
            }
            return false;
        }
        return current.awaitsHead() ? readHead(current) : current.advanceBody();
    }

    private boolean readHead(ClientExchange current) {
        Parsed head = heads.next(wire, current.method());
        switch (head) {
            case null -> {
                return false;
            }
            case Parsed.Malformed(String what) -> onMalformed(what);
            case Parsed.Accepted accepted -> accept(current, accepted);
        }
        return true;
    }

    private void accept(ClientExchange current, Parsed.Accepted accepted) {
        if (accepted.head().isTunnel()) {
            change(current, accepted);
        } else if (accepted.head().isInterim()) {
            current.interim(accepted);
        } else {
            keepsAlive = accepted.keepsAlive();
            current.head(accepted);
        }
    }

    /** From here on the connection is the exchange's alone, and each half ends by itself. */
    private void change(ClientExchange current, Parsed.Accepted accepted) {
        if (!current.hasAskedFor(accepted)) {
            onMalformed("101 to a protocol that was not asked for");
            return;
        }
        wire.context().channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        current.change(accepted);
    }

    /** The upstream sends no more; a body that is not wanted yet keeps the input. */
    private void afterEnd() {
        ClientExchange current = exchange;
        if (current != null && current.isTunnel()) {
            current.endOfTunnelInput(loss("the upstream closed its connection"));
            if (current.isAnswered() && !wire.context().channel().isActive()) {
                end(loss("the upstream takes no more"));
            }
            return;
        }
        if (current != null && !current.awaitsHead() && !current.wantsBody()) {
            return;
        }
        lost("the upstream closed its connection");
    }

    private void readOn() {
        ClientExchange current = exchange;
        if (!closed && (current == null || current.awaitsHead() || current.wantsBody())) {
            wire.read();
        }
    }

    private StreamReset loss(String detail) {
        ClientExchange current = exchange;
        boolean within = current != null && !current.awaitsHead();
        return new StreamReset(
                Cause.CONNECTION_LOST, /* unprocessed= */ !within && !wire.hasFlushed(), detail);
    }

    private void end(StreamReset reset) {
        if (closed) {
            return;
        }
        ClientExchange current = exchange;
        exchange = null;
        closed = true;
        boolean clean = wire.isEnded() && reset.cause() != Cause.PROTOCOL_ERROR;
        boolean begun = current != null && (!current.awaitsHead() || wire.input().isReadable());
        wire.end();
        wire.drop();
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
}
