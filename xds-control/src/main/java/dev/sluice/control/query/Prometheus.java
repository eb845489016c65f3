package dev.sluice.control.query;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Servers of the Prometheus HTTP API (instant queries by POST, as Prometheus, Thanos, Mimir and
 * VictoriaMetrics have them). Only an origin that the operator allowed is asked, and no redirect is
 * followed. Thread-safe; blocks.
 */
public final class Prometheus implements MetricsServer, AutoCloseable {
    private static final String PATH = "/api/v1/query";
    private static final String OPTION = "--query-allow";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final long MOST_BYTES = 1 << 20;

    private final Origins origins;
    private final Secrets secrets;
    private final HttpClient client;

    public Prometheus(Origins origins, Secrets secrets, Trust trust) {
        this.origins = origins;
        this.secrets = secrets;
        this.client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .sslContext(trust.tls())
                        .build();
    }

    /** Why the server of a criterion is not asked. */
    public Optional<Problem> refusal(QueryCriterion criterion) {
        return refusal(criterion.source().url());
    }

    private Optional<Problem> refusal(String url) {
        return Origins.uri(url)
                .flatMap(Origins::of)
                .filter(origin -> !origins.allow(origin))
                .map(origin -> origins.refusal("url", OPTION, origin));
    }

    @Override
    public Reply ask(QueryCriterion.Source source, String query, Duration lookBack) {
        Optional<Problem> refusal = refusal(source.url());
        if (refusal.isPresent()) {
            return new Reply.Nothing(refusal.get().toString());
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address(source.url()))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "application/json")
                        .POST(BodyPublishers.ofString(form(source, query, lookBack)));
        if (source.bearerSecret().isPresent()) {
            Optional<String> token = secrets.find(source.bearerSecret().get());
            if (token.isEmpty()) {
                return new Reply.Nothing(
                        "this control plane has no secret " + source.bearerSecret().get());
            }
            request.header("Authorization", "Bearer " + token.get());
        }
        return send(request.build(), source.timeout());
    }

    private Reply send(HttpRequest request, Duration timeout) {
        // a time of the request ends with the headers of the answer; this one bounds its body too
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(
                        request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            HttpResponse<byte[]> got = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Answers.read(got.statusCode(), got.body());
        } catch (TimeoutException _) {
            answer.cancel(true);
            return new Reply.Nothing("no answer in " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return new Reply.Nothing("not reached: " + reason(e));
        } catch (InterruptedException _) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Reply.Nothing("this control plane stops");
        }
    }

    private static URI address(String url) {
        return URI.create(
                url.endsWith("/") ? url.substring(0, url.length() - 1) + PATH : url + PATH);
    }

    private static String form(QueryCriterion.Source source, String query, Duration lookBack) {
        return "query="
                + URLEncoder.encode(query, StandardCharsets.UTF_8)
                + "&timeout="
                + source.timeout().toMillis()
                + "ms&lookback_delta="
                + lookBack.toMillis()
                + "ms";
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
