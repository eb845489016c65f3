package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy is restarted twice under load, by handing its sockets over, and no request fails. */
@Tag("interop")
class RestartIT {
    @TempDir private Path folder;

    @Test
    void wrk_sees_no_error_while_one_process_takes_the_place_of_another() throws Exception {
        try (Running running = new Running();
                var loads = Executors.newFixedThreadPool(2)) {
            H1Upstream upstream = running.keep(H1Upstream.start(_ -> H1Answer.ok("ok")));
            String place = folder.resolve("s.sock").toString();
            StaticProxy first = running.keep(start(upstream, place));
            List<String> kept = List.of("-t1", "-c8", "-d25s", "--timeout", "60s", first.url("/"));
            List<String> fresh =
                    List.of(
                            "-t1",
                            "-c4",
                            "-d25s",
                            "--timeout",
                            "60s",
                            "-H",
                            "Connection: close",
                            first.url("/"));
            Peer wrk = Peer.named("wrk");
            Future<Ran> onKept = loads.submit(() -> wrk.run(kept));
            Future<Ran> onFresh = loads.submit(() -> wrk.run(fresh));
            upstream.next();

            StaticProxy second = running.keep(first.successor("--hand-over", place));
            first.awaitEnd();
            StaticProxy third = running.keep(second.successor("--hand-over", place));
            second.awaitEnd();

            for (Future<Ran> load : List.of(onKept, onFresh)) {
                Ran seen = load.get(Peer.LONGEST.toSeconds(), TimeUnit.SECONDS);
                assertThat(seen.exitCode()).as(seen.output()).isZero();
                assertThat(seen.output())
                        .contains("requests in")
                        .doesNotContain("Socket errors", "Non-2xx", " 0 requests in");
            }
            assertThat(third.output()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    private StaticProxy start(H1Upstream upstream, String place) throws IOException {
        return StaticProxy.start(
                folder, upstream.port(), StaticProxy.Speaks.BOTH, "--hand-over", place);
    }
}
