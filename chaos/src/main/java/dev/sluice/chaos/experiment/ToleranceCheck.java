package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.dialect.PythonValues;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Whether an answer meets a tolerance, as the Chaos Toolkit decides it. Immutable. */
public final class ToleranceCheck {
    private static final String STATUS = "status";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

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
            case Tolerance.Regex(Pattern pattern, Optional<String> target) ->
                    target(answer, target)
                            .filter(JsonNode::isTextual)
                            .filter(text -> pattern.matcher(text.textValue()).find())
                            .isPresent();
            case Tolerance.AtPath path -> atPath(path, answer);
            case Tolerance.Range range ->
                    target(answer, range.target())
                            .flatMap(ToleranceCheck::number)
                            .filter(found -> between(range.low(), found, range.high()))
                            .isPresent();
            case Tolerance.Judged(Activity probe) -> judge.test(probe, answer);
            case Tolerance.Unfilled _ ->
                    throw new IllegalArgumentException("variables without values in " + tolerance);
        };
    }

    private static boolean equal(JsonNode value, JsonNode answer) {
        return PythonValues.same(
                value,
                value.isIntegralNumber() && answer.has(STATUS) ? answer.path(STATUS) : answer);
    }

    private static boolean listed(List<JsonNode> values, JsonNode answer) {
        if (answer.has(STATUS)) {
            return contains(values, answer.path(STATUS));
        }
        return values.size() == 2
                ? PythonValues.atMost(values.get(0), answer)
                        && PythonValues.atMost(answer, values.get(1))
                : contains(values, answer);
    }

    private static boolean contains(List<JsonNode> values, JsonNode answer) {
        return values.stream().anyMatch(value -> PythonValues.same(value, answer));
    }

    private static boolean between(BigDecimal low, BigDecimal value, BigDecimal high) {
        return low.compareTo(value) <= 0 && value.compareTo(high) <= 0;
    }

    private static boolean atPath(Tolerance.AtPath wanted, JsonNode answer) {
        Optional<JsonNode> looked = target(answer, wanted.target());
        if (looked.isEmpty()) {
            return false;
        }
        List<JsonNode> found = wanted.path().find(parsed(looked.get()));
        if (wanted.expect().isEmpty()) {
            return wanted.count().map(count -> found.size() == count).orElse(!found.isEmpty());
        }
        List<JsonNode> expected = wanted.expect().get();
        return found.size() == expected.size()
                && IntStream.range(0, found.size())
                        .allMatch(i -> PythonValues.same(expected.get(i), found.get(i)));
    }

    /** The member that is looked at, or all of the answer; empty when it has no members. */
    private static Optional<JsonNode> target(JsonNode answer, Optional<String> target) {
        if (target.filter(name -> !name.isEmpty()).isEmpty()) {
            return Optional.of(answer);
        }
        return Optional.of(answer)
                .filter(JsonNode::isObject)
                .map(members -> members.path(target.get()))
                .map(member -> member.isMissingNode() ? answer : member);
    }

    /** A text that holds JSON is searched as what it holds. */
    private static JsonNode parsed(JsonNode answer) {
        if (!answer.isTextual() || answer.textValue().isBlank()) {
            return answer;
        }
        try {
            return JSON.readTree(answer.textValue());
        } catch (JsonProcessingException noJson) {
            return answer;
        }
    }

    /** The number that the answer is, or that its text is; digits may be parted by underscores. */
    static Optional<BigDecimal> number(JsonNode answer) {
        if (!answer.isTextual()) {
            return PythonValues.number(answer);
        }
        try {
            return Optional.of(new BigDecimal(answer.textValue().strip().replace("_", "")));
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}
