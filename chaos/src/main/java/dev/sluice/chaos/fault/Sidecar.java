package dev.sluice.chaos.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/**
 * The admin listener of one sidecar: requests to it as {@code http} providers, which another
 * process can send too. Immutable.
 *
 * @param url without a slash at its end
 * @param token of {@code --admin-token}
 */
public record Sidecar(String url, String token) {
    private static final int SECONDS = 5;

    /** Lists its leases. */
    public ObjectNode list() {
        return request("GET", "/faults");
    }

    /** Takes a lease. */
    ObjectNode take(JsonNode lease) {
        return post("/faults", lease);
    }

    /** Lets a lease last so long from now. */
    ObjectNode renew(String name, Duration ttl) {
        ObjectNode renewal = JsonNodeFactory.instance.objectNode();
        renewal.put("ttl", wire(ttl));
        return post("/" + name + ":renew", renewal);
    }

    /** Reads a lease with its counters. */
    ObjectNode read(String name) {
        return request("GET", "/" + name);
    }

    /** Ends a lease. */
    ObjectNode end(String name) {
        return request("DELETE", "/" + name);
    }

    /** Reads its metrics. */
    ObjectNode metrics() {
        return request("GET", "/stats/prometheus");
    }

    private ObjectNode post(String path, JsonNode body) {
        ObjectNode request = request("POST", path);
        request.withObject("/headers").put("Content-Type", "application/json");
        request.set("arguments", body);
        return request;
    }

    private ObjectNode request(String method, String path) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("type", "http").put("method", method).put("url", url + path);
        request.put("timeout", SECONDS);
        request.putObject("headers").put("Authorization", "Bearer " + token);
        return request;
    }

    /** A duration in protobuf's JSON form. */
    static String wire(Duration duration) {
        return "%d.%03ds".formatted(duration.toSeconds(), duration.toMillisPart());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return url;
    }
}
