package dev.sluice.control.query;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.testkit.Mailbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A server of the Prometheus HTTP API on a port of its own, which answers as told. Thread-safe. */
public final class FakePrometheus implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Mailbox<Asked> asked = new Mailbox<>("a query at the metrics server");
    private final Function<String, Answer> answers;

    /**
     * One query.
     *
     * @param parameters of the form
     */
    public record Asked(String path, Optional<String> token, Map<String, String> parameters) {
        public String query() {
            return parameters.getOrDefault("query", "");
        }
    }

    /** What comes back; nothing at all where the status is 0. */
    public record Answer(int status, String body) {
        public static final Answer SILENCE = new Answer(0, "");

        /** One series with a value of now. */
        public static Answer of(String value) {
            return vector("{\"metric\":{},\"value\":[" + now() + ",\"" + value + "\"]}");
        }

        /** The same with more of the answer beside it, as {@code "warnings":["…"]}. */
        public Answer with(String fields) {
            return new Answer(status, body.replaceFirst("}$", "," + fields + "}"));
        }

        /** Series as they stand in an answer. */
        public static Answer vector(String... series) {
            return success("vector", "[" + String.join(",", series) + "]");
        }

        public static Answer success(String type, String result) {
            return new Answer(
                    200,
                    "{\"status\":\"success\",\"data\":{\"resultType\":\""
                            + type
                            + "\",\"result\":"
                            + result
                            + "}}");
        }

        static double now() {
            return Instant.now().toEpochMilli() / 1_000d;
        }
    }

    /**
     * @param answers to each query
     */
    public FakePrometheus(Function<String, Answer> answers) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Mailbox<Asked> asked() {
        return asked;
    }

    private void serve(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var query =
                new Asked(
                        exchange.getRequestURI().getPath(),
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                        parameters(form));
        asked.put(query);
        Answer answer = answers.apply(query.query());
        if (answer.status() == 0) {
            return;
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Location", "/elsewhere");
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> parameters(String form) {
        return Arrays.stream(form.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(
                        Collectors.toMap(
                                pair -> pair[0],
                                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
