package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads files that only set variables, as the Chaos Toolkit does. Stateless. */
public final class VariableFile {
    private VariableFile() {}

    /** Whether a file of this name is a tree of JSON or YAML; else it is lines. */
    public static boolean isTree(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return List.of(".json", ".yaml", ".yml").stream().anyMatch(lower::endsWith);
    }

    /** The members of {@code configuration} and of each group of {@code secrets}, by name. */
    public static Map<String, JsonNode> values(String text, String file, Problems problems) {
        return switch (Source.read(text, file)) {
            case Parsed.Ok<Source.Read>(Source.Read read) -> values(read.root(), problems);
            case Parsed.Refused<Source.Read>(List<Problem> wrong) -> {
                wrong.forEach(one ->
                        problems.add(one.path() + ": " + one.got(), one.expected(), one.remedy()));
                yield Map.of();
            }
        };
    }

    private static Map<String, JsonNode> values(JsonNode root, Problems problems) {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (!root.has("configuration") && !root.has("secrets")) {
            problems.add(
                    "neither 'configuration' nor 'secrets'",
                    "an object with one of them",
                    "put the variables under configuration");
        }
        root.path("secrets").forEach(group -> put(group, values));
        put(root.path("configuration"), values);
        return values;
    }

    private static void put(JsonNode group, Map<String, JsonNode> values) {
        group.properties().forEach(value -> values.put(value.getKey(), value.getValue()));
    }

    /** Lines {@code NAME=VALUE}; empty ones and those that begin with {@code #} are left out. */
    public static Map<String, String> environment(String text, Problems problems) {
        Map<String, String> environment = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                environment.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                problems.add("line " + number + " without '='", "NAME=VALUE", "correct it");
            }
        }
        return environment;
    }
}
