package dev.sluice.chaos.probe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the values of an experiment's variables. Immutable. */
public final class Variables {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Variables() {}

    /**
     * The values of configuration and secrets; the configuration wins.
     *
     * @param environment of the process
     * @return every variable whose value is missing or of another type, as a problem
     */
    public static Parsed<Substitution> of(Experiment experiment, Map<String, String> environment) {
        Problems problems = Problems.root();
        Map<String, JsonNode> values = new HashMap<>();
        experiment
                .secrets()
                .forEach((group, secrets) ->
                        add(secrets, environment, problems.field("secrets").field(group), values));
        add(experiment.configuration(), environment, problems.field("configuration"), values);
        return problems.finish(() -> new Substitution(values));
    }

    private static void add(
            Map<String, JsonNode> variables,
            Map<String, String> environment,
            Problems problems,
            Map<String, JsonNode> values) {
        variables.forEach((name, variable) -> {
            if (!variable.isObject() || !variable.has("type")) {
                values.put(name, variable);
            } else if (variable.path("type").asText().equals("env")) {
                fromEnvironment(variable, environment, problems.field(name))
                        .ifPresent(value -> values.put(name, value));
            } else {
                problems.field(name)
                        .add("a probe", "a literal or type env", "give the value itself");
            }
        });
    }

    private static Optional<JsonNode> fromEnvironment(
            JsonNode variable, Map<String, String> environment, Problems problems) {
        String key = variable.path("key").asText();
        String text = environment.get(key);
        if (text == null) {
            if (variable.has("default")) {
                return Optional.of(variable.get("default"));
            }
            problems.add("no " + key + " in the environment", "a value", "set " + key);
            return Optional.empty();
        }
        String type = variable.path("env_var_type").asText("str");
        try {
            return Optional.of(typed(text, type));
        } catch (NumberFormatException | JsonProcessingException wrong) {
            problems.add(key + " is " + Problem.quote(text), "a value of type " + type, "set it");
            return Optional.empty();
        }
    }

    private static JsonNode typed(String text, String type) throws JsonProcessingException {
        return switch (type) {
            case "int" -> NODES.numberNode(Long.parseLong(text.strip()));
            case "float" -> NODES.numberNode(Double.parseDouble(text.strip()));
            case "bool" -> NODES.booleanNode(text.equalsIgnoreCase("true") || text.equals("1"));
            case "json" -> JSON.readTree(text);
            default -> NODES.textNode(text);
        };
    }
}
