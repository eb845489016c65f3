package dev.sluice.proxy.boot;

import dev.sluice.proxy.boot.SoakUpstream.Fault;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H2Client;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Stream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.netty.handler.codec.http2.Http2Error;
import java.io.IOException;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One user of a soak: over HTTP/1.1 and HTTP/2 in turn, some requests a connection. One of a
 * hundred requests goes wrong, by what its upstream does or by leaving in the midst of it. For one
 * thread.
 */
final class SoakClient {
    private static final int ONE_OF = 100;
    private static final int REQUESTS = 40;
    private static final int LARGEST = 48 * 1024;
    private static final Fault[] FAULTS = Fault.values();

    private final int port;
    private final RandomGenerator random;
    private long good;
    private long faulty;

    SoakClient(int port, RandomGenerator random) {
        this.port = port;
        this.random = random;
    }

    /** Requests that were answered as they should be. */
    long good() {
        return good;
    }

    /** Requests that went wrong as they should. */
    long faulty() {
        return faulty;
    }

    /**
     * One connection and its requests.
     *
     * @throws AssertionError when one without a fault is not answered whole
     */
    void connection() throws IOException {
        if (random.nextBoolean()) {
            http1();
        } else {
            http2();
        }
    }

    private boolean goesWrong() {
        return random.nextInt(ONE_OF) == 0;
    }

    private int size() {
        return random.nextInt(4) == 0 ? random.nextInt(LARGEST) : random.nextInt(1024);
    }

    private Headers asking(Fault fault, int size) {
        return Headers.of(
                "x-size", Integer.toString(size), "x-fault", fault.name().toLowerCase(Locale.ROOT));
    }

    /** Null: the client itself leaves. */
    private @Nullable Fault fault() {
        int drawn = random.nextInt(FAULTS.length);
        return drawn == 0 ? null : FAULTS[drawn];
    }

    private void http1() throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(port)) {
            for (int i = 0; i < REQUESTS; i++) {
                if (goesWrong()) {
                    faulty++;
                    wrong(client);
                    return;
                }
                int size = size();
                Body body = random.nextBoolean() ? Body.EMPTY : Body.of(new byte[size()]);
                String method = body.size() == 0 ? "GET" : "POST";
                H1Response answer = client.exchange(method, "/", asking(Fault.NONE, size), body);
                check(answer.status(), answer.body(), size);
            }
        }
    }

    private void wrong(RawHttp1Client client) {
        Fault fault = fault();
        try {
            if (fault == null) {
                client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 90000\r\n\r\nsome");
            } else {
                H1Response unused = client.exchange("GET", "/", asking(fault, size()), Body.EMPTY);
            }
        } catch (IOException brokenOff) {
            // as it should be
        }
    }

    private void http2() {
        try (H2Client client = H2Client.connect(port)) {
            for (int i = 0; i < REQUESTS; i++) {
                if (goesWrong()) {
                    faulty++;
                    wrong(client);
                    continue;
                }
                int size = size();
                H2Message answer =
                        random.nextBoolean()
                                ? client.get("/", flat(asking(Fault.NONE, size)))
                                : post(client, asking(Fault.NONE, size), size());
                check(answer.status(), answer.body(), size);
            }
        }
    }

    /** The upstream knows no other framing than a length. */
    private static H2Message post(H2Client client, Headers asking, int length) {
        Headers framed = asking.with("content-length", Integer.toString(length));
        return client.post("/", Body.of(new byte[length]), flat(framed));
    }

    private void wrong(H2Client client) {
        Fault fault = fault();
        if (fault == null) {
            H2Stream stream = client.open("POST", "/", "content-length", "90000");
            stream.sendData(new byte[100]);
            stream.reset(Http2Error.CANCEL);
        } else {
            H2Message unused = client.get("/", flat(asking(fault, size())));
        }
    }

    private static String[] flat(Headers headers) {
        return headers.fields().stream()
                .flatMap(field -> Stream.of(field.name(), field.value()))
                .toArray(String[]::new);
    }

    private void check(int status, Body body, int size) {
        if (status != 200 || body.size() != size) {
            throw new AssertionError(
                    "status %d with %d bytes (expected: 200 with %d)"
                            .formatted(status, body.size(), size));
        }
        good++;
    }
}
