package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.dialect.JsonPath;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a probe's answer must meet. Immutable. */
public sealed interface Tolerance {
    /**
     * Equal to a truth value, whole number or text; a number is compared with the {@code status} of
     * an answer that has one.
     */
    record Equal(JsonNode value) implements Tolerance {}

    /**
     * A list: for an answer with a {@code status} one of them, else of two a range with both ends,
     * which may be texts too, else one of them.
     */
    record Listed(List<JsonNode> values) implements Tolerance {
        public Listed {
            values = List.copyOf(values);
        }
    }

    /**
     * A pattern that is found somewhere in the text; what is no text does not meet it.
     *
     * @param target member of the answer that is searched; empty for all of it
     */
    record Regex(Pattern pattern, Optional<String> target) implements Tolerance {}

    /**
     * Values at a JSON path.
     *
     * @param expect all of them, in order, whatever {@code count} says; empty when any do
     * @param count how many; empty when any number but none does
     */
    record AtPath(
            JsonPath path,
            Optional<String> target,
            Optional<List<JsonNode>> expect,
            Optional<Integer> count)
            implements Tolerance {}

    /** A number from {@code low} to {@code high}, both included. */
    record Range(BigDecimal low, BigDecimal high, Optional<String> target) implements Tolerance {}

    /**
     * One with variables: what it is shows when they have values.
     *
     * @param source as it stands in the file
     */
    record Unfilled(JsonNode source) implements Tolerance {}

    /** Another probe that gets the answer as argument {@code value} and must itself succeed. */
    record Judged(Activity probe) implements Tolerance {}
}
