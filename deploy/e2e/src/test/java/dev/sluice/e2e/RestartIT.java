package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy is restarted twice under load, by handing its sockets over, and no request fails. */
@Tag("interop")
class RestartIT {
    /** So many answers by the last process: it has taken over. */
    private static final int ENOUGH = 1_000;

    @TempDir private Path folder;

    @Test
    void wrk_sees_no_error_while_one_process_takes_the_place_of_another() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        try (Running running = new Running()) {
            H1Upstream upstream =
                    running.keep(
                            H1Upstream.start(_ -> {
                                answers.incrementAndGet();
                                return H1Answer.ok("ok");
                            }));
            String place = folder.resolve("s.sock").toString();
            StaticProxy first = running.keep(start(upstream, place));
            List<Spawned> loads =
                    List.of(
                            running.keep(load(first, "-c8")),
                            running.keep(load(first, "-c4", "-H", "Connection: close")));
            upstream.next();

            StaticProxy second = running.keep(first.successor("--hand-over", place));
            first.awaitEnd();
            StaticProxy third = running.keep(second.successor("--hand-over", place));
            second.awaitEnd();
            int before = answers.get();
            Caller.await(() -> answers.get() >= before + ENOUGH);

            assertThat(answers.get() - before)
                    .as("answers after it")
                    .isGreaterThanOrEqualTo(ENOUGH);
            for (Spawned load : loads) {
                load.interrupt();
                assertThat(String.join("\n", load.awaitEnd()))
                        .contains("requests in")
                        .doesNotContain("Socket errors", "Non-2xx", " 0 requests in");
            }
            assertThat(third.output()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    /** Until it is interrupted, or for five minutes. */
    private static Spawned load(StaticProxy target, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-t1", "-d300s", "--timeout", "60s"));
        arguments.addAll(List.of(options));
        arguments.add(target.url("/"));
        return Peer.named("wrk").start("Running", arguments);
    }

    private StaticProxy start(H1Upstream upstream, String place) throws IOException {
        return StaticProxy.start(
                folder, upstream.port(), StaticProxy.Speaks.BOTH, "--hand-over", place);
    }
}
