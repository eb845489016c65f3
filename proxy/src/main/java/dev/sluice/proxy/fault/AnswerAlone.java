package dev.sluice.proxy.fault;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Stands for a connection to an endpoint that answers one exchange with a head alone; no byte
 * leaves this process. Loop-owned.
 */
final class AnswerAlone implements ClientConnection {
    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("", 0);
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final ResponseHead head;
    private final EventLoop loop;

    private AnswerAlone(ResponseHead head, EventLoop loop) {
        this.head = head;
        this.loop = loop;
    }

    static AnswerAlone ofStatus(int status, EventLoop loop) {
        HeaderBlock headers = new HeaderBlock();
        if (status != 204 && status != 304) {
            headers.add("content-length", "0");
        }
        return new AnswerAlone(new ResponseHead(status, headers), loop);
    }

    static AnswerAlone ofGrpcStatus(int code, String message, EventLoop loop) {
        HeaderBlock headers = new HeaderBlock();
        headers.add("content-type", "application/grpc");
        headers.add("grpc-status", Integer.toString(code));
        if (!message.isEmpty()) {
            headers.add("grpc-message", percentEncoded(message));
        }
        return new AnswerAlone(new ResponseHead(200, headers), loop);
    }

    /** As the gRPC protocol has {@code grpc-message}: what is not visible ASCII, and percent. */
    private static String percentEncoded(String message) {
        StringBuilder text = new StringBuilder();
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet < 0x7f && octet != '%') {
                text.append((char) octet);
            } else {
                text.append('%').append(HEX.toHexDigits(octet));
            }
        }
        return text.toString();
    }

    @Override
    public ClientStream open(RequestHead request, boolean ended, ResponseReceiver receiver) {
        Stream stream = new Stream(receiver);
        loop.execute(stream::answer);
        return stream;
    }

    @Override
    public int capacity() {
        return 1;
    }

    @Override
    public boolean canUpgrade(RequestHead request) {
        return true;
    }

    @Override
    public SocketAddress local() {
        return NOWHERE;
    }

    @Override
    public int active() {
        return 0;
    }

    @Override
    public boolean isRetired() {
        return false;
    }

    @Override
    public void onChange(Runnable callback) {}

    @Override
    public void retire() {}

    @Override
    public void close() {}

    /** The exchange; it takes the request's body and drops it. */
    private final class Stream implements ClientStream, BodySink, BodySource {
        private final ResponseReceiver receiver;
        private boolean over;

        Stream(ResponseReceiver receiver) {
            this.receiver = receiver;
        }

        void answer() {
            if (!over) {
                over = true;
                receiver.onHead(head, this, /* ended= */ true);
            }
        }

        @Override
        public BodySink requestBody() {
            return this;
        }

        @Override
        public void cancel(StreamReset reset) {
            over = true;
        }

        @Override
        public void data(ByteBuf data, boolean last) {
            data.release();
        }

        @Override
        public void trailers(HeaderBlock trailers) {}

        @Override
        public void reset(StreamReset reset) {
            over = true;
        }

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void onWritable(Runnable callback) {}

        @Override
        public void start(BodyReceiver ofNothing) {}

        @Override
        public void pause() {}

        @Override
        public void resume() {}
    }
}
