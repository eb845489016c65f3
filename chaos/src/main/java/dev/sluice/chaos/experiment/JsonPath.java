package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON path of the kinds that experiments use: {@code $}, {@code .name}, {@code ['name']}, {@code
 * [0]}, {@code [-1]}, {@code [*]}, {@code .*}, {@code ..name}, and filters {@code [?(@.name =
 * "x")]} with {@code = == != < <= > >=} or without a comparison. Immutable.
 */
public final class JsonPath {
    private static final String NAME = "[\\p{L}_][\\p{L}\\p{N}_-]*";
    private static final Pattern STEP =
            Pattern.compile(
                    "\\.\\.(?<deep>"
                            + NAME
                            + "|\\*)"
                            + "|\\.(?<child>"
                            + NAME
                            + "|\\*)"
                            + "|\\[\\s*(?:'(?<single>[^']*)'|\"(?<double>[^\"]*)\""
                            + "|(?<index>-?\\d{1,9})|(?<all>\\*))\\s*]"
                            + "|\\[\\?\\(?\\s*@(?<filter>(?:\\."
                            + NAME
                            + ")*)\\s*"
                            + "(?:(?<op>==?|!=|<=?|>=?)\\s*"
                            + "(?<literal>\"[^\"]*\"|'[^']*'|-?\\d+(?:\\.\\d+)?|true|false|null))?"
                            + "\\s*\\)?]");

    private interface Step {
        void from(JsonNode node, List<JsonNode> found);
    }

    private final String text;
    private final List<Step> steps;

    private JsonPath(String text, List<Step> steps) {
        this.text = text;
        this.steps = List.copyOf(steps);
    }

    /** The path; empty when it is none, or of a kind that is not known here. */
    public static Optional<JsonPath> parse(String text) {
        String stripped = text.strip();
        if (!stripped.startsWith("$")) {
            return Optional.empty();
        }
        List<Step> steps = new ArrayList<>();
        Matcher matcher = STEP.matcher(stripped);
        int at = 1;
        while (at < stripped.length()) {
            matcher.region(at, stripped.length());
            if (!matcher.lookingAt()) {
                return Optional.empty();
            }
            steps.add(step(matcher));
            at = matcher.end();
        }
        return Optional.of(new JsonPath(text, steps));
    }

    /** All values at the path, in the order of the document. */
    public List<JsonNode> find(JsonNode document) {
        List<JsonNode> found = List.of(document);
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            found.forEach(node -> step.from(node, next));
            found = next;
        }
        return found;
    }

    private static Step step(Matcher step) {
        String deep = step.group("deep");
        if (deep != null) {
            return (node, found) -> descend(node, deep, found);
        }
        for (String group : List.of("child", "single", "double")) {
            String name = step.group(group);
            if (name != null) {
                boolean all = group.equals("child") && name.equals("*");
                return all ? JsonPath::children : (node, found) -> child(node, name, found);
            }
        }
        if (step.group("all") != null) {
            return JsonPath::children;
        }
        String index = step.group("index");
        if (index != null) {
            int number = Integer.parseInt(index);
            return (node, found) -> element(node, number, found);
        }
        return filter(step.group("filter"), step.group("op"), step.group("literal"));
    }

    private static void child(JsonNode node, String name, List<JsonNode> found) {
        JsonNode value = node.path(name);
        if (!value.isMissingNode()) {
            found.add(value);
        }
    }

    private static void children(JsonNode node, List<JsonNode> found) {
        node.forEach(found::add);
    }

    private static void element(JsonNode node, int index, List<JsonNode> found) {
        int at = index < 0 ? node.size() + index : index;
        if (node.isArray() && at >= 0 && at < node.size()) {
            found.add(node.get(at));
        }
    }

    private static void descend(JsonNode node, String name, List<JsonNode> found) {
        if (name.equals("*")) {
            children(node, found);
        } else {
            child(node, name, found);
        }
        node.forEach(below -> descend(below, name, found));
    }

    private static Step filter(String names, @Nullable String op, @Nullable String literal) {
        List<String> steps =
                names.isEmpty() ? List.of() : List.of(names.substring(1).split("\\.", -1));
        return (node, found) -> {
            for (JsonNode element : node) {
                JsonNode value = element;
                for (String name : steps) {
                    value = value.path(name);
                }
                if (!value.isMissingNode()
                        && (op == null || literal == null || compare(value, op, literal))) {
                    found.add(element);
                }
            }
        };
    }

    private static boolean compare(JsonNode value, String op, String literal) {
        int order;
        char first = literal.charAt(0);
        if (first == '"' || first == '\'') {
            if (!value.isTextual()) {
                return op.equals("!=");
            }
            order = value.textValue().compareTo(literal.substring(1, literal.length() - 1));
        } else if (first == '-' || Character.isDigit(first)) {
            if (!value.isNumber()) {
                return op.equals("!=");
            }
            order = value.decimalValue().compareTo(new BigDecimal(literal));
        } else {
            order = value.toString().equals(literal) ? 0 : 1;
        }
        return switch (op) {
            case "=", "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
