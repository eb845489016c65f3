package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Whether an answer meets a tolerance, as the Chaos Toolkit decides it. Immutable. */
public final class ToleranceCheck {
    private static final JsonMapper JSON = new JsonMapper();

    private ToleranceCheck() {}

    /**
     * Decides.
     *
     * @param judge asks a probe about the answer, for tolerances that are probes
     */
    public static boolean met(
            Tolerance tolerance, JsonNode answer, BiPredicate<Activity, JsonNode> judge) {
        return switch (tolerance) {
            case Tolerance.Equal(JsonNode value) -> equal(value, answer);
            case Tolerance.Listed(List<JsonNode> values) -> listed(values, answer);
            case Tolerance.Regex regex ->
                    text(regex.target().map(answer::path).orElse(answer))
                            .filter(found -> regex.pattern().matcher(found).find())
                            .isPresent();
            case Tolerance.AtPath path -> atPath(path, answer);
            case Tolerance.Range range ->
                    number(target(answer, range.target()))
                            .filter(found -> between(range.low(), found, range.high()))
                            .isPresent();
            case Tolerance.Judged(Activity probe) -> judge.test(probe, answer);
            case Tolerance.Unfilled _ ->
                    throw new IllegalArgumentException("variables without values in " + tolerance);
        };
    }

    private static boolean equal(JsonNode value, JsonNode answer) {
        JsonNode compared =
                value.isIntegralNumber() && answer.has("status") ? answer.path("status") : answer;
        return same(value, compared);
    }

    private static boolean same(JsonNode one, JsonNode other) {
        Optional<BigDecimal> number = value(one);
        Optional<BigDecimal> otherNumber = value(other);
        return (number.isPresent() && otherNumber.isPresent())
                ? number.get().compareTo(otherNumber.get()) == 0
                : one.equals(other);
    }

    /** A number, or a truth value, which in Python is 0 or 1. */
    private static Optional<BigDecimal> value(JsonNode node) {
        return node.isBoolean()
                ? Optional.of(node.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO)
                : Optional.of(node).filter(JsonNode::isNumber).map(JsonNode::decimalValue);
    }

    private static boolean listed(List<JsonNode> values, JsonNode answer) {
        if (answer.has("status")) {
            return contains(values, answer.path("status"));
        }
        if (values.size() == 2
                && values.stream().allMatch(JsonNode::isNumber)
                && answer.isNumber()) {
            return between(
                    values.get(0).decimalValue(),
                    answer.decimalValue(),
                    values.get(1).decimalValue());
        }
        return contains(values, answer);
    }

    private static boolean contains(List<JsonNode> values, JsonNode answer) {
        return values.stream().anyMatch(value -> same(value, answer));
    }

    private static boolean between(BigDecimal low, BigDecimal value, BigDecimal high) {
        return low.compareTo(value) <= 0 && value.compareTo(high) <= 0;
    }

    private static boolean atPath(Tolerance.AtPath wanted, JsonNode answer) {
        List<JsonNode> found = wanted.path().find(parsed(target(answer, wanted.target())));
        if (wanted.count().isPresent() && found.size() != wanted.count().get()) {
            return false;
        }
        if (wanted.expect().isEmpty()) {
            return wanted.count().isPresent() || !found.isEmpty();
        }
        List<JsonNode> expected = wanted.expect().get();
        if (found.size() != expected.size()) {
            return false;
        }
        for (int i = 0; i < found.size(); i++) {
            if (!same(expected.get(i), found.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** All of the answer when it has no such member, as in the Chaos Toolkit. */
    private static JsonNode target(JsonNode answer, Optional<String> target) {
        return target.filter(answer::has).map(answer::path).orElse(answer);
    }

    /** A text that holds JSON is searched as what it holds. */
    private static JsonNode parsed(JsonNode answer) {
        if (!answer.isTextual()) {
            return answer;
        }
        try {
            return JSON.readTree(answer.textValue());
        } catch (JsonProcessingException noJson) {
            return MissingNode.getInstance();
        }
    }

    private static Optional<String> text(JsonNode answer) {
        if (answer.isMissingNode() || answer.isNull()) {
            return Optional.empty();
        }
        return Optional.of(answer.isTextual() ? answer.textValue() : answer.toString());
    }

    /** The number that the answer is, or that its text is. */
    static Optional<BigDecimal> number(JsonNode answer) {
        if (answer.isNumber()) {
            return Optional.of(answer.decimalValue());
        }
        try {
            return answer.isTextual()
                    ? Optional.of(new BigDecimal(answer.textValue().strip()))
                    : Optional.empty();
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
