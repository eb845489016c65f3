package dev.sluice.proxy.boot;

import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A client that asks for a tunnel and uses it, the same over HTTP/1.1 and HTTP/2. */
interface TunnelClient extends AutoCloseable {
    /** What is asked for. */
    enum Wish {
        WEBSOCKET,
        CONNECT
    }

    /** Which protocol the client speaks. */
    enum Over {
        H1,
        H2
    }

    /** Asks, and reads the head of the answer. */
    static TunnelClient ask(Over over, Wish wish, int port) throws IOException {
        return switch (over) {
            case H1 -> new OverHttp1(RawHttp1Client.connect(port), wish);
            case H2 -> new OverHttp2(H2Client.connect(port), wish);
        };
    }

    /** Status of the answer. */
    int status();

    Headers answer();

    void send(String text) throws IOException;

    /** Ends the client's half. */
    void finish() throws IOException;

    /** Reads this many bytes. */
    String read(int bytes) throws IOException;

    /** Reads up to the end of the other half. */
    String readToEnd() throws IOException;

    /** Leaves in the middle. */
    void leave() throws IOException;

    @Override
    void close() throws IOException;

    /** Over HTTP/1.1. */
    final class OverHttp1 implements TunnelClient {
        private final RawHttp1Client client;
        private final H1Response head;

        private OverHttp1(RawHttp1Client client, Wish wish) throws IOException {
            this.client = client;
            client.send(
                    switch (wish) {
                        case WEBSOCKET ->
                                """
                                GET /chat HTTP/1.1\r
                                host: a.test\r
                                connection: upgrade\r
                                upgrade: websocket\r
                                sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
                                \r
                                """;
                        case CONNECT -> "CONNECT a.test:443 HTTP/1.1\r\nhost: a.test:443\r\n\r\n";
                    });
            head = client.readHead();
        }

        @Override
        public int status() {
            return head.status();
        }

        @Override
        public Headers answer() {
            return head.headers();
        }

        @Override
        public void send(String text) throws IOException {
            client.send(text);
        }

        @Override
        public void finish() throws IOException {
            client.connection().finish();
        }

        @Override
        public String read(int bytes) throws IOException {
            return new String(client.read(bytes), StandardCharsets.ISO_8859_1);
        }

        @Override
        public String readToEnd() throws IOException {
            return client.readToClose().text();
        }

        @Override
        public void leave() throws IOException {
            client.connection().reset();
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /** Over HTTP/2. */
    final class OverHttp2 implements TunnelClient {
        private final H2Client client;
        private final H2Stream stream;
        private final Headers head;
        private final StreamText text;

        private OverHttp2(H2Client client, Wish wish) {
            this.client = client;
            stream = client.open();
            text = new StreamText(stream);
            stream.send(
                    switch (wish) {
                        case WEBSOCKET ->
                                Headers.of(
                                        ":method",
                                        "CONNECT",
                                        ":protocol",
                                        "websocket",
                                        ":scheme",
                                        "http",
                                        ":path",
                                        "/chat",
                                        ":authority",
                                        "a.test");
                        case CONNECT ->
                                Headers.of(":method", "CONNECT", ":authority", "a.test:443");
                    });
            head = stream.readHead();
        }

        @Override
        public int status() {
            return Integer.parseInt(head.first(":status").orElseThrow());
        }

        @Override
        public Headers answer() {
            return head;
        }

        @Override
        public void send(String text) {
            stream.sendData(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        @Override
        public void finish() {
            stream.sendLastData(new byte[0]);
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
        public void leave() {
            stream.reset(Http2Error.CANCEL);
        }

        @Override
        public void close() {
            client.close();
        }
    }
}
