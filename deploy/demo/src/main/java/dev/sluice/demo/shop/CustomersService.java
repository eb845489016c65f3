package dev.sluice.demo.shop;

import dev.sluice.demo.shop.JsonServer.Answer;
import dev.sluice.demo.shop.JsonServer.Request;
import java.sql.SQLException;

/**
 * {@code GET /customers/{id}} and {@code PUT /customers/{id}} with {@code {"full_name": …}}.
 * Thread-safe.
 */
record CustomersService(CustomerStore store) implements JsonServer.Endpoint {
    @Override
    public Answer answer(Request request) throws SQLException {
        if (request.segments().size() != 2 || !request.segments().get(0).equals("customers")) {
            return Answer.problem(404, "no such path (expected: /customers/{id})");
        }
        long id = Long.parseLong(request.segments().get(1));
        return switch (request.method()) {
            case "GET" ->
                    store.read(id)
                            .map(found -> Answer.of(200, found))
                            .orElseGet(() -> Answer.problem(404, "no customer " + id));
            case "PUT" -> rename(id, request.body().path("full_name").asText());
            default -> Answer.problem(405, request.method() + " (expected: GET or PUT)");
        };
    }

    private Answer rename(long id, String fullName) throws SQLException {
        if (fullName.isBlank()) {
            return Answer.problem(400, "full_name is blank (expected: at least one letter)");
        }
        return store.rename(id, fullName)
                ? Answer.of(200, Json.object().put("id", id).put("full_name", fullName))
                : Answer.problem(404, "no customer " + id);
    }
}
