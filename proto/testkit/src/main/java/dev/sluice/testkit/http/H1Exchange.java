package dev.sluice.testkit.http;

import dev.sluice.testkit.tcp.TcpConnection;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * One request and the means to answer it, byte by byte where wanted. Owned by the script's thread.
 */
public final class H1Exchange {
    private final TcpConnection connection;
    private final H1Wire wire;
    private H1Request request;
    private boolean bodyRead;

    H1Exchange(TcpConnection connection, H1Wire wire, H1Request request) {
        this.connection = connection;
        this.wire = wire;
        this.request = request;
    }

    /** The request; its body is empty until {@link #readBody}. */
    public H1Request request() {
        return request;
    }

    /** The connection, for what this class has no word for. */
    public TcpConnection connection() {
        return connection;
    }

    /** Reads the whole body once; later calls return the same request. */
    public H1Request readBody() throws IOException {
        if (!bodyRead) {
            bodyRead = true;
            request = request.with(wire.requestContent(request.headers()));
        }
        return request;
    }

    /**
     * Reads and drops the whole body without keeping it.
     *
     * @return bytes of the body, framing not counted
     */
    public long drainBody() throws IOException {
        bodyRead = true;
        if (!H1Wire.chunked(request.headers())) {
            long length = request.headers().first("content-length").map(Long::parseLong).orElse(0L);
            return drain(connection.in(), length);
        }
        long bytes = 0;
        for (Body chunk = wire.chunk(); chunk.size() > 0; chunk = wire.chunk()) {
            bytes += chunk.size();
        }
        wire.fields();
        return bytes;
    }

    /** Reads one chunk of a chunked body; an empty one is the last, and its trailers are read. */
    public Body readChunk() throws IOException {
        bodyRead = true;
        Body chunk = wire.chunk();
        if (chunk.size() == 0) {
            request = request.with(new H1Wire.Content(Body.EMPTY, wire.fields()));
        }
        return chunk;
    }

    /** Sends exactly these characters as ISO-8859-1. */
    public void send(String raw) throws IOException {
        connection.send(raw);
    }

    /** Sends exactly these bytes. */
    public void send(byte[] raw) throws IOException {
        connection.send(raw);
    }

    /** Sends a status line and header section. */
    public void sendHead(int status, Headers headers) throws IOException {
        send("HTTP/1.1 " + status + " " + reason(status) + "\r\n" + headers.wire() + "\r\n");
    }

    /** Sends one chunk of a chunked body in one write. */
    public void sendChunk(byte[] bytes) throws IOException {
        byte[] size = (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] chunk = new byte[size.length + bytes.length + 2];
        System.arraycopy(size, 0, chunk, 0, size.length);
        System.arraycopy(bytes, 0, chunk, size.length, bytes.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        send(chunk);
    }

    /** Ends a chunked body. */
    public void endChunks(Headers trailers) throws IOException {
        send("0\r\n" + trailers.wire() + "\r\n");
    }

    /** Waits for the test to let the script go on. */
    public void await(CountDownLatch latch) {
        connection.await(latch);
    }

    /** Ends the connection by RST, now. */
    public void reset() throws IOException {
        connection.reset();
    }

    /** Ends the connection by FIN, now. */
    public void close() throws IOException {
        connection.close();
    }

    /** Whether the next request may follow: its body is read before it when it was not yet. */
    boolean keepsAlive() throws IOException {
        if (connection.isClosed()) {
            return false;
        }
        if (!bodyRead) {
            drainBody();
        }
        return !request.headers()
                .first("connection")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .orElse("")
                .contains("close");
    }

    private static long drain(InputStream in, long length) throws IOException {
        in.skipNBytes(length);
        return length;
    }

    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status " + status;
        };
    }
}
