package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the values of an experiment's variables. Immutable. */
public final class Variables {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Variables() {}

    /**
     * The values of configuration and secrets; the configuration wins.
     *
     * <p>Literals and the environment come first, then the probes, in the order of the file, those
     * of secrets before those of the configuration. A probe may use every value that was found
     * before it. Its value is the body of its answer, what its program wrote, without blanks at the
     * ends, or what its function returns; an answer that is an error is a problem.
     *
     * @param given values that replace whatever the file says; only those of type {@code env} are
     *     looked up
     * @param environment of the process
     * @param cut ends probes: each then fails at once
     * @return every variable whose value is missing or of another type, as a problem
     */
    public static Parsed<Substitution> of(
            Experiment experiment,
            Map<String, JsonNode> given,
            Map<String, String> environment,
            Cut cut) {
        Problems problems = Problems.root();
        Map<String, JsonNode> values = new HashMap<>();
        Map<String, Asked> probes = new LinkedHashMap<>();
        experiment
                .secrets()
                .forEach((group, secrets) ->
                        add(
                                secrets,
                                environment,
                                problems.field("secrets").field(group),
                                given.keySet(),
                                values,
                                probes));
        add(
                experiment.configuration(),
                environment,
                problems.field("configuration"),
                given.keySet(),
                values,
                probes);
        given.forEach((name, value) -> {
            if (value.path("type").asText().equals("env")) {
                fromEnvironment(value, environment, problems.field(name))
                        .ifPresent(found -> values.put(name, found));
            } else {
                values.put(name, value);
            }
        });
        if (problems.isEmpty()) {
            probes.forEach((name, asked) ->
                    ask(asked, values, cut).ifPresent(value -> values.put(name, value)));
        }
        return problems.finish(() -> new Substitution(values));
    }

    /** A variable whose value is a probe's answer. */
    private record Asked(JsonNode probe, Problems problems) {}

    private static void add(
            Map<String, JsonNode> variables,
            Map<String, String> environment,
            Problems problems,
            Set<String> given,
            Map<String, JsonNode> values,
            Map<String, Asked> probes) {
        variables.forEach((name, variable) -> {
            if (given.contains(name)) {
                return;
            }
            // A later group's variable replaces one of the same name, of whatever kind.
            values.remove(name);
            probes.remove(name);
            if (!variable.isObject() || !variable.has("type")) {
                values.put(name, variable);
            } else if (variable.path("type").asText().equals("env")) {
                fromEnvironment(variable, environment, problems.field(name))
                        .ifPresent(value -> values.put(name, value));
            } else {
                probes.put(name, new Asked(variable, problems.field(name)));
            }
        });
    }

    private static Optional<JsonNode> ask(Asked asked, Map<String, JsonNode> values, Cut cut) {
        Outcome outcome;
        try (Activities activities = new Activities(new Substitution(values))) {
            outcome = activities.until(cut).ask(asked.probe().path("provider"));
        }
        if (!outcome.succeeded()) {
            asked.problems()
                    .add(
                            "the probe failed: " + outcome.words(),
                            "an answer that is no error",
                            "let its target answer, or give the value itself");
            return Optional.empty();
        }
        String kind = asked.probe().path("provider").path("type").asText();
        return Optional.of(
                switch (kind) {
                    case "http" -> outcome.output().path("body");
                    case "python" -> outcome.output();
                    default -> NODES.textNode(outcome.output().path("stdout").asText("").strip());
                });
    }

    private static Optional<JsonNode> fromEnvironment(
            JsonNode variable, Map<String, String> environment, Problems problems) {
        String key = variable.path("key").asText();
        String text = environment.get(key);
        if (text == null && !variable.has("default")) {
            problems.add("no " + key + " in the environment", "a value", "set " + key);
            return Optional.empty();
        }
        JsonNode value = text == null ? variable.get("default") : NODES.textNode(text);
        String type = variable.path("env_var_type").asText("str");
        try {
            return Optional.of(TypedValues.of(value, type));
        } catch (IllegalArgumentException wrong) {
            problems.add(
                    key + " is " + Problem.quote(value.asText()),
                    "a value of type " + type,
                    "set it");
            return Optional.empty();
        }
    }
}
