package dev.sluice.control.checkpoint;

import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checkpoints posted to an address as lines of text, with the secret {@value #SECRET} as bearer
 * token where there is one. Anything but 2xx is no receipt; redirects are not followed. Failures
 * name the origin alone: a path may be a secret. Thread-safe.
 */
public final class CheckpointPost implements CheckpointPlace {
    static final String SECRET = "checkpoint";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final URI address;
    private final String origin;
    private final Secrets secrets;
    private final HttpClient client;

    /**
     * @param address of http or https
     * @param trust whose certificates are believed there
     */
    public CheckpointPost(URI address, Secrets secrets, Trust trust) {
        this.address = address;
        this.origin = Origins.of(address).orElseThrow();
        this.secrets = secrets;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .sslContext(trust.tls())
                        .build();
    }

    @Override
    public String kind() {
        return "url";
    }

    @Override
    public void put(Checkpoint checkpoint) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "text/plain; charset=utf-8")
                        .POST(BodyPublishers.ofString(checkpoint.line() + "\n"));
        secrets.find(SECRET).ifPresent(it -> request.header("Authorization", "Bearer " + it));
        int status = status(request.build());
        if (status < 200 || status >= 300) {
            throw new IOException(origin + " answered " + status);
        }
    }

    /** A time of the request would end with the headers of the answer; this one bounds its body. */
    private int status(HttpRequest request) throws IOException {
        CompletableFuture<Integer> answer =
                client.sendAsync(request, BodyHandlers.discarding())
                        .thenApply(response -> response.statusCode());
        try {
            return answer.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(origin + " did not answer in " + LONGEST.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(origin + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("this control plane stops", e);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
