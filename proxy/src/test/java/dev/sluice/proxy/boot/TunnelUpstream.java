package dev.sluice.proxy.boot;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H2Settings;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An upstream that agrees to a tunnel, the same over HTTP/1.1, HTTP/2 and for bytes alone, and then
 * does what its script says.
 */
final class TunnelUpstream implements AutoCloseable {
    /** What is spoken before the tunnel begins. */
    enum Speaks {
        H1,
        H2,
        BYTES
    }

    /** The upstream's end of a tunnel. */
    interface End {
        String read(int bytes) throws IOException;

        /** Reads up to the end of the client's half, or what ended it otherwise. */
        String readToEnd() throws IOException;

        void send(String text) throws IOException;

        /** Ends the upstream's half. */
        void finish() throws IOException;

        /** Breaks off. */
        void reset() throws IOException;
    }

    /** What is done with a tunnel. */
    interface Script {
        void play(End end) throws IOException;
    }

    private final Mailbox<String> heads = new Mailbox<>("heads at the upstream");
    private final Runnable upstream;
    private final Speaks speaks;
    private final int port;

    private TunnelUpstream(Speaks speaks, Script script) {
        this.speaks = speaks;
        if (speaks == Speaks.H2) {
            H2Upstream started =
                    H2Upstream.startAtHead(
                            H2Settings.STANDARD.takingChanges(),
                            head -> stream -> play(head.head(), stream, script));
            upstream = started::close;
            port = started.port();
        } else {
            TcpUpstream started = TcpUpstream.start(connection -> play(connection, script));
            upstream = started::close;
            port = started.port();
        }
    }

    static TunnelUpstream start(Speaks speaks, Script script) {
        return new TunnelUpstream(speaks, script);
    }

    /** The upstream as a cluster of this name. */
    String cluster(String name) {
        return speaks == Speaks.H2
                ? Yaml.http2Cluster(name, port)
                        .replace(
                                "http2_protocol_options: {}",
                                "http2_protocol_options: {allow_connect: true}")
                : Yaml.cluster(name, port);
    }

    /** What the upstream was asked. */
    String nextHead() {
        return heads.next();
    }

    @Override
    public void close() {
        upstream.run();
    }

    private void play(TcpConnection connection, Script script) throws IOException {
        if (speaks == Speaks.H1) {
            String head = head(connection);
            heads.put(head);
            connection.send(
                    head.startsWith("CONNECT ")
                            ? "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\n"
                            : """
                            HTTP/1.1 101 Switching Protocols\r
                            upgrade: websocket\r
                            connection: upgrade\r
                            sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
                            \r
                            """);
        }
        script.play(new TcpEnd(connection));
    }

    private void play(Headers head, H2Stream stream, Script script) {
        heads.put(head.toString());
        stream.send(Headers.of(":status", "200"));
        try {
            script.play(new StreamEnd(stream));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads up to the empty line, and not a byte more. */
    private static String head(TcpConnection connection) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = connection.in().read();
            if (next < 0) {
                throw new IOException("the peer ended within its head '" + head + "'");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private record TcpEnd(TcpConnection connection) implements End {
        @Override
        public String read(int bytes) throws IOException {
            return new String(connection.read(bytes), StandardCharsets.ISO_8859_1);
        }

        @Override
        public String readToEnd() throws IOException {
            return new String(connection.readToEnd(), StandardCharsets.ISO_8859_1);
        }

        @Override
        public void send(String text) throws IOException {
            connection.send(text);
        }

        @Override
        public void finish() throws IOException {
            connection.finish();
        }

        @Override
        public void reset() throws IOException {
            connection.reset();
        }
    }

    private static final class StreamEnd implements End {
        private final H2Stream stream;
        private final StreamText text;

        StreamEnd(H2Stream stream) {
            this.stream = stream;
            text = new StreamText(stream);
        }

        @Override
        public String read(int bytes) {
            return text.read(bytes);
        }

        @Override
        public String readToEnd() {
            return text.readToEnd();
        }

        @Override
        public void send(String text) {
            stream.sendData(Body.of(text).bytes());
        }

        @Override
        public void finish() {
            stream.sendLastData(new byte[0]);
        }

        @Override
        public void reset() {
            stream.reset(Http2Error.CANCEL);
        }
    }
}
