package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.dialect.JsonPath;
import dev.sluice.chaos.dialect.PythonPattern;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Reads tolerances of every kind. Immutable. */
final class ToleranceReader {
    private static final List<String> KINDS = List.of("regex", "jsonpath", "range", "probe");

    private ToleranceReader() {}

    /**
     * The tolerance at a field that is there; empty after a problem. One with variables is read
     * when they have values.
     */
    static Optional<Tolerance> read(Fields field) {
        boolean judged = field.node().path("type").asText().equals("probe");
        if (!judged && !Substitution.variables(field.node()).isEmpty()) {
            if (field.node().isObject()) {
                type(field);
            }
            return Optional.of(new Tolerance.Unfilled(field.node()));
        }
        return filled(field);
    }

    /** As {@link #read}, when every variable that gets a value has it. */
    static Optional<Tolerance> filled(Fields field) {
        JsonNode node = field.node();
        if (node.isTextual() || node.isBoolean() || node.isIntegralNumber()) {
            return Optional.of(new Tolerance.Equal(node));
        }
        if (node.isArray()) {
            List<JsonNode> values = new ArrayList<>();
            node.forEach(values::add);
            if (!values.isEmpty()) {
                return Optional.of(new Tolerance.Listed(values));
            }
        }
        if (!node.isObject()) {
            field.wrong("a truth value, a whole number, a text, a list, or an object with a type");
            return Optional.empty();
        }
        return switch (type(field)) {
            case "regex" -> regex(field);
            case "jsonpath" -> jsonPath(field);
            case "range" -> range(field);
            case "probe" -> ActivityReader.read(field).map(Tolerance.Judged::new);
            default -> Optional.empty();
        };
    }

    private static String type(Fields field) {
        String type = field.required("type");
        if (!type.isEmpty() && !KINDS.contains(type)) {
            field.at("type").wrong("one of " + String.join(", ", KINDS));
            return "";
        }
        return type;
    }

    private static Optional<Tolerance> regex(Fields field) {
        String pattern = field.required("pattern");
        try {
            return Optional.of(
                    new Tolerance.Regex(PythonPattern.compile(pattern), field.text("target")));
        } catch (PatternSyntaxException malformed) {
            field.at("pattern").wrong("a regular expression (" + malformed.getDescription() + ")");
            return Optional.empty();
        }
    }

    private static Optional<Tolerance> jsonPath(Fields field) {
        String text = field.required("path");
        Optional<JsonPath> path = JsonPath.parse(text);
        if (path.isEmpty() && !text.isEmpty()) {
            field.at("path").wrong("a JSON path, such as $.body[*].name");
        }
        JsonNode count = field.get("count");
        boolean whole = count.canConvertToInt() && count.canConvertToExactIntegral();
        if (!count.isMissingNode() && !whole) {
            field.at("count").wrong("a whole number");
        }
        // A null is a value that is expected, as others are.
        Optional<List<JsonNode>> expected =
                Optional.of(field.node().path("expect"))
                        .filter(expect -> !expect.isMissingNode())
                        .map(ToleranceReader::values);
        Optional<Integer> counted = whole ? Optional.of(count.intValue()) : Optional.empty();
        return path.map(
                found -> new Tolerance.AtPath(found, field.text("target"), expected, counted));
    }

    private static List<JsonNode> values(JsonNode expect) {
        if (!expect.isArray()) {
            return List.of(expect);
        }
        List<JsonNode> values = new ArrayList<>();
        expect.forEach(values::add);
        return values;
    }

    private static Optional<Tolerance> range(Fields field) {
        List<Fields> ends = field.list("range");
        List<BigDecimal> numbers = new ArrayList<>();
        for (Fields end : ends) {
            ToleranceCheck.number(end.node())
                    .ifPresentOrElse(numbers::add, () -> end.wrong("a number"));
        }
        if (ends.size() != 2) {
            field.problem(
                    "a range of " + ends.size() + " numbers",
                    "'range' with the lowest and the highest number",
                    "give both");
        }
        if (ends.size() != 2 || numbers.size() != 2) {
            return Optional.empty();
        }
        if (numbers.get(0).compareTo(numbers.get(1)) > 0) {
            field.at("range")
                    .problem(
                            numbers.get(0) + " to " + numbers.get(1),
                            "the lowest number first",
                            "exchange them");
        }
        return Optional.of(
                new Tolerance.Range(numbers.get(0), numbers.get(1), field.text("target")));
    }
}
