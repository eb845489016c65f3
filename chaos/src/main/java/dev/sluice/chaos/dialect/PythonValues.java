package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** How Python compares values of JSON. Stateless. */
public final class PythonValues {
    private PythonValues() {}

    /**
     * The number that a value is: a truth value is 0 or 1, and one with a point is the binary
     * number nearest to it, to all its digits. Empty for other values, and beyond the range of a
     * double.
     */
    public static Optional<BigDecimal> number(JsonNode value) {
        if (value.isBoolean()) {
            return Optional.of(value.booleanValue() ? BigDecimal.ONE : BigDecimal.ZERO);
        }
        if (value.isIntegralNumber()) {
            return Optional.of(value.decimalValue());
        }
        return Optional.of(value)
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .filter(Double::isFinite)
                .map(BigDecimal::new);
    }

    /** Whether they are equal, {@code 1}, {@code 1.0} and {@code true} included. */
    public static boolean same(JsonNode one, JsonNode other) {
        Optional<BigDecimal> number = number(one);
        Optional<BigDecimal> otherNumber = number(other);
        if (number.isPresent() && otherNumber.isPresent()) {
            return number.get().compareTo(otherNumber.get()) == 0;
        }
        if (one.isArray() && other.isArray()) {
            return one.size() == other.size() && common(one, other) == one.size();
        }
        if (one.isObject() && other.isObject()) {
            return one.size() == other.size()
                    && one.properties().stream()
                            .allMatch(member ->
                                    other.has(member.getKey())
                                            && same(
                                                    member.getValue(),
                                                    other.path(member.getKey())));
        }
        return one.equals(other);
    }

    /** How many elements are the same from the beginning. */
    private static int common(JsonNode one, JsonNode other) {
        int most = Math.min(one.size(), other.size());
        int at = 0;
        while (at < most && same(one.path(at), other.path(at))) {
            at++;
        }
        return at;
    }

    /** Whether one is not above the other; values of kinds that have no order are not. */
    public static boolean atMost(JsonNode one, JsonNode other) {
        return order(one, other).filter(order -> order <= 0).isPresent();
    }

    /** Below 0, 0 or above 0, as for comparators; empty when there is no order. */
    private static Optional<Integer> order(JsonNode one, JsonNode other) {
        Optional<BigDecimal> number = number(one);
        Optional<BigDecimal> otherNumber = number(other);
        if (number.isPresent() && otherNumber.isPresent()) {
            return Optional.of(number.get().compareTo(otherNumber.get()));
        }
        if (one.isTextual() && other.isTextual()) {
            return Optional.of(
                    Arrays.compare(
                            one.textValue().codePoints().toArray(),
                            other.textValue().codePoints().toArray()));
        }
        if (one.isArray() && other.isArray()) {
            int at = common(one, other);
            return at < Math.min(one.size(), other.size())
                    ? order(one.path(at), other.path(at))
                    : Optional.of(Integer.compare(one.size(), other.size()));
        }
        return Optional.empty();
    }

    /** Whether a condition that is this value holds. */
    static boolean isTrue(JsonNode value) {
        return number(value).map(number -> number.signum() != 0).orElse(true)
                && !value.isNull()
                && !(value.isTextual() && value.textValue().isEmpty())
                && !(value.isContainerNode() && value.isEmpty());
    }
}
