package dev.sluice.testkit.http;

import dev.sluice.testkit.tcp.TcpConnection;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A blocking HTTP/1.1 client that sends exactly what it is told and reads answers strictly. Owned
 * by one thread. Reads are bounded by {@link dev.sluice.testkit.Patience#LIMIT}.
 */
public final class RawHttp1Client implements AutoCloseable {
    private final TcpConnection connection;
    private final H1Wire wire;

    private RawHttp1Client(TcpConnection connection) {
        this.connection = connection;
        this.wire = new H1Wire(connection.in());
    }

    /** Connects to a port of this machine. */
    public static RawHttp1Client connect(int port) throws IOException {
        return connect(port, 0);
    }

    /**
     * Connects with a small window, so that not reading soon stops the peer.
     *
     * @param receiveBuffer bytes, 0 for the kernel's default
     */
    public static RawHttp1Client connect(int port, int receiveBuffer) throws IOException {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new RawHttp1Client(TcpConnection.connect(address, receiveBuffer));
    }

    /** One GET on a connection of its own. */
    public static H1Response get(int port, String target, String... namesAndValues)
            throws IOException {
        try (RawHttp1Client client = connect(port)) {
            return client.exchange("GET", target, Headers.of(namesAndValues), Body.EMPTY);
        }
    }

    /**
     * Sends a request with {@code host: sluice.test} unless given and with a content-length when
     * there is a body, and reads the answer.
     */
    public H1Response exchange(String method, String target, Headers headers, Body body)
            throws IOException {
        Headers framed = headers.has("host") ? headers : headers.with("host", "sluice.test");
        if (body.size() > 0) {
            framed = framed.with("content-length", String.valueOf(body.size()));
        }
        send(method + " " + target + " HTTP/1.1\r\n" + framed.wire() + "\r\n");
        send(body.bytes());
        return method.equals("HEAD") ? readHead() : readResponse();
    }

    /** Sends exactly these characters as ISO-8859-1. */
    public void send(String raw) throws IOException {
        connection.send(raw);
    }

    /** Sends exactly these bytes. */
    public void send(byte[] raw) throws IOException {
        connection.send(raw);
    }

    /** Reads one whole answer; 1xx answers before it become its {@code interim}. */
    public H1Response readResponse() throws IOException {
        return readRest(readHead());
    }

    /** Reads what follows the head of an answer: its body and trailers. */
    public H1Response readRest(H1Response head) throws IOException {
        return head.with(wire.responseContent(head.status(), head.headers()));
    }

    /** Reads up to the end of the final header section: for HEAD, and to read the body slowly. */
    public H1Response readHead() throws IOException {
        List<H1Response> interim = new ArrayList<>();
        H1Response next = readAnyHead();
        while (next.status() < 200 && next.status() != 101) {
            interim.add(next);
            next = readAnyHead();
        }
        return new H1Response(
                next.status(), next.reason(), next.headers(), Body.EMPTY, Headers.NONE, interim);
    }

    /** Reads one header section, also of a 1xx answer. */
    public H1Response readAnyHead() throws IOException {
        H1Wire.Head head =
                wire.head().orElseThrow(() -> new EOFException("peer ended before an answer"));
        String[] words = head.startLine().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("status line '" + head.startLine() + "' (expected: HTTP/1.x n)");
        }
        return new H1Response(
                Integer.parseInt(words[1]),
                words.length == 3 ? words[2] : "",
                head.headers(),
                Body.EMPTY,
                Headers.NONE,
                List.of());
    }

    /** Reads one chunk of a chunked body; an empty one is the last. */
    public Body readChunk() throws IOException {
        return wire.chunk();
    }

    /** Reads the fields after the last chunk. */
    public Headers readTrailers() throws IOException {
        return wire.fields();
    }

    /** Exactly {@code count} bytes. */
    public byte[] read(int count) throws IOException {
        return connection.read(count);
    }

    /** Everything up to the peer's FIN; empty when it has just ended. */
    public Body readToClose() throws IOException {
        return Body.of(connection.readToEnd());
    }

    /** The connection, for what this class has no word for. */
    public TcpConnection connection() {
        return connection;
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
