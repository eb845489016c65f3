package dev.sluice.testkit.http;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A scripted HTTP/1.1 server on a free loopback port: {@code H1Upstream.start(request ->
 * H1Answer.ok("body"))}. Keeps connections alive unless the request says {@code connection: close}
 * or the answer ends them. Thread-safe; the script is called on a virtual thread per connection.
 */
public final class H1Upstream implements AutoCloseable {
    private final Mailbox<H1Request> requests = new Mailbox<>("a request at an HTTP/1.1 upstream");
    private final TcpUpstream listener;

    private H1Upstream(Reader reader, Function<H1Request, H1Answer> script) {
        listener = TcpUpstream.start(connection -> serve(connection, reader, script));
    }

    /** How much of a request is read before the script is asked. */
    private interface Reader {
        H1Request read(H1Exchange exchange) throws IOException;
    }

    /** Reads each request whole, then plays the answer that the script gives for it. */
    public static H1Upstream start(Function<H1Request, H1Answer> script) {
        return new H1Upstream(H1Exchange::readBody, script);
    }

    /**
     * Plays the answer as soon as a head is read; the script reads the body when and if it wants to
     * (early answers, streaming both ways, back-pressure). What it left is read before the next
     * request.
     */
    public static H1Upstream startAtHead(Function<H1Request, H1Answer> script) {
        return new H1Upstream(H1Exchange::request, script);
    }

    public int port() {
        return listener.port();
    }

    public InetSocketAddress address() {
        return listener.address();
    }

    /** Takes the next request's record, waiting for it: whole, or its head in startAtHead. */
    public H1Request next() {
        return requests.next();
    }

    /** All requests so far. */
    public List<H1Request> received() {
        return requests.received();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return listener.connections();
    }

    /** Connections that neither side has ended yet. */
    public int liveConnections() {
        return listener.liveConnections();
    }

    /** Ends all connections; throws what a script threw. */
    @Override
    public void close() {
        listener.close();
    }

    private void serve(
            TcpConnection connection, Reader reader, Function<H1Request, H1Answer> script)
            throws IOException {
        H1Wire wire = new H1Wire(connection.in());
        boolean alive = true;
        while (alive) {
            Optional<H1Wire.Head> head = wire.head();
            if (head.isEmpty()) {
                return;
            }
            H1Exchange exchange =
                    new H1Exchange(connection, wire, request(connection.number(), head.get()));
            H1Request read = reader.read(exchange);
            requests.put(read);
            script.apply(read).play(exchange);
            alive = exchange.keepsAlive();
        }
    }

    private static H1Request request(int connection, H1Wire.Head head) throws IOException {
        String[] words = head.startLine().split(" ", -1);
        if (words.length != 3) {
            throw new IOException(
                    "request line '" + head.startLine() + "' (expected: method target version)");
        }
        return new H1Request(
                connection, words[0], words[1], words[2], head.headers(), Body.EMPTY, Headers.NONE);
    }
}
