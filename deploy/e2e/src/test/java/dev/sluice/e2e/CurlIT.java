package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy as curl finds it. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CurlIT {
    private static final int MEBIBYTE = 1 << 20;

    private final Running running = new Running();
    private Path folder;
    private H1Upstream upstream;
    private StaticProxy proxy;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        upstream = running.keep(H1Upstream.startAtHead(CurlIT::answer));
        proxy = running.keep(StaticProxy.start(folder, upstream.port(), StaticProxy.Speaks.BOTH));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    private static H1Answer answer(H1Request request) {
        return switch (request.target()) {
            case "/trailers" ->
                    H1Answer.chunked(List.of("one ", "two"), Headers.of("x-sum", "4711"));
            case "/echo" -> CurlIT::echo;
            default -> H1Answer.ok(request.method() + " " + request.target());
        };
    }

    /** Asks for the body where the client waits to be asked, and gives it back. */
    private static void echo(H1Exchange exchange) throws IOException {
        if (exchange.request().headers().has("expect")) {
            exchange.sendHead(100, Headers.NONE);
        }
        H1Answer.of(200, Headers.NONE, exchange.readBody().body()).play(exchange);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.0", "--http1.1", "--http2-prior-knowledge"})
    void is_answered_in_the_version_that_it_speaks(String version) throws IOException {
        Ran ran = curl("/here", version, "-w", " over %{http_version} with %{response_code}");

        assertThat(ran.output())
                .isIn(
                        "GET /here over 1.1 with 200",
                        "GET /here over 1.0 with 200",
                        "GET /here over 2 with 200");
        assertThat(ran.output().contains("over 2"))
                .as("HTTP/2 exactly when asked for")
                .isEqualTo(version.equals("--http2-prior-knowledge"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void gets_the_trailers_after_the_body(String version) throws IOException {
        Path headers = folder.resolve("headers" + version + ".txt");

        Ran ran = curl("/trailers", version, "-H", "te: trailers", "-D", headers.toString());

        assertThat(ran.output()).as("body").isEqualTo("one two");
        assertThat(Files.readString(headers)).as("headers and trailers").contains("x-sum: 4711");
    }

    @Test
    void waits_for_100_continue_and_then_sends_its_body() throws IOException {
        Ran ran =
                curl(
                        "/echo",
                        "--http1.1",
                        "-v",
                        "-H",
                        "expect: 100-continue",
                        "--expect100-timeout",
                        "60",
                        "-d",
                        "the body");

        assertThat(ran.output()).contains("HTTP/1.1 100 Continue", "HTTP/1.1 200 OK", "the body");
    }

    @Test
    void follows_a_redirect() throws IOException {
        Ran ran = curl("/moved", "-L", "-w", " after %{num_redirects}");

        assertThat(ran.output()).isEqualTo("GET /here after 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void sends_and_gets_back_some_mebibytes(String version) throws IOException {
        byte[] bytes = new byte[8 * MEBIBYTE + 11];
        new SplittableRandom(4711).nextBytes(bytes);
        Path sent = Files.write(folder.resolve("sent" + version), bytes);
        Path got = folder.resolve("got" + version);

        Ran ran = curl("/echo", version, "--data-binary", "@" + sent, "-o", got.toString());

        assertThat(ran.exitCode()).as(ran.output()).isZero();
        assertThat(Files.mismatch(sent, got)).as("first byte that differs").isEqualTo(-1);
    }

    @Test
    void keeps_its_connection_for_the_next_request() throws IOException {
        Ran ran = curl("/one", "-w", " by %{num_connects}\n", proxy.url("/two"));

        assertThat(ran.output().lines())
                .as("connections opened by each request")
                .containsExactly("GET /two by 1", "GET /one by 0");
    }

    @Test
    void a_head_request_gets_the_length_without_the_body() throws IOException {
        Ran ran = curl("/gone", "-I");

        assertThat(ran.output()).contains("410").contains("content-length: 4");
        assertThat(ran.output().strip()).doesNotEndWith("gone");
    }

    @Test
    void a_direct_answer_is_an_error_to_fail_on() throws IOException {
        Ran ran = curl("/gone", "--fail");

        assertThat(ran.exitCode()).as("curl's code for an HTTP error").isEqualTo(22);
    }

    private Ran curl(String path, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-s", "--max-time", "100"));
        arguments.addAll(List.of(options));
        arguments.add(proxy.url(path));
        return Peer.named("curl").run(arguments);
    }
}
