package dev.sluice.chaos.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends requests over HTTP/1.1, each with its id in a header. It follows no redirect. Thread-safe.
 */
public final class HttpSender implements Generator.Sender, AutoCloseable {
    private static final String DECISION = "x-sluice-decision";
    private static final Pattern SHA256 =
            Pattern.compile("(?:^|[,\\s])sha-256=:([A-Za-z0-9+/]{43}=):");

    private final LoadSettings settings;
    private final HttpClient client;
    private final String run;
    private final BodyReader.Sought sought;
    private final SameTexts texts = new SameTexts();

    public HttpSender(LoadSettings settings) {
        this.settings = settings;
        this.run = HexFormat.of().toHexDigits(settings.seed());
        this.sought = BodyReader.Sought.of(settings, run);
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(settings.timeout());
        if (settings.targets().stream().noneMatch(HttpSender::isSecure)) {
            // Without handshakes all is short: no other thread need wake up for an answer.
            builder.executor(Runnable::run);
        }
        this.client = builder.build();
    }

    private static boolean isSecure(URI target) {
        return "https".equalsIgnoreCase(target.getScheme());
    }

    /**
     * Lets this process send each request once. It must be called before the first request, and
     * then no client of this process follows redirects.
     */
    public static void sendOnce() {
        System.setProperty("jdk.httpclient.redirects.retrylimit", "1");
    }

    private String id(Planned planned) {
        return run + "-" + planned.id();
    }

    @Override
    public CompletableFuture<Answer> send(Planned planned) {
        BodyReader body = new BodyReader(sought);
        CompletableFuture<HttpResponse<Void>> response;
        try {
            response =
                    client.sendAsync(
                            request(planned),
                            head -> {
                                body.begin(head.statusCode());
                                return HttpResponse.BodySubscribers.ofByteArrayConsumer(
                                        bytes -> bytes.ifPresent(body::add));
                            });
        } catch (IllegalArgumentException wrong) {
            return CompletableFuture.completedFuture(new Answer.Failed(wrong.toString()));
        }
        return response.copy()
                .orTimeout(settings.timeout().toNanos(), TimeUnit.NANOSECONDS)
                .handle((whole, failure) -> {
                    if (failure == null) {
                        return complete(planned, whole, body);
                    }
                    response.cancel(/* mayInterruptIfRunning= */ true);
                    return broken(failure, body);
                });
    }

    private HttpRequest request(Planned planned) {
        String target =
                settings.targets()
                        .get(planned.target())
                        .toString()
                        .replace(LoadSettings.KEY_IN_URL, planned.key());
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(target)).header(settings.idHeader(), id(planned));
        settings.headers()
                .forEach((name, value) ->
                        request.header(name, value.replace(LoadSettings.KEY, planned.key())));
        settings.writes()
                .filter(_ -> planned.operation() == Planned.Operation.WRITE)
                .ifPresent(writes -> {
                    String value = BodyReader.value(run, planned.id());
                    request.method(
                            writes.method(),
                            HttpRequest.BodyPublishers.ofString(
                                    writes.body().replace(LoadSettings.VALUE, value)));
                });
        return request.build();
    }

    private Answer complete(Planned planned, HttpResponse<Void> response, BodyReader body) {
        HttpHeaders headers = response.headers();
        return new Answer.Complete(
                response.statusCode(),
                headers.firstValue(settings.idHeader()).map(echo -> echo.equals(id(planned))),
                headers.firstValue(DECISION).map(texts::of),
                body.end(
                        headers.firstValueAsLong("content-length"),
                        digest(headers).map(texts::of),
                        texts));
    }

    private static Optional<String> digest(HttpHeaders headers) {
        Matcher found = SHA256.matcher(String.join(", ", headers.allValues("content-digest")));
        return found.find()
                ? Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(found.group(1))))
                : Optional.empty();
    }

    private static Answer broken(Throwable failure, BodyReader body) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        String why =
                switch (cause) {
                    case TimeoutException _ -> "no whole answer in time";
                    case IOException io when io.getCause() != null -> words(io.getCause());
                    case IOException io -> words(io);
                    default -> cause.toString();
                };
        return body.cut(why).orElseGet(() -> new Answer.Failed(why));
    }

    /** The client hides the reason behind "too many retries", and some exceptions have no words. */
    private static String words(Throwable reason) {
        return reason.getMessage() == null ? reason.toString() : reason.getMessage();
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
