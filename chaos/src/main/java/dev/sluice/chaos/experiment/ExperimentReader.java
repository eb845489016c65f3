package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.python.PythonCalls;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads experiments of the Chaos Toolkit in JSON and YAML, unchanged, and our own fields under
 * {@code sluice}; reports everything that is wrong at once, with line and column. What is accepted
 * without effect (controls, unknown fields) is a notice. Immutable.
 */
public final class ExperimentReader {
    private static final Set<String> KNOWN =
            Set.of(
                    "title",
                    "description",
                    "tags",
                    "configuration",
                    "secrets",
                    "steady-state-hypothesis",
                    "method",
                    "rollbacks",
                    "controls",
                    "extensions",
                    "contributions",
                    "runtime",
                    "dry",
                    "version",
                    "sluice");
    private static final List<String> ENV_TYPES =
            List.of("str", "int", "float", "bytes", "bool", "json");

    private ExperimentReader() {}

    /**
     * Reads one file.
     *
     * @param file its name, for the places of problems
     */
    public static Parsed<Experiment> read(String text, String file) {
        return switch (Source.read(text, file)) {
            case Parsed.Ok<Source.Read>(Source.Read read) -> experiment(Fields.root(read));
            case Parsed.Refused<Source.Read>(List<Problem> problems) ->
                    new Parsed.Refused<>(problems);
        };
    }

    private static Parsed<Experiment> experiment(Fields root) {
        if (!root.node().isObject()) {
            root.wrong("an experiment, which is an object");
            return new Parsed.Refused<>(root.problems());
        }
        root.onlyKnown(KNOWN);
        if (root.has("controls")) {
            root.at("controls").notice("controls are not run");
        }
        Map<String, Activity> byName = ActivityReader.names();
        String title = root.required("title");
        String description = root.required("description");
        List<String> tags = tags(root);
        Map<String, JsonNode> configuration = variables(root.object("configuration"));
        Map<String, Map<String, JsonNode>> secrets = secrets(root.object("secrets"));
        Optional<Experiment.Hypothesis> hypothesis = hypothesis(root, byName);
        if (!root.has("method")) {
            root.problem("no 'method'", "'method'", "add it; it may be an empty list");
        }
        List<Activity> method = ActivityReader.list(root.list("method"), byName);
        List<Activity> rollbacks = ActivityReader.list(root.list("rollbacks"), byName);
        Fields runtime = root.object("runtime");
        String rollbackStrategy =
                runtime.object("rollbacks").word("strategy", Experiment.ROLLBACK_STRATEGIES);
        String hypothesisStrategy =
                runtime.object("hypothesis").word("strategy", Experiment.HYPOTHESIS_STRATEGIES);
        Settings settings = SettingsReader.read(root);
        checkNames(root, configuration, secrets, method);
        checkBlastRadius(root, settings, method);
        if (!root.problems().isEmpty()) {
            return new Parsed.Refused<>(root.problems());
        }
        return Parsed.ok(
                new Experiment(
                        title,
                        description,
                        tags,
                        configuration,
                        secrets,
                        hypothesis,
                        method,
                        rollbacks,
                        rollbackStrategy,
                        hypothesisStrategy,
                        settings,
                        root.notices(),
                        root.node(),
                        root.source()));
    }

    private static List<String> tags(Fields root) {
        List<String> tags = new ArrayList<>();
        for (Fields tag : root.list("tags")) {
            if (tag.node().isTextual()) {
                tags.add(tag.node().textValue());
            } else {
                tag.wrong("a text");
            }
        }
        return tags;
    }

    private static Optional<Experiment.Hypothesis> hypothesis(
            Fields root, Map<String, Activity> byName) {
        if (!root.has("steady-state-hypothesis")) {
            return Optional.empty();
        }
        Fields hypothesis = root.object("steady-state-hypothesis");
        String title = hypothesis.required("title");
        List<Fields> elements = hypothesis.list("probes");
        List<Activity> probes = ActivityReader.list(elements, byName);
        for (int i = 0; i < elements.size() && probes.size() == elements.size(); i++) {
            if (probes.get(i).tolerance().isEmpty() && !elements.get(i).has("tolerance")) {
                elements.get(i)
                        .problem("no 'tolerance'", "'tolerance'", "say which answer is steady");
            }
        }
        return Optional.of(new Experiment.Hypothesis(title, probes));
    }

    private static Map<String, JsonNode> variables(Fields variables) {
        Map<String, JsonNode> read = new LinkedHashMap<>();
        variables
                .node()
                .fieldNames()
                .forEachRemaining(name -> {
                    Fields variable = variables.at(name);
                    checkVariable(variable);
                    read.put(name, variable.node());
                });
        return read;
    }

    private static void checkVariable(Fields variable) {
        if (!variable.node().isObject() || !variable.has("type")) {
            return;
        }
        String type = variable.required("type");
        switch (type) {
            case "env" -> {
                variable.required("key");
                variable.word("env_var_type", ENV_TYPES);
            }
            case "probe" -> ActivityReader.read(variable);
            case "vault" ->
                    variable.problem(
                            "a secret in a vault",
                            "a literal or type env",
                            "put it into an environment variable");
            default -> variable.at("type").wrong("env or probe");
        }
    }

    private static Map<String, Map<String, JsonNode>> secrets(Fields secrets) {
        Map<String, Map<String, JsonNode>> read = new LinkedHashMap<>();
        secrets.node()
                .fieldNames()
                .forEachRemaining(group -> read.put(group, variables(secrets.object(group))));
        return read;
    }

    /** A variable that nobody sets stays as it is written, which is seldom meant. */
    private static void checkNames(
            Fields root,
            Map<String, JsonNode> configuration,
            Map<String, Map<String, JsonNode>> secrets,
            List<Activity> method) {
        Set<String> known = new HashSet<>(configuration.keySet());
        secrets.values().forEach(group -> known.addAll(group.keySet()));
        known.add(Substitution.SEED);
        for (Activity activity : method) {
            known.addAll(PythonCalls.exports(activity.provider().fields()));
        }
        for (String part : List.of("steady-state-hypothesis", "method", "rollbacks", "sluice")) {
            Set<String> unknown = new HashSet<>(Substitution.variables(root.get(part)));
            unknown.removeAll(known);
            unknown.stream()
                    .sorted()
                    .forEach(name -> root.at(part).notice("variable $" + name + " has no value"));
        }
    }

    private static void checkBlastRadius(Fields root, Settings settings, List<Activity> method) {
        double most = settings.blastRadius().toxicity().orElse(1.0);
        for (Activity activity : method) {
            JsonNode arguments = activity.provider().fields().path("arguments");
            double toxicity = arguments.path("toxicity").asDouble(most);
            boolean bites =
                    activity.kind() == Activity.Kind.ACTION
                            && (arguments.has("toxicity") || setsToxic(activity));
            if (bites && (arguments.has("toxicity") ? toxicity : 1.0) > most) {
                root.problems()
                        .add(
                                new Problem(
                                        activity.place(),
                                        "a toxicity of "
                                                + (arguments.has("toxicity") ? toxicity : 1.0),
                                        "at most " + most + ", the blast radius",
                                        "lower it, or widen sluice.blast_radius"));
            }
        }
    }

    private static boolean setsToxic(Activity activity) {
        JsonNode fields = activity.provider().fields();
        boolean byName =
                fields.path("module").asText().equals("chaostoxi.toxic.actions")
                        && fields.path("func").asText().startsWith("create_");
        boolean byRequest =
                fields.path("url").asText().endsWith("/toxics")
                        && !fields.path("method").asText("GET").equals("GET");
        return byName || byRequest;
    }
}
