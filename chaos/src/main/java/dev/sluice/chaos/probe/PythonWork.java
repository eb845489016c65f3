package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.sluice.chaos.python.Work;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does what a call of Python does. Thread-safe. */
final class PythonWork {
    private final Function<JsonNode, Outcome> http;
    private final Consumer<Map<String, String>> exports;

    /**
     * @param http sends an {@code http} provider
     * @param exports is told the variables that a call sets
     */
    PythonWork(Function<JsonNode, Outcome> http, Consumer<Map<String, String>> exports) {
        this.http = http;
        this.exports = exports;
    }

    Outcome run(Work work) {
        return switch (work) {
            case Work.Requests requests -> run(requests);
            case Work.Exists(String path) -> Outcome.answered(BooleanNode.valueOf(exists(path)));
            case Work.Raises(String why) -> Outcome.failed(why);
            case Work.Refused(String got, String expected, String _) ->
                    Outcome.failed(got + " (expected: " + expected + ")");
        };
    }

    private static boolean exists(String path) {
        try {
            return Files.exists(Path.of(path));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    private Outcome run(Work.Requests work) {
        JsonNode last = NullNode.getInstance();
        JsonNode evidence = NullNode.getInstance();
        for (Work.Step step : work.steps()) {
            Outcome outcome = http.apply(step.request());
            if (outcome.failure().isPresent()) {
                return outcome;
            }
            last = outcome.output();
            if (!step.done(last.path("status").asInt())) {
                evidence = last;
                break;
            }
        }
        return switch (work.reading().read(last)) {
            case Work.Answer.Returned(JsonNode value, Map<String, String> set) -> {
                exports.accept(set);
                yield new Outcome(value, evidence, Optional.empty());
            }
            case Work.Answer.Raised(String why) -> Outcome.failed(why);
        };
    }
}
