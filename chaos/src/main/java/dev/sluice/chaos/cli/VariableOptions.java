package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.experiment.VariableFile;
import dev.sluice.chaos.probe.TypedValues;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Values of variables that are given on the command line. */
final class VariableOptions {
    @Option(
            names = "--var",
            paramLabel = "NAME[:TYPE]=VALUE",
            description = {
                "Sets a variable, whatever the file says.",
                "TYPE: str (default), int, float, bool, json or bytes"
            })
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--var-file",
            paramLabel = "FILE",
            description = {
                "Sets variables: `configuration` and `secrets` of a .json or .yaml file;",
                "another file has lines NAME=VALUE for the environment. --var goes before it"
            })
    private List<Path> files = new ArrayList<>();

    /**
     * What was given.
     *
     * @param values of variables, by name; an object of type {@code env} is looked up
     * @param environment variables beside those of this process
     */
    record Given(Map<String, JsonNode> values, Map<String, String> environment) {
        Given {
            values = Map.copyOf(values);
            environment = Map.copyOf(environment);
        }

        /** The environment of this process with them. */
        Map<String, String> wholeEnvironment() {
            Map<String, String> whole = new HashMap<>(System.getenv());
            whole.putAll(environment);
            return whole;
        }

        /** Values of the experiment's configuration, which are no secrets. */
        Map<String, JsonNode> shown(Experiment experiment) {
            Map<String, JsonNode> shown = new TreeMap<>(values);
            shown.keySet().retainAll(experiment.configuration().keySet());
            experiment
                    .secrets()
                    .values()
                    .forEach(group -> shown.keySet().removeAll(group.keySet()));
            return shown;
        }
    }

    /**
     * All of it, or every problem.
     *
     * @param others values that are given too, where these say nothing
     */
    Parsed<Given> read(Map<String, JsonNode> others) {
        Problems problems = Problems.root();
        Map<String, JsonNode> values = new LinkedHashMap<>(others);
        Map<String, String> environment = new LinkedHashMap<>();
        for (Path file : files) {
            read(file, values, environment, problems.field(file.toString()));
        }
        variables.forEach((name, text) -> set(name, text, values, problems));
        return problems.finish(() -> new Given(values, environment));
    }

    private static void read(
            Path file,
            Map<String, JsonNode> values,
            Map<String, String> environment,
            Problems problems) {
        try {
            String text = GivenFiles.read(file);
            if (VariableFile.isTree(file.toString())) {
                values.putAll(VariableFile.values(text, file.toString(), problems));
            } else {
                environment.putAll(VariableFile.environment(text, problems));
            }
        } catch (FileSystemException unreadable) {
            problems.add(GivenFiles.reason(unreadable), "a file in UTF-8", GivenFiles.REMEDY);
        }
    }

    private static void set(
            String name, String text, Map<String, JsonNode> values, Problems problems) {
        int colon = name.lastIndexOf(':');
        String type = colon < 0 ? "str" : name.substring(colon + 1);
        String bare = colon < 0 ? name : name.substring(0, colon);
        try {
            if (!TypedValues.TYPES.contains(type)) {
                throw new IllegalArgumentException("unknown type " + type);
            }
            values.put(bare, TypedValues.of(TextNode.valueOf(text), type));
        } catch (IllegalArgumentException wrong) {
            problems.field("--var")
                    .add(
                            Problem.quote(name + "=" + text),
                            "NAME[:TYPE]=VALUE with a value of one of the types "
                                    + String.join(", ", TypedValues.TYPES),
                            "correct it");
        }
    }
}
