package dev.sluice.chaos.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Does what {@code http} providers say. Thread-safe. */
final class HttpCalls implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int MOST_RETRIES = 100;

    private final HttpClient client = builder().build();
    private volatile @Nullable HttpClient unchecked;

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .connectTimeout(LONGEST)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL);
    }

    private HttpClient client(JsonNode fields) {
        return fields.path("verify_tls").asBoolean(true) ? client : unchecked();
    }

    private synchronized HttpClient unchecked() {
        HttpClient made =
                unchecked == null
                        ? builder().sslContext(UncheckedTls.context()).build()
                        : unchecked;
        unchecked = made;
        return made;
    }

    /**
     * As the fields say; one that could not connect is sent again up to {@code max_retries}. The
     * time limit is for the whole answer, its body included.
     */
    Outcome call(JsonNode fields, Cut cut) {
        String url = fields.path("url").asText();
        int retries = Math.min(fields.path("max_retries").asInt(0), MOST_RETRIES);
        Duration most = timeout(fields.path("timeout"));
        try {
            HttpRequest request = request(fields, most);
            for (int i = 0; ; i++) {
                CompletableFuture<HttpResponse<String>> answer =
                        client(fields)
                                .sendAsync(
                                        request,
                                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                Cut.End end = cut.await(answer, most);
                if (end != Cut.End.ANSWERED) {
                    answer.cancel(/* mayInterruptIfRunning= */ true);
                    return Outcome.failed(
                            end == Cut.End.CUT
                                    ? url + ": cut short, as the run ended"
                                    : url + ": no whole answer within " + most.toMillis() + " ms");
                }
                try {
                    return Outcome.answered(output(answer.get()));
                } catch (ExecutionException failed) {
                    if (i >= retries || !(failed.getCause() instanceof ConnectException)) {
                        return Outcome.failed(url + ": " + failed.getCause());
                    }
                }
            }
        } catch (IllegalArgumentException wrong) {
            return Outcome.failed(url + ": " + wrong);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Outcome.failed("interrupted");
        }
    }

    /** Arguments are a query for GET, JSON if the content type says so, else a form. */
    private static HttpRequest request(JsonNode fields, Duration most) {
        String method = fields.path("method").asText("GET").toUpperCase(Locale.ROOT);
        String url = fields.path("url").asText();
        JsonNode arguments = fields.path("arguments");
        JsonNode headers = fields.path("headers");
        boolean json = headers.path("Content-Type").asText().equals("application/json");
        String body = "";
        if (arguments.isObject() && !arguments.isEmpty()) {
            if (method.equals("GET")) {
                url += (url.contains("?") ? "&" : "?") + form(arguments);
            } else {
                body = json ? arguments.toString() : form(arguments);
            }
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .timeout(most)
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        headers.properties()
                .forEach(field -> request.header(field.getKey(), field.getValue().asText()));
        if (!body.isEmpty() && !headers.has("Content-Type")) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        return request.build();
    }

    private static String form(JsonNode arguments) {
        return arguments.properties().stream()
                .flatMap(field ->
                        values(field.getValue())
                                .map(value ->
                                        encoded(field.getKey())
                                                + "="
                                                + encoded(PythonText.of(value))))
                .collect(Collectors.joining("&"));
    }

    /** A list is its elements in turns; what is null is not sent. */
    private static Stream<JsonNode> values(JsonNode value) {
        Stream<JsonNode> values =
                value.isArray()
                        ? StreamSupport.stream(value.spliterator(), /* parallel= */ false)
                        : Stream.of(value);
        return values.filter(one -> !one.isNull());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Duration timeout(JsonNode timeout) {
        double seconds = timeout.isArray() ? timeout.path(1).asDouble() : timeout.asDouble(0);
        return seconds > 0 ? Duration.ofMillis(Math.max(1, (long) (seconds * 1000))) : LONGEST;
    }

    private static ObjectNode output(HttpResponse<String> answer) {
        ObjectNode output = JSON.createObjectNode();
        output.put("status", answer.statusCode());
        ObjectNode headers = output.putObject("headers");
        answer.headers()
                .map()
                .forEach((name, values) -> headers.put(name, String.join(", ", values)));
        String type = answer.headers().firstValue("content-type").orElse("");
        output.set("body", body(answer.body(), type.equals("application/json")));
        return output;
    }

    private static JsonNode body(String text, boolean json) {
        try {
            return json ? JSON.readTree(text) : JSON.getNodeFactory().textNode(text);
        } catch (JsonProcessingException malformed) {
            return JSON.getNodeFactory().textNode(text);
        }
    }

    @Override
    public void close() {
        close(client);
        HttpClient made = unchecked;
        if (made != null) {
            close(made);
        }
    }

    private static void close(HttpClient client) {
        client.shutdownNow();
        client.close();
    }
}
