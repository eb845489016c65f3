package dev.sluice.chaos.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/** What a filter asks of a value. Immutable. */
@FunctionalInterface
interface Condition {
    boolean holds(JsonNode document, JsonNode here);

    /** A value, or those at the end of a path. */
    sealed interface Operand {
        /** Stands in the path itself. */
        record Literal(JsonNode value) implements Operand {}

        /** Is looked up. */
        record At(Route route) implements Operand {}

        default List<JsonNode> values(JsonNode document, JsonNode here) {
            return switch (this) {
                case Literal(JsonNode value) -> List.of(value);
                case At(Route route) -> route.find(document, here);
            };
        }
    }

    /** How two values are compared; only numbers are above or below others. */
    enum Comparison {
        EQUAL,
        NOT_EQUAL,
        BELOW,
        AT_MOST,
        ABOVE,
        AT_LEAST;

        boolean holds(JsonNode left, JsonNode right) {
            if (this == EQUAL || this == NOT_EQUAL) {
                return PythonValues.same(left, right) == (this == EQUAL);
            }
            Optional<BigDecimal> one = PythonValues.number(left);
            Optional<BigDecimal> other = PythonValues.number(right);
            if (one.isEmpty() || other.isEmpty()) {
                return false;
            }
            int order = one.get().compareTo(other.get());
            return switch (this) {
                case BELOW -> order < 0;
                case AT_MOST -> order <= 0;
                case ABOVE -> order > 0;
                default -> order >= 0;
            };
        }
    }

    /** There is something at the end of the path; a value that stands there itself is true. */
    static Condition some(Operand operand) {
        return (document, here) ->
                switch (operand) {
                    case Operand.Literal(JsonNode value) -> PythonValues.isTrue(value);
                    case Operand.At(Route route) -> !route.find(document, here).isEmpty();
                };
    }

    /** Any value on the left and any on the right compare so. */
    static Condition compared(Operand left, Comparison comparison, Operand right) {
        return (document, here) -> {
            List<JsonNode> others = right.values(document, here);
            return left.values(document, here).stream()
                    .anyMatch(
                            one -> others.stream().anyMatch(other -> comparison.holds(one, other)));
        };
    }

    default Condition and(Condition other) {
        return (document, here) -> holds(document, here) && other.holds(document, here);
    }

    default Condition or(Condition other) {
        return (document, here) -> holds(document, here) || other.holds(document, here);
    }

    default Condition not() {
        return (document, here) -> !holds(document, here);
    }
}
