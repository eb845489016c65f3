package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The functions of paths, as jsonpath2 has them; characters are code points. Immutable. */
enum PathFunction {
    CHAR_AT("charAt"),
    ENTRIES("entries"),
    KEYS("keys"),
    LENGTH("length"),
    SUBSTRING("substring"),
    VALUES("values");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String word;

    PathFunction(String word) {
        this.word = word;
    }

    static Optional<PathFunction> named(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst();
    }

    /** A step to its results, one for each way to choose a value of every argument. */
    Step with(List<Condition.Operand> arguments) {
        List<Condition.Operand> given = List.copyOf(arguments);
        return (document, node, found) -> {
            List<List<JsonNode>> calls = List.of(List.of());
            for (Condition.Operand argument : given) {
                calls = each(calls, argument.values(document, node));
            }
            calls.forEach(call -> of(node, call).ifPresent(found::add));
        };
    }

    private static List<List<JsonNode>> each(List<List<JsonNode>> calls, List<JsonNode> values) {
        List<List<JsonNode>> longer = new ArrayList<>();
        for (List<JsonNode> call : calls) {
            for (JsonNode value : values) {
                List<JsonNode> one = new ArrayList<>(call);
                one.add(value);
                longer.add(one);
            }
        }
        return longer;
    }

    private Optional<JsonNode> of(JsonNode node, List<JsonNode> arguments) {
        int[] numbers =
                arguments.stream()
                        .filter(PathFunction::isIndex)
                        .mapToInt(JsonNode::asInt)
                        .toArray();
        if (numbers.length != arguments.size()) {
            return Optional.empty();
        }
        return switch (this) {
            case CHAR_AT -> numbers.length == 1 ? charAt(node, numbers[0]) : Optional.empty();
            case SUBSTRING ->
                    numbers.length == 1 || numbers.length == 2
                            ? substring(node, numbers)
                            : Optional.empty();
            case LENGTH -> numbers.length == 0 ? length(node) : Optional.empty();
            case KEYS, VALUES, ENTRIES ->
                    numbers.length == 0 && node.isContainerNode()
                            ? Optional.of(listed(node))
                            : Optional.empty();
        };
    }

    private static boolean isIndex(JsonNode value) {
        return value.isBoolean() || (value.isIntegralNumber() && value.canConvertToInt());
    }

    private static Optional<JsonNode> charAt(JsonNode node, int index) {
        if (!node.isTextual()) {
            return Optional.empty();
        }
        int[] characters = node.textValue().codePoints().toArray();
        int at = index < 0 ? characters.length + index : index;
        return at < 0 || at >= characters.length
                ? Optional.empty()
                : Optional.of(NODES.textNode(Character.toString(characters[at])));
    }

    private static Optional<JsonNode> substring(JsonNode node, int[] ends) {
        if (!node.isTextual()) {
            return Optional.empty();
        }
        int[] characters = node.textValue().codePoints().toArray();
        int first = inside(ends[0], characters.length);
        int end = ends.length == 1 ? characters.length : inside(ends[1], characters.length);
        return Optional.of(
                NODES.textNode(first < end ? new String(characters, first, end - first) : ""));
    }

    private static int inside(int index, int length) {
        return Math.clamp(index < 0 ? (long) length + index : index, 0, length);
    }

    private static Optional<JsonNode> length(JsonNode node) {
        if (node.isTextual()) {
            return Optional.of(NODES.numberNode((int) node.textValue().codePoints().count()));
        }
        return node.isArray() ? Optional.of(NODES.numberNode(node.size())) : Optional.empty();
    }

    private JsonNode listed(JsonNode node) {
        List<JsonNode> keys = new ArrayList<>();
        if (node.isArray()) {
            IntStream.range(0, node.size()).mapToObj(NODES::numberNode).forEach(keys::add);
        } else {
            node.fieldNames().forEachRemaining(name -> keys.add(NODES.textNode(name)));
        }
        ArrayNode list = NODES.arrayNode();
        int at = 0;
        for (JsonNode value : node) {
            JsonNode key = keys.get(at++);
            list.add(
                    switch (this) {
                        case KEYS -> key;
                        case ENTRIES -> NODES.arrayNode().add(key).add(value);
                        default -> value;
                    });
        }
        return list;
    }
}
