package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The usual load generators get an answer to each request, over HTTP/1.1 and over HTTP/2. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadToolsIT {
    private static final String ANSWER = "x".repeat(900);
    private static final int REQUESTS = 5_000;

    private final Running running = new Running();
    private StaticProxy proxy;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        H1Upstream upstream = running.keep(H1Upstream.start(_ -> H1Answer.ok(ANSWER)));
        proxy = running.keep(StaticProxy.start(folder, upstream.port(), StaticProxy.Speaks.BOTH));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void wrk_sees_no_error() throws IOException {
        Ran wrk =
                Peer.named("wrk")
                        .run(List.of("-t1", "-c16", "-d3s", "--timeout", "60s", proxy.url("/")));

        assertThat(wrk.exitCode()).as(wrk.output()).isZero();
        assertThat(wrk.output())
                .contains("requests in")
                .doesNotContain("Socket errors", "Non-2xx", " 0 requests in");
        assertThat(proxy.output()).noneMatch(line -> line.contains("LEAK"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--h1", "--http2"})
    void h2load_gets_every_answer(String protocol) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("-n", Integer.toString(REQUESTS), "-c8", "-t1"));
        arguments.addAll(protocol.equals("--h1") ? List.of("--h1") : List.of("-m16"));
        arguments.add(proxy.url("/"));

        Ran h2load = Peer.named("h2load").run(arguments);

        assertThat(h2load.output())
                .contains(
                        "%d total, %d started, %d done, %d succeeded, 0 failed, 0 errored, 0 timeout"
                                .formatted(REQUESTS, REQUESTS, REQUESTS, REQUESTS),
                        "status codes: %d 2xx, 0 3xx, 0 4xx, 0 5xx".formatted(REQUESTS));
        assertThat(h2load.exitCode()).isZero();
        assertThat(proxy.output()).noneMatch(line -> line.contains("LEAK"));
    }
}
