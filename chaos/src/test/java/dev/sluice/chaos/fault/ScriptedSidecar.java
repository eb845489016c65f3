package dev.sluice.chaos.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The admin listener of a sidecar whose traffic is made up: each time somebody reads a lease, it
 * has met some attempts more. Thread-safe.
 */
public final class ScriptedSidecar implements AutoCloseable {
    /** The token that it wants. */
    public static final String TOKEN = "0123456789abcdef";

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, ObjectNode> leases = new ConcurrentHashMap<>();
    private final AtomicLong errors = new AtomicLong();
    private final long hitsPerRead;
    private final long errorsPerRead;
    private final String stateOnRead;
    private final H1Upstream listener = H1Upstream.start(this::answer);

    private ScriptedSidecar(long hitsPerRead, long errorsPerRead, String stateOnRead) {
        this.hitsPerRead = hitsPerRead;
        this.errorsPerRead = errorsPerRead;
        this.stateOnRead = stateOnRead;
    }

    /** Each look at a lease has met so many attempts more. */
    public static ScriptedSidecar meeting(long hitsPerRead) {
        return new ScriptedSidecar(hitsPerRead, 0, "ACTIVE");
    }

    /** As {@link #meeting}, and each page of metrics counts so many errors more. */
    public static ScriptedSidecar failing(long hitsPerRead, long errorsPerRead) {
        return new ScriptedSidecar(hitsPerRead, errorsPerRead, "ACTIVE");
    }

    /** Forgets what it took, as one that has restarted or been told by somebody else. */
    public static ScriptedSidecar losing(String state) {
        return new ScriptedSidecar(1000, 0, state);
    }

    public String url() {
        return "http://127.0.0.1:" + listener.port();
    }

    /** Leases as they were taken, and their states. */
    public List<JsonNode> leases() {
        return leases.values().stream().map(lease -> (JsonNode) lease).toList();
    }

    /** Requests of a method whose path has this in it. */
    public List<H1Request> requests(String method, String part) {
        return listener.received().stream()
                .filter(request -> request.method().equals(method))
                .filter(request -> request.target().contains(part))
                .toList();
    }

    private H1Answer answer(H1Request request) {
        if (request.target().equals("/stats/prometheus")) {
            return H1Answer.ok(
                    "sluice_requests_total{route=\"r\",response_class=\"5xx\"} %d\n"
                                    .formatted(errors.getAndAdd(errorsPerRead))
                            + "sluice_requests_total{route=\"r\",response_class=\"2xx\"} 900\n");
        }
        Optional<String> token = request.headers().first("authorization");
        if (!token.equals(Optional.of("Bearer " + TOKEN))) {
            return H1Answer.status(401);
        }
        String path = request.target().substring(1);
        if (path.equals("faults")) {
            return request.method().equals("GET") ? json("{\"fault_leases\":[]}") : take(request);
        }
        ObjectNode lease = leases.get(path.replaceFirst(":renew$", ""));
        if (lease == null) {
            return H1Answer.status(404);
        }
        if (request.method().equals("DELETE")) {
            lease.put("state", "ENDED");
        } else if (request.method().equals("GET")) {
            lease.put("state", stateOnRead);
            lease.put("matched", Long.toString(lease.path("matched").asLong() + hitsPerRead));
            lease.put("injected", lease.path("matched").asText());
        }
        return json(lease.toString());
    }

    private H1Answer take(H1Request request) {
        try {
            ObjectNode lease = (ObjectNode) JSON.readTree(request.body().text());
            if (lease.path("reason").asText().equals("refuse me")) {
                return H1Answer.status(400);
            }
            leases.put(lease.path("name").asText(), lease.put("state", "ACTIVE"));
            return json(lease.toString());
        } catch (JsonProcessingException malformed) {
            return H1Answer.status(400);
        }
    }

    private static H1Answer json(String text) {
        return H1Answer.of(200, Headers.of("content-type", "application/json"), Body.of(text));
    }

    @Override
    public void close() {
        listener.close();
    }
}
