package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same taps of the same exchanges on stock Envoy and on Sluice, by {@code POST /tap}: what they
 * tell is the same, but for what {@code docs/envoy-differences.md} says under "Taps".
 */
@Tag("interop")
class TapPeerIT {
    private static final String ANY = "any_match: true";
    private static final String REQUESTS_IN_DOUBT =
            "http_request_headers_match: {headers: [{name: x-debug, present_match: true}]}";
    private static final String FAILURES =
            "http_response_headers_match: {headers: [{name: ':status', exact_match: '503'}]}";

    private static final List<String> REQUESTS =
            List.of(
                    request("GET /get?a=b", "x-debug: 1\r\nX-Twice: 1\r\nx-twice: 2\r\n", ""),
                    request("POST /post", "content-length: 26\r\n", "abcdefghijklmnopqrstuvwxyz"),
                    request(
                            "POST /chunks",
                            "x-debug: 1\r\ntransfer-encoding: chunked\r\n",
                            "3\r\none\r\n0\r\nx-sum: 4711\r\n\r\n"),
                    request("GET /fails", "", ""),
                    request("GET /chunked", "", ""),
                    request("GET /gone", "", ""));

    /** Of bodies in several chunks, the segments are as they are read. */
    private static final List<String> IN_ONE_PIECE =
            REQUESTS.stream().filter(request -> !request.startsWith("GET /chunked ")).toList();

    @TempDir private Path folder;

    private final Running running = new Running();
    private Tapped envoy;
    private Tapped sluice;

    @BeforeEach
    void start() throws IOException {
        H1Upstream upstream = running.keep(H1Upstream.start(TapPeerIT::answer));
        envoy =
                running.keep(
                        Tapped.start(
                                folder.resolve("envoy.yaml"), upstream.port(), Spawned::envoy));
        sluice =
                running.keep(
                        Tapped.start(
                                folder.resolve("sluice.yaml"), upstream.port(), Spawned::proxy));
        envoy.awaitReady();
        sluice.awaitReady();
    }

    @AfterEach
    void stop() {
        running.close();
    }

    private static String request(String line, String headers, String body) {
        return line + " HTTP/1.1\r\nhost: sluice.test\r\n" + headers + "\r\n" + body;
    }

    private static H1Answer answer(H1Request request) {
        if (request.target().equals("/chunked")) {
            return H1Answer.chunked(List.of("some ", "chunks"), Headers.of("x-end", "1"));
        }
        return H1Answer.of(
                request.target().startsWith("/fails") ? 503 : 200,
                Headers.of("x-shop", "main", "x-shop", "second"),
                Body.of("answer to " + request.target()));
    }

    private static String asked(String match, String output) {
        return """
        config_id: shop
        tap_config:
          match: {%s}
          output_config: {sinks: [{streaming_admin: {}}], %s}
        """
                .formatted(match, output);
    }

    @Test
    void taps_tell_what_those_of_envoy_tell() throws IOException {
        compare("every exchange", asked(ANY, "max_buffered_rx_bytes: 10"));
        compare(
                "as text",
                asked(ANY, "")
                        .replace(
                                "{streaming_admin",
                                "{format: JSON_BODY_AS_STRING, streaming_admin"));
        compare("by requests", asked(REQUESTS_IN_DOUBT, "max_buffered_tx_bytes: 4"));
        compare("by answers", asked(FAILURES, ""));
        compareSegments("in segments", asked(ANY, "streaming: true, max_buffered_tx_bytes: 4"));
        compareSegments("in segments, by requests", asked(REQUESTS_IN_DOUBT, "streaming: true"));
        compareSegments("in segments, by answers", asked(FAILURES, "streaming: true"));
        refuse("no body", "");
        refuse("an unknown id", asked(ANY, "").replace("shop", "other"));
        refuse("no sink", "{config_id: shop, tap_config: {match: {any_match: true}}}");
        refuse("no match", asked("", ""));
        running.keep(envoy.tap(asked(ANY, "")));
        running.keep(sluice.tap(asked(ANY, "")));
        refuse("a second client", asked(ANY, ""));
    }

    private void compare(String what, String asked) throws IOException {
        compare(what, asked, REQUESTS);
    }

    private void compareSegments(String what, String asked) throws IOException {
        compare(what, asked, IN_ONE_PIECE);
    }

    private void compare(String what, String asked, List<String> requests) throws IOException {
        assertThat(sluice.told(asked, requests))
                .as("what a tap tells: " + what)
                .isEqualTo(envoy.told(asked, requests));
    }

    private void refuse(String what, String asked) throws IOException {
        assertThat(sluice.refused(asked).status())
                .as("status of a tap with " + what)
                .isEqualTo(envoy.refused(asked).status())
                .isEqualTo(400);
    }
}
