package dev.sluice.demo.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;

/** A small HTTP server that answers JSON, one virtual thread for each request. Thread-safe. */
final class JsonServer implements AutoCloseable {
    private final HttpServer server;
    private final String servedBy;

    /**
     * @param address where to bind
     * @param servedBy value of the response header {@code x-served-by}, such as {@code
     *     customers/legacy}
     */
    JsonServer(InetSocketAddress address, String servedBy, Endpoint endpoint) throws IOException {
        this.server = HttpServer.create(address, 1024);
        this.servedBy = servedBy;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> serve(exchange, endpoint));
        server.start();
    }

    /** Answers one request. */
    @FunctionalInterface
    interface Endpoint {
        Answer answer(Request request) throws SQLException, IOException, InterruptedException;
    }

    /**
     * @param method upper case
     * @param segments of the path, without the leading empty one
     * @param headers first value of each, by lower-case name
     * @param body parsed; a missing node without a body
     */
    record Request(
            String method, List<String> segments, Map<String, String> headers, JsonNode body) {}

    /**
     * @param status of HTTP
     * @param body to be written
     * @param headers to be added
     */
    record Answer(int status, JsonNode body, Map<String, String> headers) {
        static Answer of(int status, JsonNode body) {
            return new Answer(status, body, Map.of());
        }

        static Answer problem(int status, String message) {
            return of(status, Json.object().put("error", message));
        }
    }

    private void serve(HttpExchange exchange, Endpoint endpoint) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange, endpoint);
            byte[] body = answer.body().toString().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.getResponseHeaders().set("x-served-by", servedBy);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer answer(HttpExchange exchange, Endpoint endpoint) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        List<String> segments =
                List.of(exchange.getRequestURI().getPath().substring(1).split("/", -1));
        JsonNode body = Json.read(exchange.getRequestBody());
        try {
            return endpoint.answer(
                    new Request(exchange.getRequestMethod(), segments, headers, body));
        } catch (SQLException e) {
            return Answer.problem(500, "database: " + e.getMessage());
        } catch (RuntimeException e) {
            return Answer.problem(500, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.problem(503, "interrupted");
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
