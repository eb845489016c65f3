package dev.sluice.testkit.http;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/**
 * One HTTP/2 stream, the same at both ends. Sending blocks until the frame is written, which for
 * DATA is when the peer's window took it; reading blocks until something arrives; both are bounded
 * by {@link Patience#LIMIT}. Thread-safe.
 *
 * <h2>Flow control</h2>
 *
 * What is read is credited to the peer at once, unless {@link #holdWindow} was called: then only
 * {@link #credit} does.
 */
public final class H2Stream {
    private final H2Connection connection;
    private final Http2FrameStream stream;
    private final Mailbox<H2Event> events = new Mailbox<>("an HTTP/2 event");
    private volatile boolean held;

    H2Stream(H2Connection connection, Http2FrameStream stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** The stream's number; -1 before the first frame. */
    public int id() {
        return stream.id();
    }

    /** The connection on which this stream runs. */
    public H2Connection connection() {
        return connection;
    }

    /** From now on, what is read is not credited to the peer. */
    public H2Stream holdWindow() {
        held = true;
        return this;
    }

    /** Gives the peer {@code bytes} of window that were read before. */
    public void credit(int bytes) {
        finish(connection.write(new DefaultHttp2WindowUpdateFrame(bytes).stream(stream)), "credit");
    }

    /** The next event, waiting for it. */
    public H2Event nextEvent() {
        H2Event event = events.next();
        if (event instanceof H2Event.Data(Body _, int credit, boolean _) && !held && credit > 0) {
            connection.tell(new DefaultHttp2WindowUpdateFrame(credit).stream(stream));
        }
        return event;
    }

    /** Everything that arrived, read or not. */
    public List<H2Event> received() {
        return events.received();
    }

    /** The next head; an {@link AssertionError} when something else comes. */
    public Headers readHead() {
        H2Event event = nextEvent();
        if (event instanceof H2Event.Head(Headers headers, boolean _)) {
            return headers;
        }
        throw new AssertionError(event + " on stream " + id() + " (expected: a head)");
    }

    /** Reads to the end of the peer's side, however it ends. */
    public H2Message readMessage() {
        return readMessage(Headers.NONE);
    }

    /** Reads on to the end of the peer's side, whose head has been read. */
    public H2Message readMessage(Headers alreadyRead) {
        List<Headers> heads = new ArrayList<>();
        if (!alreadyRead.equals(Headers.NONE)) {
            heads.add(alreadyRead);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            switch (nextEvent()) {
                case H2Event.Head(Headers headers, boolean last) -> {
                    heads.add(headers);
                    if (last) {
                        return message(heads, body, new H2Message.End.Complete());
                    }
                }
                case H2Event.Data(Body part, int _, boolean last) -> {
                    body.writeBytes(part.bytes());
                    if (last) {
                        return message(heads, body, new H2Message.End.Complete());
                    }
                }
                case H2Event.Reset(long code) -> {
                    return message(heads, body, new H2Message.End.Reset(code));
                }
                case H2Event.GivenUp() -> {
                    return message(heads, body, new H2Message.End.GivenUp());
                }
                case H2Event.Disconnected() -> {
                    return message(heads, body, new H2Message.End.Disconnected());
                }
            }
        }
    }

    /** Sends a head after which more follows. */
    public void send(Headers head) {
        finish(connection.write(headers(head, false)), "a head to be written");
    }

    /** Sends a head or trailers, and ends this side. */
    public void sendLast(Headers head) {
        finish(connection.write(headers(head, true)), "a last head to be written");
    }

    /** Sends DATA and waits until the peer's window took it. */
    public void sendData(byte[] bytes) {
        finish(startData(bytes), "the peer's window to take " + bytes.length + " bytes");
    }

    /** Sends DATA and ends this side; waits until the peer's window took it. */
    public void sendLastData(byte[] bytes) {
        finish(
                connection.write(data(bytes, true)),
                "the peer's window to take the last " + bytes.length + " bytes");
    }

    /**
     * Sends DATA without waiting.
     *
     * @return done when the peer's window took all of it
     */
    public Future<?> startData(byte[] bytes) {
        return connection.write(data(bytes, false));
    }

    /** Sends RST_STREAM. */
    public void reset(Http2Error code) {
        finish(connection.write(resetFrame(code)), "a reset");
    }

    /** Waits for the test to let the script go on. */
    public void await(CountDownLatch latch) {
        Patience.await(latch, "the test to let stream " + id() + " go on");
    }

    void arrived(H2Event event) {
        events.put(event);
    }

    DefaultHttp2ResetFrame resetFrame(Http2Error code) {
        return new DefaultHttp2ResetFrame(code).stream(stream);
    }

    private DefaultHttp2DataFrame data(byte[] bytes, boolean last) {
        return new DefaultHttp2DataFrame(Unpooled.copiedBuffer(bytes), last).stream(stream);
    }

    private DefaultHttp2HeadersFrame headers(Headers head, boolean last) {
        Http2Headers headers = new DefaultHttp2Headers(/* validate= */ false);
        head.fields().forEach(field -> headers.add(field.name(), field.value()));
        return new DefaultHttp2HeadersFrame(headers, last).stream(stream);
    }

    private static void finish(Future<?> written, String what) {
        Patience.await(written, what);
    }

    /** Heads with a 1xx status come before the head; one after it is the trailers. */
    private static H2Message message(
            List<Headers> heads, ByteArrayOutputStream body, H2Message.End end) {
        List<Headers> interim = heads.stream().takeWhile(H2Stream::isInterim).toList();
        List<Headers> rest = heads.subList(interim.size(), heads.size());
        return new H2Message(
                interim,
                rest.isEmpty() ? Headers.NONE : rest.getFirst(),
                Body.of(body.toByteArray()),
                rest.size() > 1 ? rest.get(1) : Headers.NONE,
                end);
    }

    private static boolean isInterim(Headers head) {
        return head.first(":status").filter(status -> status.startsWith("1")).isPresent();
    }
}
