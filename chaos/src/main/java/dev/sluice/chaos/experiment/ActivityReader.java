package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.python.PythonCalls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads probes and actions. Immutable. */
final class ActivityReader {
    private static final Set<String> KNOWN =
            Set.of(
                    "type",
                    "name",
                    "provider",
                    "tolerance",
                    "background",
                    "pauses",
                    "controls",
                    "configuration",
                    "secrets",
                    "dry",
                    "timeout");
    private static final List<String> PROVIDERS = List.of("http", "process", "python");

    private ActivityReader() {}

    /** All activities of a list; a {@code ref} stands for the activity of that name. */
    static List<Activity> list(List<Fields> elements, Map<String, Activity> byName) {
        List<Activity> activities = new ArrayList<>();
        for (Fields element : elements) {
            if (element.has("ref")) {
                String name = element.required("ref");
                Activity referred = byName.get(name);
                if (referred == null) {
                    element.at("ref").wrong("the name of an activity that stands before");
                } else {
                    activities.add(referred);
                }
            } else {
                read(element)
                        .ifPresent(activity -> {
                            activities.add(activity);
                            byName.putIfAbsent(activity.name(), activity);
                        });
            }
        }
        return activities;
    }

    /** The activity; empty after a problem. */
    static Optional<Activity> read(Fields fields) {
        if (!fields.node().isObject()) {
            fields.wrong("a probe or an action");
            return Optional.empty();
        }
        fields.onlyKnown(KNOWN);
        if (fields.has("controls")) {
            fields.at("controls").notice("controls are not run");
        }
        String type = fields.required("type");
        if (!type.isEmpty() && !type.equals("probe") && !type.equals("action")) {
            fields.at("type").wrong("probe or action");
        }
        String name = fields.required("name");
        Optional<Activity.Provider> provider = provider(fields, name);
        Optional<Tolerance> tolerance =
                fields.has("tolerance")
                        ? ToleranceReader.read(fields.at("tolerance"))
                        : Optional.empty();
        Fields pauses = fields.object("pauses");
        JsonNode before = pause(pauses, "before");
        JsonNode after = pause(pauses, "after");
        boolean background = fields.flag("background");
        return provider.map(known ->
                new Activity(
                        type.equals("action") ? Activity.Kind.ACTION : Activity.Kind.PROBE,
                        name,
                        known,
                        background,
                        before,
                        after,
                        tolerance,
                        fields.node(),
                        fields.place()));
    }

    private static JsonNode pause(Fields pauses, String name) {
        JsonNode pause = pauses.get(name);
        boolean variable = pause.isTextual() && pause.textValue().contains("$");
        if (!pause.isMissingNode()
                && !variable
                && !(pause.isNumber() && pause.doubleValue() >= 0)) {
            pauses.at(name).wrong("seconds, 0 or more, or a variable");
        }
        return pause;
    }

    private static Optional<Activity.Provider> provider(Fields activity, String name) {
        if (!activity.has("provider")) {
            activity.problem("no 'provider'", "'provider'", "say how '" + name + "' is done");
            return Optional.empty();
        }
        Fields provider = activity.object("provider");
        String type = provider.required("type");
        if (!PROVIDERS.contains(type)) {
            if (!type.isEmpty()) {
                provider.at("type").wrong("one of " + String.join(", ", PROVIDERS));
            }
            return Optional.empty();
        }
        checkTimeout(provider);
        switch (type) {
            case "http" -> http(provider);
            case "process" -> process(provider);
            default -> python(provider, name);
        }
        return Optional.of(
                new Activity.Provider(
                        Activity.Provider.Type.valueOf(type.toUpperCase(Locale.ROOT)),
                        provider.node()));
    }

    private static void http(Fields provider) {
        provider.required("url");
        provider.text("method");
        provider.object("headers");
        provider.object("arguments");
    }

    private static void process(Fields provider) {
        provider.required("path");
        JsonNode arguments = provider.get("arguments");
        if (!arguments.isMissingNode()
                && !arguments.isValueNode()
                && !arguments.isContainerNode()) {
            provider.at("arguments").wrong("a text, a list or an object");
        }
    }

    private static void python(Fields provider, String name) {
        String module = provider.required("module");
        String function = provider.required("func");
        Fields arguments = provider.object("arguments");
        if (module.isEmpty() || function.isEmpty()) {
            return;
        }
        String call = module + "." + function;
        if (!PythonCalls.knows(call)) {
            provider.problem(
                    "the call " + call + " of '" + name + "'",
                    "one of " + PythonCalls.known(),
                    "use an http or process provider");
            return;
        }
        List<String> given = arguments.node().properties().stream().map(Map.Entry::getKey).toList();
        PythonCalls.problems(call, given)
                .forEach(wrong ->
                        arguments.problem(
                                wrong + " for " + call + " of '" + name + "'",
                                PythonCalls.signature(call),
                                "correct it"));
    }

    private static void checkTimeout(Fields provider) {
        JsonNode timeout = provider.get("timeout");
        boolean pair =
                timeout.isArray()
                        && timeout.size() == 2
                        && timeout.get(0).isNumber()
                        && timeout.get(1).isNumber();
        boolean variable = timeout.isTextual() && timeout.textValue().contains("$");
        if (!timeout.isMissingNode() && !pair && !variable && !timeout.isNumber()) {
            provider.at("timeout").wrong("seconds, or a list of seconds to connect and to read");
        }
    }

    static Map<String, Activity> names() {
        return new HashMap<>();
    }
}
