package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Optional;

/**
 * What became of an activity. Immutable.
 *
 * @param output its answer: {@code {status, headers, body}} or {@code {status, stdout, stderr}};
 *     null when it failed
 * @param failure why there is no answer; empty when there is one
 */
public record Outcome(JsonNode output, Optional<String> failure) {
    /** There is an answer, whatever it says. */
    public static Outcome answered(JsonNode output) {
        return new Outcome(output, Optional.empty());
    }

    /** There is no answer. */
    public static Outcome failed(String why) {
        return new Outcome(JsonNodeFactory.instance.nullNode(), Optional.of(why));
    }

    /**
     * Whether the activity did what it should: it answered, and its answer is no error (HTTP below
     * 400, a program's exit code 0). The Chaos Toolkit asks for the first half only.
     */
    public boolean succeeded() {
        if (failure.isPresent()) {
            return false;
        }
        JsonNode status = output.path("status");
        boolean program = output.has("stdout");
        return !status.isInt() || (program ? status.intValue() == 0 : status.intValue() < 400);
    }
}
