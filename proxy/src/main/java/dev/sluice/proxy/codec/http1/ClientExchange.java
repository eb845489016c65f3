package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.HopByHop;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** One request to an upstream and its answer. Loop-owned. */
final class ClientExchange implements ClientStream, IncomingBody.Owner, OutgoingBody.Owner {
    private static final AsciiString ZERO = AsciiString.cached("0");

    private final ClientConversation conversation;
    private final Wire wire;
    private final ResponseReceiver receiver;
    private final OutgoingBody outgoing;
    private final RequestHead head;
    private boolean tunnel;
    private @Nullable IncomingBody incoming;
    private boolean sent;
    private boolean answered;
    private boolean over;

    ClientExchange(
            ClientConversation conversation,
            Wire wire,
            RequestHead head,
            boolean ended,
            ResponseReceiver receiver) {
        this.conversation = conversation;
        this.wire = wire;
        this.receiver = receiver;
        this.head = head;
        BodyFraming framing =
                head.upgrade() == null ? framing(head, ended) : new BodyFraming.UntilClose();
        outgoing = new OutgoingBody(wire, framing, /* takesTrailers= */ true, /* owner= */ this);
        wire.writeHead(encode(framing));
        if (ended) {
            outgoing.detach();
            sent = true;
        }
    }

    private static BodyFraming framing(RequestHead head, boolean ended) {
        CharSequence announced = head.headers().first(HeaderNames.CONTENT_LENGTH);
        long length = announced == null ? -1 : ContentLength.parse(announced);
        if (ended) {
            return length == 0 || anticipatesContent(head.method())
                    ? new BodyFraming.Length(0)
                    : new BodyFraming.None();
        }
        return length >= 0 ? new BodyFraming.Length(length) : new BodyFraming.Chunked();
    }

    /** Methods whose requests say that they have no content (RFC 9110 section 8.6, as Envoy). */
    private static boolean anticipatesContent(CharSequence method) {
        return "POST".contentEquals(method)
                || "PUT".contentEquals(method)
                || "PATCH".contentEquals(method)
                || "OPTIONS".contentEquals(method);
    }

    private ByteBuf encode(BodyFraming framing) {
        if (!(framing instanceof BodyFraming.Length)) {
            head.headers().remove(HeaderNames.CONTENT_LENGTH);
        }
        HeadWriter writer =
                HeadWriter.start()
                        .text(head.method())
                        .ascii(" ")
                        .text(head.isConnect() ? head.authority() : head.path())
                        .ascii(" HTTP/1.1\r\n")
                        .field(HeaderNames.HOST, head.authority())
                        .fields(head.headers());
        if (framing instanceof BodyFraming.Length(long length)
                && length == 0
                && !head.headers().contains(HeaderNames.CONTENT_LENGTH)) {
            writer.field(HeaderNames.CONTENT_LENGTH, ZERO);
        } else if (framing instanceof BodyFraming.Chunked) {
            writer.ascii("transfer-encoding: chunked\r\n");
        }
        CharSequence upgrade = head.upgrade();
        if (upgrade != null && !head.isConnect()) {
            writer.field(HeaderNames.UPGRADE, upgrade).ascii("connection: upgrade\r\n");
        }
        return writer.end(wire);
    }

    /** Whether the request asked for the change that this head agrees to. */
    boolean hasAskedFor(ResponseParser.Parsed.Accepted response) {
        CharSequence upgrade = head.upgrade();
        CharSequence changed = response.upgrade();
        if (upgrade == null || head.isConnect()) {
            return upgrade != null && response.head().status() != 101;
        }
        return changed != null && HopByHop.listed(upgrade, changed);
    }

    /** Whether the protocol has changed: both halves are bytes now, each with its own end. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Whether the connection is needed no more, or only closed. */
    boolean isComplete() {
        return answered && (!tunnel || sent);
    }

    /** The protocol changes: bytes follow the head, in both directions. */
    void change(ResponseParser.Parsed.Accepted response) {
        tunnel = true;
        head(response);
    }

    /** The upstream sends no more, and all it sent has been delivered if somebody wants it. */
    void endOfTunnelInput(StreamReset tooEarly) {
        IncomingBody body = incoming;
        if (body != null && body.isFlowing() && !wire.input().isReadable()) {
            body.endOfInput(tooEarly);
        }
    }

    @Override
    public BodySink requestBody() {
        return outgoing;
    }

    @Override
    public void cancel(StreamReset reset) {
        if (!over) {
            over = true;
            outgoing.detach();
            IncomingBody body = incoming;
            if (body != null) {
                body.silence();
            }
            conversation.onExchangeBroken();
        }
    }

    CharSequence method() {
        return head.method();
    }

    boolean awaitsHead() {
        return incoming == null && !answered;
    }

    boolean isAnswered() {
        return answered;
    }

    boolean isSent() {
        return sent;
    }

    boolean advanceBody() {
        IncomingBody body = incoming;
        return body != null && body.advance(wire);
    }

    boolean wantsBody() {
        IncomingBody body = incoming;
        return body != null && body.isFlowing();
    }

    void writable() {
        outgoing.writable();
    }

    void interim(ResponseParser.Parsed.Accepted interim) {
        receiver.onInterim(interim.head());
    }

    void head(ResponseParser.Parsed.Accepted response) {
        boolean ended = response.body().isEmpty();
        IncomingBody body = new IncomingBody(response.body(), this);
        if (ended) {
            answered = true;
        } else {
            incoming = body;
        }
        receiver.onHead(response.head(), body, ended);
        if (ended) {
            conversation.onProgress(this);
        }
    }

    /** The input is used up and no more comes. */
    void endOfInput(StreamReset tooEarly) {
        IncomingBody body = incoming;
        if (body == null) {
            fail(tooEarly);
        } else {
            outgoing.detach();
            body.endOfInput(tooEarly);
            over = true;
        }
    }

    /** Neither half will be completed. */
    void fail(StreamReset reset) {
        if (over || isComplete()) {
            return;
        }
        over = true;
        outgoing.detach();
        IncomingBody body = incoming;
        if (body == null || answered) {
            receiver.onFailed(reset);
        } else {
            body.fail(reset);
        }
    }

    /** What is still sent goes nowhere. */
    void detach() {
        over = true;
        outgoing.detach();
    }

    @Override
    public void onDemand() {
        conversation.onDemand();
    }

    @Override
    public void onBodyEnd() {
        answered = true;
        conversation.onProgress(this);
    }

    @Override
    public void onMalformedBody(String what) {
        conversation.onMalformed(what);
    }

    @Override
    public void onBodyCancelled(StreamReset reset) {
        cancel(reset);
    }

    @Override
    public void onSent() {
        sent = true;
        if (tunnel && !answered) {
            wire.endHalf();
        }
        conversation.onProgress(this);
    }

    @Override
    public void onSendFailed(StreamReset reset) {
        fail(reset);
        conversation.onExchangeBroken();
    }
}
