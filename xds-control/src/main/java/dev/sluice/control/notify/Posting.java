package dev.sluice.control.notify;

import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Trust;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One HTTP POST to an origin that the operator allowed. A redirect is an answer like another and is
 * not followed, since it would lead elsewhere. Receipts name the origin, never the path: that of a
 * chat webhook is a secret. Thread-safe; blocks.
 */
final class Posting implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** Answers that say that this content will never do. */
    private static final Set<Integer> NEVER = Set.of(400, 405, 406, 410, 411, 413, 415, 422);

    private final Origins origins;
    private final HttpClient client;

    Posting(Origins origins, Trust trust) {
        this.origins = origins;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .sslContext(trust.tls())
                        .build();
    }

    Receipt post(String url, Map<String, String> headers, byte[] body) {
        Optional<URI> address = Origins.uri(url);
        Optional<String> origin = address.flatMap(Origins::of);
        if (address.isEmpty() || origin.isEmpty()) {
            return Receipt.Failed.of("its URL is none of http or https");
        }
        return origins.allow(origin.get())
                ? send(address.get(), origin.get(), headers, body)
                : Receipt.Failed.of(Couriers.refusal(origins, origin.get()).toString());
    }

    private Receipt send(URI address, String origin, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::setHeader);
        // a time of the request ends with the headers of the answer; this one bounds its body too
        CompletableFuture<HttpResponse<Void>> answer =
                client.sendAsync(request.build(), BodyHandlers.discarding());
        try {
            return receipt(origin, answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException _) {
            answer.cancel(true);
            return Receipt.Failed.of(origin + " did not answer in " + LONGEST.toSeconds() + " s");
        } catch (ExecutionException e) {
            return Receipt.Failed.of(origin + ": " + reason(e));
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return Receipt.Failed.of("this control plane stops");
        }
    }

    private static Receipt receipt(String origin, HttpResponse<Void> answer) {
        int status = answer.statusCode();
        String detail = origin + " answered " + status;
        if (status >= 200 && status < 300) {
            return new Receipt.Delivered(detail);
        }
        if (status >= 300 && status < 400) {
            return Receipt.Failed.of(detail + "; redirects are not followed");
        }
        return NEVER.contains(status)
                ? new Receipt.Refused(detail)
                : new Receipt.Failed(
                        detail, answer.headers().firstValue("Retry-After").flatMap(Posting::pause));
    }

    /** RFC 9110 §10.2.3, in seconds; a date is not read. */
    private static Optional<Duration> pause(String header) {
        if (!header.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        return Optional.of(asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked);
    }

    private static String reason(ExecutionException failed) {
        Throwable failure = failed.getCause() == null ? failed : failed.getCause();
        return failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
