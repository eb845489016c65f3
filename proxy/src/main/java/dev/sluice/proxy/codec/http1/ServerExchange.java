package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a client's connection. Loop-owned. */
final class ServerExchange implements ServerStream, IncomingBody.Owner, OutgoingBody.Owner {
    private static final StreamReset ANSWERED =
            StreamReset.local("answered before the request's end");

    private final ServerConversation connection;
    private final Wire wire;
    private final Peer peer;
    private final ParsedRequest.Accepted request;
    private final @Nullable IncomingBody incoming;
    private @Nullable OutgoingBody outgoing;
    private boolean answered;
    private boolean tunnel;
    private boolean over;
    private Consumer<StreamReset> onGone = reset -> {};
    private Runnable onComplete = () -> {};

    ServerExchange(
            ServerConversation connection, Wire wire, Peer peer, ParsedRequest.Accepted request) {
        this.connection = connection;
        this.wire = wire;
        this.peer = peer;
        this.request = request;
        incoming = request.body().isEmpty() ? null : new IncomingBody(request.body(), this);
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public RequestHead request() {
        return request.head();
    }

    @Override
    public boolean requestEnded() {
        return incoming == null;
    }

    @Override
    public BodySource requestBody() {
        IncomingBody body = incoming;
        if (body == null) {
            throw new IllegalStateException("the request has no body (ask requestEnded first)");
        }
        return body;
    }

    @Override
    public void interim(ResponseHead head) {
        if (!request.http10() && outgoing == null && !over) {
            wire.write(
                    HeadWriter.start()
                            .text(StatusLine.of(head.status()))
                            .fields(head.headers())
                            .end(wire));
        }
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        if (outgoing != null) {
            throw new IllegalStateException("the final head was given before (expected: once)");
        }
        AnswerHead answer = AnswerHead.of(head, request, ended);
        tunnel = answer.isTunnel();
        OutgoingBody body = new OutgoingBody(wire, answer.framing(), request.takesTrailers(), this);
        outgoing = body;
        if (over) {
            body.detach();
            return body;
        }
        boolean lasts = request.keepsAlive() && isRequestRead() && !answer.endsConnection();
        wire.writeHead(answer.encode(wire, connection.decideKeepAlive(lasts)));
        if (ended) {
            body.detach();
            onSent();
        }
        return body;
    }

    @Override
    public void reset(StreamReset reset) {
        if (!over) {
            fail(reset, /* tellClientGone= */ false);
            connection.onExchangeBroken();
        }
    }

    @Override
    public void onClientGone(Consumer<StreamReset> callback) {
        onGone = callback;
    }

    @Override
    public void drainConnection() {
        connection.drain();
    }

    @Override
    public void onComplete(Runnable callback) {
        onComplete = callback;
    }

    /** Cuts the next part of the request's body out of the input; says whether there was one. */
    boolean advance() {
        IncomingBody body = incoming;
        return body != null && body.advance(wire);
    }

    boolean isRequestRead() {
        IncomingBody body = incoming;
        return body == null || body.isEnded();
    }

    /** Whether it asked to change the protocol. */
    boolean isUpgrade() {
        return request.isUpgrade();
    }

    /** Whether the protocol has changed: both halves are bytes now, each with its own end. */
    boolean isTunnel() {
        return tunnel;
    }

    /** Whether the connection is needed no more, or only to let the rest of a request pass. */
    boolean isComplete() {
        return answered && (!tunnel || isRequestOver());
    }

    /**
     * Whether somebody takes what comes, or nothing waits to be taken: one read then tells whether
     * the client has left.
     */
    boolean wantsRead() {
        return wantsBody() || !wire.input().isReadable();
    }

    /** The client sends no more, and all it sent has been delivered if somebody wants it. */
    void endOfInput() {
        IncomingBody body = incoming;
        if (body != null && body.isFlowing() && !wire.input().isReadable()) {
            body.endOfInput(ANSWERED);
        }
    }

    boolean isAnswered() {
        return answered;
    }

    /** Whether the final head has not been given, so that a refusal can still be answered. */
    boolean isUnanswered() {
        return outgoing == null;
    }

    boolean wantsBody() {
        IncomingBody body = incoming;
        return body != null && body.isFlowing();
    }

    void writable() {
        OutgoingBody body = outgoing;
        if (body != null) {
            body.writable();
        }
    }

    /** The client is gone or broke the protocol; both halves end here. */
    void clientGone(StreamReset reset) {
        if (!over) {
            fail(reset, /* tellClientGone= */ true);
        }
    }

    private boolean isRequestOver() {
        IncomingBody body = incoming;
        return body == null || body.isOver();
    }

    private void fail(StreamReset reset, boolean tellClientGone) {
        over = true;
        OutgoingBody out = outgoing;
        if (out != null) {
            out.detach();
        }
        IncomingBody in = incoming;
        if (in != null) {
            in.fail(reset);
        }
        if (tellClientGone && !isComplete()) {
            onGone.accept(reset);
        }
    }

    /** Both halves are done with; runs when the last byte was handed over. */
    void complete() {
        over = true;
        wire.afterFlush(onComplete);
    }

    @Override
    public void onDemand() {
        connection.process();
    }

    @Override
    public void onBodyEnd() {
        connection.onProgress(this);
    }

    @Override
    public void onMalformedBody(String what) {
        connection.onMalformedBody(this, what);
    }

    @Override
    public void onBodyCancelled(StreamReset reset) {
        connection.onProgress(this);
    }

    @Override
    public void onSent() {
        answered = true;
        IncomingBody body = incoming;
        if (tunnel && !isRequestOver()) {
            wire.endHalf();
        } else if (body != null && !body.isEnded()) {
            body.fail(ANSWERED);
        }
        connection.onProgress(this);
    }

    @Override
    public void onSendFailed(StreamReset reset) {
        reset(reset);
    }
}
