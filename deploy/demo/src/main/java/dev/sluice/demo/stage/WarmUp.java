package dev.sluice.demo.stage;

import dev.sluice.contract.decide.Baggage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Calls to one version before users come: reads and writes, some at a time, so that code is
 * compiled and connections are open on every path that users take. Writes are of a customer who
 * does not exist, and change nothing. Used by one thread.
 *
 * @param sidecar base address of the version's sidecar
 * @param service that is behind it
 * @param baggage the decision that such a call carries: a version calls the others of its own side,
 *     whatever the share is yet
 */
record WarmUp(URI sidecar, String service, String baggage) {
    /** In all. */
    static final int CALLS = 480;

    private static final int AT_A_TIME = 8;
    private static final int NOBODY = 0;

    /** Makes the calls; what they are answered does not matter. */
    void run() throws IOException, InterruptedException {
        try (HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                HttpRequest call = call(i);
                calls.add(() -> {
                    HttpResponse<Void> unused =
                            http.send(call, HttpResponse.BodyHandlers.discarding());
                    return null;
                });
            }
            for (Future<Void> call : callers.invokeAll(calls)) {
                call.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("warming up " + sidecar + ": " + e.getMessage(), e);
        }
    }

    /** Two reads, one of somebody, to one write. */
    private HttpRequest call(int i) {
        int user = i % 3 == 0 ? NOBODY : 1 + i;
        HttpRequest.Builder request =
                HttpRequest.newBuilder()
                        .header("content-type", "application/json")
                        .header(Baggage.HEADER, baggage)
                        .header(AdminApi.KEY_HEADER, Integer.toString(user));
        if (i % 3 != 0) {
            return request.uri(at("/" + user)).build();
        }
        return service.equals("customers")
                ? request.uri(at("/" + user)).PUT(body("{\"full_name\":\"No Body\"}")).build()
                : request.uri(at(""))
                        .POST(
                                body(
                                        "{\"customer_id\":%d,\"order_id\":\"%s\",\"item\":\"none\"}"
                                                .formatted(user, new UUID(0, i))))
                        .build();
    }

    private URI at(String path) {
        return sidecar.resolve("/" + service + path);
    }

    private static HttpRequest.BodyPublisher body(String json) {
        return HttpRequest.BodyPublishers.ofString(json);
    }
}
