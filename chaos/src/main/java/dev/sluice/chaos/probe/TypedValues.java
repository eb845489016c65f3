package dev.sluice.chaos.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Texts as values of the types that the Chaos Toolkit names. */
public final class TypedValues {
    /** Names of the types, synonyms included. */
    public static final List<String> TYPES =
            List.of("str", "string", "int", "integer", "float", "number", "bytes", "bool", "json");

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> FALSE = Set.of("false", "0", "no");

    private TypedValues() {}

    /**
     * The value in the type.
     *
     * @param type one of {@link #TYPES}
     * @throws IllegalArgumentException when it is none of this type
     */
    public static JsonNode of(JsonNode value, String type) {
        String text = value.asText().strip();
        return switch (type) {
            case "int", "integer" -> NODES.numberNode(Long.parseLong(text));
            case "float", "number" -> NODES.numberNode(Double.parseDouble(text));
            case "bool" ->
                    value.isBoolean()
                            ? value
                            : NODES.booleanNode(!FALSE.contains(text.toLowerCase(Locale.ROOT)));
            case "json" -> value.isTextual() && !text.isEmpty() ? json(text) : value;
            default -> value;
        };
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("no JSON: " + text, malformed);
        }
    }
}
