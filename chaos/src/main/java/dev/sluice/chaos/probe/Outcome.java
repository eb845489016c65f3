package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * What became of an activity. Immutable.
 *
 * @param output its answer: {@code {status, headers, body}}, {@code {status, stdout, stderr}}, or
 *     what a Python function returns; null when it failed
 * @param evidence the answer over HTTP or of a program that shows whether the work was done; the
 *     output, except for Python functions
 * @param failure why there is no answer; empty when there is one
 */
public record Outcome(JsonNode output, JsonNode evidence, Optional<String> failure) {
    /** There is an answer, whatever it says. */
    public static Outcome answered(JsonNode output) {
        return new Outcome(output, output, Optional.empty());
    }

    /** There is no answer. */
    public static Outcome failed(String why) {
        JsonNode nothing = JsonNodeFactory.instance.nullNode();
        return new Outcome(nothing, nothing, Optional.of(why));
    }

    /**
     * Whether the activity did what it should: it answered, and its answer is no error (HTTP below
     * 400, a program's exit code 0). The Chaos Toolkit asks for the first half only.
     */
    public boolean succeeded() {
        if (failure.isPresent()) {
            return false;
        }
        JsonNode status = evidence.path("status");
        boolean program = evidence.has("stdout");
        return !status.isInt() || (program ? status.intValue() == 0 : status.intValue() < 400);
    }

    /** Why it did not do what it should, in words. */
    public String words() {
        return failure.orElseGet(() -> "status " + evidence.path("status").asText());
    }

    /** Whether Python takes the output for true: not null, false, zero or empty. */
    public boolean truthy() {
        return switch (output.getNodeType()) {
            case NULL, MISSING -> false;
            case BOOLEAN -> output.booleanValue();
            case NUMBER -> output.doubleValue() != 0;
            case STRING -> !output.textValue().isEmpty();
            default -> !output.isEmpty();
        };
    }
}
