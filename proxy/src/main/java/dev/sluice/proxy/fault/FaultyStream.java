package dev.sluice.proxy.fault;

import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.Fault.ResetPoint;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HeaderNames;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.channel.EventLoop;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One exchange with an endpoint whose answer fails as asked. Loop-owned. */
final class FaultyStream implements ClientStream, ResponseReceiver {
    private final ResponseReceiver receiver;
    private final List<Hit> hits;
    private final EventLoop loop;
    private @Nullable ClientStream stream;
    private @Nullable FaultyBody body;
    private boolean over;
    private boolean left;

    FaultyStream(ResponseReceiver receiver, List<Hit> hits, EventLoop loop) {
        this.receiver = receiver;
        this.hits = hits;
        this.loop = loop;
    }

    void opened(ClientStream of) {
        stream = of;
    }

    @Override
    public BodySink requestBody() {
        ClientStream opened = stream;
        if (opened == null) {
            throw new IllegalStateException("a body was asked for before the exchange was open");
        }
        return opened.requestBody();
    }

    @Override
    public void cancel(StreamReset reset) {
        if (body != null) {
            body.stop();
        }
        leave(reset);
    }

    /** The endpoint is not heard any more. */
    private void leave(StreamReset reset) {
        if (!left) {
            left = true;
            over = true;
            if (stream != null) {
                stream.cancel(reset);
            }
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        if (!over) {
            receiver.onInterim(head);
        }
    }

    @Override
    public void onFailed(StreamReset reset) {
        if (!over) {
            over = true;
            receiver.onFailed(reset);
        }
    }

    @Override
    public void onHead(ResponseHead head, BodySource source, boolean ended) {
        if (over) {
            return;
        }
        for (Hit hit : hits) {
            if (hit.fault() instanceof Fault.Reset(ResetPoint point)
                    && point == ResetPoint.ANSWER) {
                hit.injected().run();
                StreamReset lost =
                        FaultyAttempt.reset(StreamReset.Cause.PEER_RESET, /* unprocessed= */ false);
                cancel(lost);
                receiver.onFailed(lost);
                return;
            }
        }
        if (ended) {
            receiver.onHead(head, source, /* ended= */ true);
            return;
        }
        FaultyBody faulty = new FaultyBody(source, this::leave, loop);
        body = faulty;
        for (Hit hit : hits) {
            harm(head.headers(), faulty, hit);
        }
        receiver.onHead(head, faulty, /* ended= */ false);
    }

    private static void harm(HeaderBlock headers, FaultyBody body, Hit hit) {
        switch (hit.fault()) {
            case Fault.BodyRate(long rate) -> body.throttle(rate, hit.injected());
            case Fault.CorruptBody(int oneIn) ->
                    body.add(
                            new BodyStages.Corrupting(
                                    oneIn, hit.seed() + body.stages(), hit.injected()));
            case Fault.CutBody(long after) ->
                    body.add(
                            new BodyStages.Cutting(
                                    after, StreamReset.Cause.PEER_RESET, hit.injected()));
            case Fault.SlowTrailers(var length) ->
                    body.add(new BodyStages.SlowEnd(length, body.loop(), hit.injected()));
            case Fault.MissingTrailers() -> body.add(new BodyStages.NoTrailers(hit.injected()));
            case Fault.WrongLength(int offBy) -> wrongLength(headers, body, offBy, hit.injected());
            case Fault.Delay _,
                    Fault.HttpStatus _,
                    Fault.GrpcStatus _,
                    Fault.Reset _,
                    Fault.Goaway _ -> {}
        }
    }

    private static void wrongLength(
            HeaderBlock headers, FaultyBody body, int offBy, Runnable injected) {
        CharSequence said = headers.first(HeaderNames.CONTENT_LENGTH);
        long length = said == null ? -1 : ContentLength.parse(said);
        if (length < 0) {
            return;
        }
        injected.run();
        long wrong = Math.max(0, length + offBy);
        headers.set(HeaderNames.CONTENT_LENGTH, Long.toString(wrong));
        body.add(
                wrong < length
                        ? new BodyStages.Cutting(wrong, StreamReset.Cause.PROTOCOL_ERROR, () -> {})
                        : new BodyStages.EndTooEarly());
    }
}
