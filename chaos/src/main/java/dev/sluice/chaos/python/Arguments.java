package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a call is given. Immutable.
 *
 * @param given by name, variables substituted
 * @param configuration of the experiment, by name
 * @param environment of the process, by name
 * @param now the time of the call
 */
record Arguments(
        JsonNode given,
        Map<String, JsonNode> configuration,
        Map<String, String> environment,
        Instant now) {
    Arguments {
        configuration = Map.copyOf(configuration);
        environment = Map.copyOf(environment);
    }

    boolean has(String name) {
        return given.hasNonNull(name);
    }

    JsonNode get(String name) {
        return given.path(name);
    }

    /** The argument as a text; empty when it is not given. */
    String text(String name) {
        return given.path(name).asText("");
    }

    void copy(String name, ObjectNode to, String as) {
        if (has(name)) {
            to.set(as, given.get(name));
        }
    }

    /** A value of the experiment's configuration; empty when it has none. */
    Optional<JsonNode> configured(String name) {
        return Optional.ofNullable(configuration.get(name)).filter(value -> !value.isNull());
    }

    String configured(String name, String otherwise) {
        return configured(name).map(JsonNode::asText).orElse(otherwise);
    }

    /** The argument as a part of a URL. */
    String part(String name) {
        return encoded(text(name));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
