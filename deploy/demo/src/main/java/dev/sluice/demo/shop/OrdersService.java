package dev.sluice.demo.shop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.demo.shop.JsonServer.Answer;
import dev.sluice.demo.shop.JsonServer.Request;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * {@code POST /orders} with {@code {"customer_id": …, "order_id": …, "item": …}} and {@code GET
 * /orders/{customer_id}}: the newest order. {@code GET /orders/{customer_id}/{order_id}} shows an
 * order as it was placed. The first two ask {@code customers} through the sidecar, in the words of
 * their own version: the legacy version understands only {@code customer_name}, the new one only
 * {@code first_name} and {@code last_name}, so that a request whose two services are on different
 * sides fails. Thread-safe.
 *
 * @param database where orders are kept
 * @param customers base address of {@code customers} at the sidecar
 * @param dialect which version this is
 */
record OrdersService(DataSource database, URI customers, Dialect dialect, HttpClient http)
        implements JsonServer.Endpoint {
    /** Headers that a caller's context travels in. */
    private static final String[] CONTEXT = {
        "baggage", "traceparent", "x-request-id", "x-sluice-explain", "x-user"
    };

    /** What a version understands of {@code customers}' answers. */
    enum Dialect {
        LEGACY {
            @Override
            Optional<String> shipTo(JsonNode customer) {
                return Optional.ofNullable(customer.get("customer_name")).map(JsonNode::asText);
            }
        },
        SPLIT {
            @Override
            Optional<String> shipTo(JsonNode customer) {
                if (!customer.has("first_name") || !customer.has("last_name")) {
                    return Optional.empty();
                }
                return Optional.of(
                        (customer.get("first_name").asText()
                                        + " "
                                        + customer.get("last_name").asText())
                                .stripTrailing());
            }
        };

        abstract Optional<String> shipTo(JsonNode customer);
    }

    @Override
    public Answer answer(Request request) throws SQLException, IOException, InterruptedException {
        if (!request.segments().get(0).equals("orders")) {
            return Answer.problem(404, "no such path (expected: /orders or /orders/{customer_id})");
        }
        return switch (request.method()) {
            case "POST" -> place(request);
            case "GET" -> request.segments().size() > 2 ? one(request) : newest(request);
            default -> Answer.problem(405, request.method() + " (expected: GET or POST)");
        };
    }

    private Answer place(Request request) throws SQLException, IOException, InterruptedException {
        long customer = request.body().path("customer_id").asLong();
        HttpResponse<String> asked = ask(customer, request.headers());
        Optional<String> shipTo = understood(asked);
        if (shipTo.isEmpty()) {
            return misunderstood(asked);
        }
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement(
                                "INSERT INTO orders (id, customer_id, item, ship_to) VALUES (?::uuid, ?, ?, ?)"
                                        + " ON CONFLICT (id) DO NOTHING")) {
            insert.setString(1, request.body().path("order_id").asText());
            insert.setLong(2, customer);
            insert.setString(3, request.body().path("item").asText());
            insert.setString(4, shipTo.get());
            insert.executeUpdate();
        }
        return new Answer(
                201,
                Json.object()
                        .put("order_id", request.body().path("order_id").asText())
                        .put("ship_to", shipTo.get()),
                inner(asked));
    }

    private Answer newest(Request request) throws SQLException, IOException, InterruptedException {
        long customer = Long.parseLong(request.segments().get(1));
        HttpResponse<String> asked = ask(customer, request.headers());
        Optional<String> name = understood(asked);
        if (name.isEmpty()) {
            return misunderstood(asked);
        }
        var body = Json.object().put("customer_id", customer).put("customer", name.get());
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT id, item, ship_to FROM orders WHERE customer_id = ? ORDER BY placed DESC LIMIT 1")) {
            query.setLong(1, customer);
            try (ResultSet row = query.executeQuery()) {
                if (row.next()) {
                    body.setAll(shown(row));
                }
            }
        }
        return new Answer(200, body, inner(asked));
    }

    private Answer one(Request request) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT id, item, ship_to FROM orders WHERE customer_id = ? AND id = ?::uuid")) {
            query.setLong(1, Long.parseLong(request.segments().get(1)));
            query.setString(2, request.segments().get(2));
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Answer.of(200, shown(row))
                        : Answer.problem(404, "no such order of this customer");
            }
        }
    }

    private static ObjectNode shown(ResultSet row) throws SQLException {
        return Json.object()
                .put("order_id", row.getString(1))
                .put("item", row.getString(2))
                .put("ship_to", row.getString(3));
    }

    private HttpResponse<String> ask(long customer, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(customers.resolve("/customers/" + customer))
                        .timeout(Duration.ofSeconds(10));
        for (String name : CONTEXT) {
            if (headers.containsKey(name)) {
                request.header(name, headers.get(name));
            }
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private Optional<String> understood(HttpResponse<String> asked) {
        return asked.statusCode() == 200
                ? dialect.shipTo(Json.read(asked.body()))
                : Optional.empty();
    }

    private Answer misunderstood(HttpResponse<String> asked) {
        if (asked.statusCode() == 404) {
            return new Answer(404, Json.read(asked.body()), inner(asked));
        }
        return new Answer(
                502,
                Json.object()
                        .put(
                                "error",
                                "customers answered "
                                        + asked.statusCode()
                                        + " with what "
                                        + dialect
                                        + " cannot read")
                        .put("answer", asked.body()),
                inner(asked));
    }

    /** What the inner call was decided to be, for the ledger. */
    private static Map<String, String> inner(HttpResponse<String> asked) {
        Map<String, String> headers = new HashMap<>();
        asked.headers()
                .firstValue("x-served-by")
                .ifPresent(value -> headers.put("x-inner-served-by", value));
        asked.headers()
                .firstValue("x-sluice-decision")
                .ifPresent(value -> headers.put("x-inner-decision", value));
        return headers;
    }
}
