package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tcp.HeldPort;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * What the original Toxiproxy and ours do alike, and the {@link Difference}s. Each part is run
 * against both; a part's proxies are removed after each test.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WireContract {
    private static final JsonMapper JSON = new JsonMapper();

    /** An answer of the API. */
    record Reply(int status, String type, String body, HttpResponse<String> whole) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException malformed) {
                throw new AssertionError("no JSON: " + body, malformed);
            }
        }

        void isRefused(int expected, String words) {
            assertThat(status).as("status of %s", body).isEqualTo(expected);
            assertThat(json().path("error").textValue()).as("error").startsWith(words);
            assertThat(json().path("status").intValue()).as("status field").isEqualTo(expected);
        }
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private Subject subject;
    private TcpUpstream echo;

    abstract Subject start();

    @BeforeAll
    void startSubject() {
        subject = start();
        echo = TcpUpstream.start(WireContract::echo);
    }

    @AfterAll
    void endSubject() {
        http.close();
        subject.close();
        echo.close();
    }

    @AfterEach
    void removeProxies() {
        get("/proxies").json().fieldNames().forEachRemaining(name -> delete("/proxies/" + name));
    }

    final Subject subject() {
        return subject;
    }

    /** Whether the subject is the original and does what the difference is about. */
    final boolean has(Difference difference) {
        assertThat(difference).isNotNull();
        return subject.original();
    }

    /** An upstream that sends back what it gets, until it gets a FIN. */
    final TcpUpstream echo() {
        return echo;
    }

    static void echo(TcpConnection connection) throws IOException {
        byte[] buffer = new byte[8192];
        for (int n = connection.in().read(buffer); n >= 0; n = connection.in().read(buffer)) {
            connection.send(Arrays.copyOf(buffer, n));
        }
    }

    final Reply get(String path) {
        return call("GET", path, "");
    }

    final Reply post(String path, String body) {
        return call("POST", path, body);
    }

    final Reply patch(String path, String body) {
        return call("PATCH", path, body);
    }

    final Reply delete(String path) {
        return call("DELETE", path, "");
    }

    final Reply call(String method, String path, String body, String... headers) {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + subject.api().getPort() + path))
                        .timeout(Patience.LIMIT)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> whole =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String type = whole.headers().firstValue("content-type").orElse("");
            return new Reply(whole.statusCode(), type, whole.body(), whole);
        } catch (IOException failed) {
            throw new AssertionError(method + " " + path + " failed", failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** A proxy named {@code p} on a free loopback port, in front of the echo. */
    final InetSocketAddress proxied() {
        return proxied("p", echo.port());
    }

    /** A proxy named {@code p} on this loopback port, in front of the echo. */
    final InetSocketAddress proxiedOn(HeldPort port) {
        return proxied("p", port.port(), echo.port());
    }

    final InetSocketAddress proxied(String name, int upstreamPort) {
        return proxied(name, 0, upstreamPort);
    }

    private InetSocketAddress proxied(String name, int port, int upstreamPort) {
        Reply created =
                post(
                        "/proxies",
                        """
                        {"name":"%s","listen":"127.0.0.1:%d","upstream":"127.0.0.1:%d"}\
                        """
                                .formatted(name, port, upstreamPort));
        assertThat(created.status()).as("status of %s", created.body()).isEqualTo(201);
        return listens(created.json());
    }

    static InetSocketAddress listens(JsonNode proxy) {
        String listen = proxy.path("listen").textValue();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Adds a toxic to the proxy {@code p}; the text is the JSON between its braces. */
    final void toxic(String fields) {
        Reply added = post("/proxies/p/toxics", "{" + fields + "}");
        assertThat(added.status()).as("status of %s", added.body()).isEqualTo(200);
    }

    static void sends(TcpConnection connection, String text) throws IOException {
        connection.send(text.getBytes(StandardCharsets.UTF_8));
    }

    static String reads(TcpConnection connection, int bytes) throws IOException {
        return new String(connection.read(bytes), StandardCharsets.UTF_8);
    }

    /** What arrives until the connection ends, by FIN or by RST. */
    static String untilEnd(TcpConnection connection) throws IOException {
        var bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = connection.in().read(buffer); n >= 0; n = connection.in().read(buffer)) {
                bytes.write(buffer, 0, n);
            }
        } catch (java.net.SocketException reset) {
            return bytes.toString(StandardCharsets.UTF_8);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
