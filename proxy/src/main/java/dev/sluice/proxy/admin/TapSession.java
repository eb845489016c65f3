package dev.sluice.proxy.admin;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Format;
import dev.sluice.proxy.snapshot.filter.TapSpec.Sink;
import dev.sluice.proxy.tap.TapMessage;
import dev.sluice.proxy.tap.TapOutlet;
import dev.sluice.proxy.tap.TraceWriter;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client of {@code /tap} and what it is still to be sent. A slow client loses messages; when it
 * goes away its tap ends. Owned by the admin loop but for {@link #take}.
 */
final class TapSession implements TapOutlet {
    /** Messages that may wait for a client that is sent them one by one. */
    static final int MOST_WAITING = 1024;

    private final TapSpec spec;
    private final EventLoop loop;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private Runnable detach = () -> {};
    private @Nullable BodySink sink;
    private boolean over;

    private record Waiting(TapMessage message, Over over) {}

    TapSession(TapSpec spec, EventLoop loop) {
        this.spec = spec;
        this.loop = loop;
    }

    /**
     * Begins to answer.
     *
     * @param tap ends the tap
     */
    void begin(ServerStream client, Runnable tap) {
        detach = tap;
        HeaderBlock headers = new HeaderBlock();
        headers.add(
                "content-type",
                spec.format() == Format.PROTO_BINARY_LENGTH_DELIMITED
                        ? "application/octet-stream"
                        : "text/plain; charset=utf-8");
        headers.add("cache-control", "no-store");
        client.onClientGone(reset -> end());
        BodySink body = client.respond(new ResponseHead(200, headers), /* ended= */ false);
        body.onWritable(this::pump);
        sink = body;
        if (spec.sink() instanceof Sink.Gathered gathered) {
            gathered.timeout()
                    .ifPresent(most -> {
                        var unused =
                                loop.schedule(this::finish, most.toNanos(), TimeUnit.NANOSECONDS);
                    });
        }
    }

    @Override
    public void take(TapMessage message, TapSpec same, Over told) {
        try {
            loop.execute(() -> add(new Waiting(message, told)));
        } catch (RejectedExecutionException ended) {
            told.lost();
        }
    }

    private void add(Waiting one) {
        boolean streamed = spec.sink() instanceof Sink.Streamed;
        if (over || (streamed && waiting.size() >= MOST_WAITING)) {
            one.over().lost();
            return;
        }
        waiting.add(one);
        if (streamed) {
            pump();
        } else if (spec.sink() instanceof Sink.Gathered(long most, var _)
                && waiting.size() >= most) {
            finish();
        }
    }

    private void pump() {
        BodySink to = sink;
        while (to != null
                && spec.sink() instanceof Sink.Streamed
                && to.isWritable()
                && !waiting.isEmpty()) {
            write(waiting.remove(), to);
        }
    }

    /** Sends all that there is, and ends the answer. */
    private void finish() {
        BodySink to = sink;
        if (over || to == null) {
            return;
        }
        while (!waiting.isEmpty()) {
            write(waiting.remove(), to);
        }
        to.data(Unpooled.EMPTY_BUFFER, /* last= */ true);
        end();
    }

    private void write(Waiting one, BodySink to) {
        byte[] bytes = TraceWriter.bytes(one.message(), spec.format());
        to.data(Unpooled.wrappedBuffer(bytes), /* last= */ false);
        one.over().written();
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        detach.run();
        waiting.forEach(one -> one.over().lost());
        waiting.clear();
    }
}
