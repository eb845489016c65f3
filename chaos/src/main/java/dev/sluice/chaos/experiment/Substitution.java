package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts values in the place of variables: {@code $name} and {@code ${name}}; {@code $$} is a dollar.
 * A text that is one variable and nothing else becomes its value with its type; a variable without
 * a value stays as it is written. Immutable.
 *
 * @param values by name; those of the configuration win over secrets
 */
public record Substitution(Map<String, JsonNode> values) {
    /** The run's seed as a whole number of 64 bits without a sign; every run has this variable. */
    public static final String SEED = "sluice_seed";

    private static final Pattern VARIABLE =
            Pattern.compile(
                    "\\$(?:(?<dollar>\\$)|(?<bare>[_a-zA-Z][_a-zA-Z0-9]*)"
                            + "|\\{(?<braced>[_a-zA-Z][_a-zA-Z0-9]*)\\})");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    public Substitution {
        values = Map.copyOf(values);
    }

    /** The same tree with values for its variables. */
    public JsonNode in(JsonNode node) {
        if (node.isTextual()) {
            return in(node.textValue());
        }
        if (node.isArray()) {
            ArrayNode array = NODES.arrayNode();
            node.forEach(element -> array.add(in(element)));
            return array;
        }
        if (node.isObject()) {
            ObjectNode object = NODES.objectNode();
            node.properties().forEach(field -> object.set(field.getKey(), in(field.getValue())));
            return object;
        }
        return node;
    }

    private JsonNode in(String text) {
        Matcher variable = VARIABLE.matcher(text);
        if (variable.matches()) {
            String name = name(variable);
            JsonNode value = values.get(name);
            if (value != null) {
                return value;
            }
        }
        StringBuilder filled = new StringBuilder();
        variable.reset();
        while (variable.find()) {
            variable.appendReplacement(filled, Matcher.quoteReplacement(filled(variable)));
        }
        variable.appendTail(filled);
        return NODES.textNode(filled.toString());
    }

    private String filled(Matcher variable) {
        if (variable.group("dollar") != null) {
            return "$";
        }
        JsonNode value = values.get(name(variable));
        if (value == null) {
            return variable.group();
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    private static String name(Matcher variable) {
        String braced = variable.group("braced");
        String bare = variable.group("bare");
        return braced != null ? braced : bare != null ? bare : "";
    }

    /** Names of all variables in a tree, in order. */
    public static Set<String> variables(JsonNode node) {
        Set<String> names = new TreeSet<>();
        collect(node, names);
        names.remove("");
        return names;
    }

    private static void collect(JsonNode node, Set<String> names) {
        if (node.isTextual()) {
            Matcher variable = VARIABLE.matcher(node.textValue());
            while (variable.find()) {
                names.add(name(variable));
            }
        }
        node.forEach(child -> collect(child, names));
    }
}
