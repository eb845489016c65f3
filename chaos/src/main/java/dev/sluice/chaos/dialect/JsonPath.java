package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * A JSON path as the Chaos Toolkit reads it, by the Python library jsonpath2: {@code $}, {@code
 * .name}, {@code ["name"]}, {@code [0]}, {@code [-1]}, {@code [1:3]}, {@code [*]}, {@code .*},
 * {@code ..name}, several of these as {@code [0,2]}, functions such as {@code .length()}, and
 * filters. A filter asks the value at which it stands, and not what is in it: {@code
 * $.pods[*][?(@.phase = "Running" and not @.deleted)]}. Beside that, names may have hyphens and
 * letters of all scripts, texts may stand in single quotes, and {@code ==} is {@code =}. Immutable.
 */
public final class JsonPath {
    private final String text;
    private final Route route;

    private JsonPath(String text, Route route) {
        this.text = text;
        this.route = route;
    }

    /** The path; empty when it is none. */
    public static Optional<JsonPath> parse(String text) {
        return PathReader.read(text.strip()).map(route -> new JsonPath(text, route));
    }

    /** All values at the path, in the order in which they stand in the document. */
    public List<JsonNode> find(JsonNode document) {
        return route.find(document, document);
    }

    @Override
    public String toString() {
        return text;
    }
}
