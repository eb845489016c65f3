package dev.sluice.proxy.codec.http1;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
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
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint that speaks no HTTP. It carries the bytes of one tunnel that a client
 * asked for by CONNECT, which stands as soon as the connection does; each half ends by itself, and
 * the connection with the second. Loop-owned.
 */
public final class TunnelConnection extends ChannelInboundHandlerAdapter
        implements ClientConnection, ClientStream, IncomingBody.Owner, OutgoingBody.Owner {
    private final IncomingBody incoming = new IncomingBody(new BodyFraming.UntilClose(), this);
    private @Nullable Wire openWire;
    private @Nullable OutgoingBody outgoing;
    private @Nullable ResponseReceiver receiver;
    private Runnable onChange = () -> {};
    private boolean agreed;
    private boolean answered;
    private boolean sent;
    private boolean closed;
    private boolean processing;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        openWire = new Wire(context);
        if (context.channel().isActive()) {
            openWire.read();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        wire().read();
        onChange.run();
        context.fireChannelActive();
    }

    @Override
    public ClientStream open(RequestHead head, boolean ended, ResponseReceiver to) {
        if (capacity() == 0) {
            throw new IllegalStateException("no capacity (expected: ask capacity first)");
        }
        receiver = to;
        outgoing =
                new OutgoingBody(
                        wire(), new BodyFraming.UntilClose(), /* takesTrailers= */ false, this);
        wire().context().executor().execute(this::agree);
        return this;
    }

    private void agree() {
        ResponseReceiver to = receiver;
        if (to != null && !closed) {
            agreed = true;
            var head = new ResponseHead(/* status= */ 200, new HeaderBlock(), /* isTunnel= */ true);
            to.onHead(head, incoming, /* ended= */ false);
        }
    }

    @Override
    public int capacity() {
        boolean open = wire().context().channel().isActive();
        return open && !closed && receiver == null ? 1 : 0;
    }

    @Override
    public boolean canUpgrade(RequestHead head) {
        return head.isConnect();
    }

    @Override
    public int active() {
        return receiver == null || closed ? 0 : 1;
    }

    @Override
    public boolean isRetired() {
        return closed;
    }

    @Override
    public void onChange(Runnable callback) {
        onChange = callback;
    }

    @Override
    public void retire() {
        if (receiver == null) {
            close();
        }
    }

    @Override
    public void close() {
        breakOff(lost("the connection was closed here"));
    }

    @Override
    public BodySink requestBody() {
        return Objects.requireNonNull(outgoing, "no tunnel was opened (expected: open first)");
    }

    @Override
    public void cancel(StreamReset reset) {
        incoming.silence();
        receiver = null;
        close();
    }

    @Override
    public SocketAddress local() {
        return wire().local();
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
            wire().end();
            process();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        wire().end();
        process();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        breakOff(lost("connection to the upstream failed: " + cause));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        OutgoingBody body = outgoing;
        if (body != null && context.channel().isWritable()) {
            body.writable();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void onDemand() {
        process();
    }

    @Override
    public void onBodyEnd() {
        answered = true;
        endWithBoth();
    }

    @Override
    public void onMalformedBody(String what) {
        throw new IllegalStateException("bytes of a tunnel have no grammar: " + what);
    }

    @Override
    public void onBodyCancelled(StreamReset reset) {
        cancel(reset);
    }

    @Override
    public void onSent() {
        sent = true;
        if (!answered) {
            wire().endHalf();
        }
        endWithBoth();
    }

    @Override
    public void onSendFailed(StreamReset reset) {
        breakOff(reset);
    }

    private void breakOff(StreamReset reset) {
        end(reset);
        var unused = wire().context().close();
    }

    private void endWithBoth() {
        if (sent && answered && !closed) {
            closed = true;
            wire().drop();
            wire().closeAfterWrites();
            onChange.run();
        }
    }

    private void process() {
        if (processing || closed) {
            return;
        }
        processing = true;
        try {
            boolean more = true;
            while (more && !closed) {
                more = incoming.advance(wire());
            }
        } finally {
            processing = false;
        }
        if (wire().isEnded() && !closed) {
            afterEnd();
        }
        readOn();
    }

    /** The endpoint sends no more; what is not wanted yet keeps the input. */
    private void afterEnd() {
        if (incoming.isFlowing() && !wire().input().isReadable()) {
            incoming.endOfInput(lost("the upstream closed its connection"));
        }
        if (!wire().context().channel().isActive() && !closed && (answered || !agreed)) {
            end(lost("the upstream closed its connection"));
        }
    }

    private void readOn() {
        if (!closed && incoming.isFlowing()) {
            wire().read();
        }
    }

    private StreamReset lost(String detail) {
        return new StreamReset(Cause.CONNECTION_LOST, /* unprocessed= */ !agreed, detail);
    }

    private void end(StreamReset reset) {
        if (closed) {
            return;
        }
        closed = true;
        wire().end();
        wire().drop();
        OutgoingBody body = outgoing;
        if (body != null) {
            body.detach();
        }
        ResponseReceiver to = receiver;
        if (to != null && agreed && !answered) {
            incoming.fail(reset);
        } else if (to != null) {
            to.onFailed(reset);
        }
        onChange.run();
    }

    private Wire wire() {
        return Objects.requireNonNull(openWire, "the handler is in no pipeline");
    }
}
