package dev.sluice.proxy.tap;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.exchange.WrappedStream;
import dev.sluice.proxy.tap.TapMessage.Side;
import io.netty.buffer.ByteBuf;

/** A client's stream that is looked at, and otherwise left alone. Loop-owned. */
final class TappedStream implements WrappedStream {
    private final ServerStream client;
    private final Tapping tapping;

    TappedStream(ServerStream client, Tapping tapping) {
        this.client = client;
        this.tapping = tapping;
    }

    @Override
    public ServerStream client() {
        return client;
    }

    @Override
    public BodySource requestBody() {
        return new Source(client.requestBody());
    }

    @Override
    public BodySink respond(ResponseHead head, boolean ended) {
        tapping.answer(head);
        BodySink sink = client.respond(head, ended);
        return ended ? sink : new Sink(sink);
    }

    /** The request's body on its way in. */
    private final class Source implements BodySource {
        private final BodySource from;

        Source(BodySource from) {
            this.from = from;
        }

        @Override
        public void start(BodyReceiver receiver) {
            from.start(new Receiver(receiver));
        }

        @Override
        public void pause() {
            from.pause();
        }

        @Override
        public void resume() {
            from.resume();
        }

        @Override
        public void cancel(StreamReset reset) {
            from.cancel(reset);
        }
    }

    /** Who takes the request's body. */
    private final class Receiver implements BodyReceiver {
        private final BodyReceiver to;

        Receiver(BodyReceiver to) {
            this.to = to;
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            tapping.body(Side.REQUEST, data);
            to.onData(data, last);
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            tapping.trailers(Side.REQUEST, trailers);
            to.onTrailers(trailers);
        }

        @Override
        public void onReset(StreamReset reset) {
            to.onReset(reset);
        }
    }

    /** The answer's body on its way out. */
    private final class Sink implements BodySink {
        private final BodySink to;

        Sink(BodySink to) {
            this.to = to;
        }

        @Override
        public void data(ByteBuf data, boolean last) {
            tapping.body(Side.RESPONSE, data);
            to.data(data, last);
        }

        @Override
        public void trailers(HeaderBlock trailers) {
            tapping.trailers(Side.RESPONSE, trailers);
            to.trailers(trailers);
        }

        @Override
        public void reset(StreamReset reset) {
            to.reset(reset);
        }

        @Override
        public boolean isWritable() {
            return to.isWritable();
        }

        @Override
        public void onWritable(Runnable callback) {
            to.onWritable(callback);
        }
    }
}
