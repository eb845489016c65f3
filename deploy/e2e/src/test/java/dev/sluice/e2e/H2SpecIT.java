package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.StaticProxy.Speaks;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * RFC 9113 and RFC 7541 as h2spec tests them, its strict test included. Requests go to an upstream
 * that reads each to its end before it answers: an answer that comes sooner ends the stream, and
 * what h2spec then sends on it is rightly taken otherwise, now and then.
 */
@Tag("interop")
class H2SpecIT {
    @TempDir private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = Speaks.class,
            names = {"HTTP2", "TLS"})
    void every_test_of_h2spec_passes(Speaks speaks) throws IOException {
        try (H1Upstream upstream = H1Upstream.start(_ -> H1Answer.ok("hello, this is the answer"));
                StaticProxy proxy = StaticProxy.start(folder, upstream.port(), speaks)) {
            List<String> arguments = new ArrayList<>(List.of("--strict", "--host", "127.0.0.1"));
            arguments.addAll(List.of("--port", Integer.toString(proxy.port()), "--timeout", "20"));
            if (speaks == Speaks.TLS) {
                arguments.addAll(List.of("--tls", "--insecure"));
            }
            arguments.addAll(List.of("generic", "hpack", "http2"));

            Ran h2spec = Peer.named("h2spec").run(arguments);

            assertThat(h2spec.output())
                    .as("what h2spec says")
                    .contains("146 tests, 146 passed, 0 skipped, 0 failed");
            assertThat(h2spec.exitCode()).as("exit code of h2spec").isZero();
            assertThat(proxy.output()).noneMatch(line -> line.contains("LEAK"));
        }
    }
}
