package dev.sluice.chaos.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.experiment.Waits;
import dev.sluice.testkit.ManualClock;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A collector that does not always take what it is sent. */
class SpanPushIT {
    private final ManualClock clock = new ManualClock();
    private final Waits waits =
            new Waits() {
                @Override
                public Instant instant() {
                    return clock.instant();
                }

                @Override
                public long nanos() {
                    return clock.nanos();
                }

                @Override
                public boolean pause(Duration duration) {
                    clock.advance(duration);
                    return true;
                }

                @Override
                public boolean await(CompletableFuture<?> done, Duration most) {
                    return done.handle((_, _) -> true).join();
                }
            };

    private java.util.Optional<String> send(int port) {
        OtlpTarget target =
                new OtlpTarget(
                        URI.create("http://127.0.0.1:" + port + "/v1/traces"),
                        Map.of("x-team", "shop"),
                        Duration.ofSeconds(20),
                        Map.of());
        return new SpanPush(target, waits).send(ExportTraceServiceRequest.getDefaultInstance());
    }

    private static H1Upstream answering(List<Integer> statuses) {
        AtomicInteger next = new AtomicInteger();
        return H1Upstream.start(_ -> H1Answer.status(statuses.get(next.getAndIncrement())));
    }

    @Test
    void a_collector_that_is_busy_is_asked_again() {
        try (H1Upstream collector = answering(List.of(503, 429, 200))) {
            assertThat(send(collector.port())).isEmpty();

            assertThat(collector.received())
                    .hasSize(3)
                    .allMatch(request -> request.headers().first("x-team").get().equals("shop"));
        }
    }

    @Test
    void a_collector_that_stays_busy_is_given_up() {
        try (H1Upstream collector = answering(List.of(503, 503, 503))) {
            assertThat(send(collector.port())).contains("status 503");
        }
    }

    @Test
    void a_refusal_is_final() {
        try (H1Upstream collector = answering(List.of(401))) {
            assertThat(send(collector.port())).contains("status 401");
            assertThat(collector.received()).hasSize(1);
        }
    }

    @Test
    void nobody_there_is_told() {
        assertThat(send(TcpUpstream.refusedPort())).isPresent();
    }
}
