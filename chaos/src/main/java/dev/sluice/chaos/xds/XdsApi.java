package dev.sluice.chaos.xds;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/**
 * The HTTP API of the proxy, in the shapes of fault leases on sidecars: {@code POST /faults},
 * {@code GET /faults}, and {@code GET}, {@code DELETE} and {@code POST …:renew} of one.
 * Thread-safe: what it does with leases, it does on the proxy's thread.
 */
final class XdsApi implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String RENEW = ":renew";
    private static final int LARGEST_BODY = 64 << 10;

    private final HttpServer http;
    private final Optional<String> token;
    private final XdsLeases leases;
    private final Relay relay;
    private final ScheduledExecutorService loop;

    XdsApi(
            InetSocketAddress address,
            Optional<String> token,
            XdsLeases leases,
            Relay relay,
            ScheduledExecutorService loop)
            throws IOException {
        this.http = HttpServer.create(address, 0);
        this.token = token;
        this.leases = leases;
        this.relay = relay;
        this.loop = loop;
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::serve);
    }

    void start() {
        http.start();
    }

    int port() {
        return http.getAddress().getPort();
    }

    /** An answer: text for people when it is a refusal, else JSON. */
    private record Answer(int status, String body) {
        static Answer json(JsonNode body) {
            return new Answer(200, body.toPrettyString() + "\n");
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body =
                    new String(
                            exchange.getRequestBody().readNBytes(LARGEST_BODY),
                            StandardCharsets.UTF_8);
            Answer answer = answer(exchange, body);
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set(
                            "content-type",
                            answer.status() == 200 ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange, String body) throws IOException {
        if (!isAllowed(exchange)) {
            return new Answer(401, "no token or a wrong one (expected: authorization: Bearer)\n");
        }
        String path = exchange.getRequestURI().getPath().substring(1);
        String method = exchange.getRequestMethod();
        try {
            JsonNode given = body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
            return onLoop(() -> answer(method, path, given));
        } catch (JsonProcessingException malformed) {
            return new Answer(400, "no JSON: " + malformed.getOriginalMessage() + "\n");
        }
    }

    private boolean isAllowed(HttpExchange exchange) {
        String shown =
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("authorization"))
                        .orElse("");
        return token.isEmpty()
                || MessageDigest.isEqual(
                        ("Bearer " + token.get()).getBytes(StandardCharsets.UTF_8),
                        shown.getBytes(StandardCharsets.UTF_8));
    }

    private Answer onLoop(Callable<Answer> work) throws IOException {
        try {
            return loop.submit(work).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        } catch (ExecutionException bug) {
            throw new IOException("the proxy can't answer", bug);
        }
    }

    private Answer answer(String method, String path, JsonNode body) {
        if (path.equals("faults")) {
            return switch (method) {
                case "GET" -> list();
                case "POST" -> take(body);
                default -> new Answer(405, "expected: GET or POST\n");
            };
        }
        boolean renewal = path.endsWith(RENEW);
        String name = renewal ? path.substring(0, path.length() - RENEW.length()) : path;
        Optional<XdsLease> lease = leases.find(name);
        if (lease.isEmpty()) {
            return new Answer(404, "no " + name + " is known here; GET /faults says which are\n");
        }
        if (renewal) {
            return renew(lease.get(), body);
        }
        if (method.equals("DELETE")) {
            leases.end(lease.get(), XdsLease.State.ENDED);
        }
        return Answer.json(shown(lease.get()));
    }

    private Answer list() {
        ObjectNode list = JSON.createObjectNode().put("streams", relay.open());
        leases.all().forEach(lease -> list.withArray("fault_leases").add(shown(lease)));
        return Answer.json(list);
    }

    private Answer take(JsonNode body) {
        return switch (XdsLeaseReader.read(body)) {
            case Parsed.Refused<XdsLeaseReader.Asked>(List<Problem> problems) -> refused(problems);
            case Parsed.Ok<XdsLeaseReader.Asked>(XdsLeaseReader.Asked asked) -> {
                XdsLease lease = new XdsLease(asked.name(), asked.fault(), asked.nodes());
                yield leases.take(lease, asked.ttl())
                        ? Answer.json(shown(lease))
                        : new Answer(409, asked.name() + " is active; end it first\n");
            }
        };
    }

    private Answer renew(XdsLease lease, JsonNode body) {
        return switch (XdsLeaseReader.ttl(body)) {
            case Parsed.Refused<Duration>(List<Problem> problems) -> refused(problems);
            case Parsed.Ok<Duration>(Duration ttl) -> {
                leases.renew(lease, ttl);
                yield lease.state() == XdsLease.State.ACTIVE
                        ? Answer.json(shown(lease))
                        : new Answer(409, lease.name() + " is " + lease.state() + "\n");
            }
        };
    }

    private static Answer refused(List<Problem> problems) {
        return new Answer(
                400,
                problems.stream()
                        .map(problem -> problem.message() + "\n")
                        .collect(Collectors.joining()));
    }

    private static ObjectNode shown(XdsLease lease) {
        return JSON.createObjectNode()
                .put("name", lease.name())
                .put("fault", XdsLeaseReader.word(lease.fault()))
                .put("state", lease.state().name())
                .put("matched", lease.matched())
                .put("injected", lease.injected());
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
