package dev.sluice.chaos.telemetry;

import com.google.protobuf.MessageLite;
import dev.sluice.chaos.experiment.Waits;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Sends spans to a collector by OTLP over HTTP. What may get better is tried again, as the protocol
 * says: three times in all, with a second between. Used by one thread.
 */
public final class SpanPush {
    private static final int TRIES = 3;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(429, 502, 503, 504);

    private final OtlpTarget target;
    private final Waits waits;

    public SpanPush(OtlpTarget target, Waits waits) {
        this.target = target;
        this.waits = waits;
    }

    /**
     * Sends an export request.
     *
     * @return why the collector did not take it; empty when it did
     */
    public Optional<String> send(MessageLite spans) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target.traces())
                        .timeout(target.timeout())
                        .header("content-type", "application/x-protobuf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(spans.toByteArray()));
        try (HttpClient client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(target.timeout())
                        .build()) {
            target.headers().forEach(request::setHeader);
            Answer answer = ask(client, request.build());
            for (int i = 1; i < TRIES && answer.mayGetBetter() && waits.pause(PAUSE); i++) {
                answer = ask(client, request.build());
            }
            return answer.refusal();
        } catch (IllegalArgumentException wrongHeader) {
            return Optional.of("a header can't be sent: " + wrongHeader.getMessage());
        }
    }

    private record Answer(Optional<String> refusal, boolean mayGetBetter) {}

    private static Answer ask(HttpClient client, HttpRequest request) {
        try {
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status < 300
                    ? new Answer(Optional.empty(), /* mayGetBetter= */ false)
                    : new Answer(
                            Optional.of("status " + status), WORTH_ANOTHER_TRY.contains(status));
        } catch (IOException failed) {
            return new Answer(Optional.of(failed.toString()), /* mayGetBetter= */ true);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Answer(Optional.of("interrupted"), /* mayGetBetter= */ false);
        }
    }
}
