package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Substitution;
import dev.sluice.chaos.experiment.Tolerance;
import dev.sluice.chaos.experiment.Tolerances;
import dev.sluice.chaos.python.PythonCalls;
import dev.sluice.chaos.python.Work;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs activities with values for their variables. A call that exports a variable gives it to every
 * activity after it, and to the environment of its programs. Thread-safe.
 */
public final class Activities implements AutoCloseable {
    private final ProcessCalls processes = new ProcessCalls();
    private final HttpCalls http;
    private final Map<String, String> exports;
    private final Cut cut;
    private final PythonWork python;
    private final Substitution values;
    private final Map<String, String> environment;

    /**
     * @param values for the variables of all activities
     */
    public Activities(Substitution values) {
        this(values, Map.of());
    }

    /**
     * @param values for the variables of all activities
     * @param environment of programs, beside that of this process
     */
    public Activities(Substitution values, Map<String, String> environment) {
        this(
                values,
                Map.copyOf(environment),
                new HttpCalls(),
                new ConcurrentHashMap<>(),
                Cut.never());
    }

    private Activities(
            Substitution values,
            Map<String, String> environment,
            HttpCalls http,
            Map<String, String> exports,
            Cut cut) {
        this.values = values;
        this.environment = environment;
        this.http = http;
        this.exports = exports;
        this.cut = cut;
        this.python = new PythonWork(request -> http.call(request, cut), exports::putAll);
    }

    /** The same, but that their calls end with the cut: each then fails at once. */
    public Activities until(Cut cut) {
        return new Activities(values, environment, http, exports, cut);
    }

    /** Runs the activity to its end. */
    public Outcome run(Activity activity) {
        return run(resolved(activity));
    }

    /** Runs a tolerance's probe, which gets the answer as argument {@code value}. */
    public Outcome run(Activity activity, JsonNode value) {
        ObjectNode fields = resolved(activity).deepCopy();
        fields.withObject("/arguments").set("value", value);
        return run(fields);
    }

    /**
     * The provider of an activity without variables, which another process can run too; one of
     * Python has what it looks at under {@code configuration}.
     */
    public JsonNode resolved(Activity activity) {
        return resolved(activity.provider().fields());
    }

    private JsonNode resolved(JsonNode provider) {
        Substitution known = known();
        JsonNode fields = known.in(provider);
        if (!isPython(fields)) {
            return fields;
        }
        ObjectNode call = fields.deepCopy();
        ObjectNode configuration = call.putObject("configuration");
        known.values().entrySet().stream()
                .filter(value -> PythonCalls.looksAt(value.getKey()))
                .forEach(value -> configuration.set(value.getKey(), value.getValue()));
        return call;
    }

    private Substitution known() {
        if (exports.isEmpty()) {
            return values;
        }
        Map<String, JsonNode> known = new HashMap<>(values.values());
        exports.forEach((name, value) -> known.put(name, TextNode.valueOf(value)));
        return new Substitution(known);
    }

    private static boolean isPython(JsonNode provider) {
        return provider.path("type").asText().equals("python");
    }

    /** Runs a provider as it stands in the file. */
    Outcome ask(JsonNode provider) {
        return run(resolved(provider));
    }

    /** Runs a provider that {@link #resolved} gave. */
    public Outcome run(JsonNode resolved) {
        return switch (resolved.path("type").asText()) {
            case "http" -> http.call(resolved, cut);
            case "python" -> python.run(work(resolved));
            default -> processes.call(resolved, ofPrograms(Map.of()), cut);
        };
    }

    private Map<String, String> ofPrograms(Map<String, String> process) {
        Map<String, String> all = new HashMap<>(process);
        all.putAll(environment);
        all.putAll(exports);
        return all;
    }

    /** What a provider of Python that {@link #resolved} gave does. */
    private Work work(JsonNode resolved) {
        Map<String, JsonNode> configuration = new HashMap<>();
        resolved.path("configuration")
                .properties()
                .forEach(value -> configuration.put(value.getKey(), value.getValue()));
        return PythonCalls.work(
                resolved, configuration, ofPrograms(System.getenv()), Instant.now());
    }

    /** The requests over HTTP that an activity makes; none when it is a program. */
    public List<JsonNode> requests(Activity activity) {
        JsonNode resolved = resolved(activity);
        if (!isPython(resolved)) {
            return resolved.path("type").asText().equals("http") ? List.of(resolved) : List.of();
        }
        return work(resolved) instanceof Work.Requests(List<Work.Step> steps, Work.Reading _)
                ? steps.stream().map(Work.Step::request).toList()
                : List.of();
    }

    /** What the experiment fails to say for a call of Python; empty when it says all. */
    public Optional<Work.Refused> refused(Activity activity) {
        JsonNode resolved = resolved(activity);
        return isPython(resolved) && work(resolved) instanceof Work.Refused refused
                ? Optional.of(refused)
                : Optional.empty();
    }

    /** The tolerance with values for its variables; empty when it can't be read with them. */
    public Optional<Tolerance> tolerance(Tolerance tolerance) {
        return Tolerances.filled(tolerance, known());
    }

    /**
     * Whether a rollback has done its work: it succeeded, or what it deletes is not there, so that
     * it may be run again, and also when the fault was never applied.
     */
    public static boolean restored(JsonNode resolved, Outcome outcome) {
        boolean deletes =
                resolved.path("method").asText().equalsIgnoreCase("DELETE")
                        || (isPython(resolved)
                                && resolved.path("func").asText().startsWith("delete_"));
        int status = outcome.evidence().path("status").asInt();
        return outcome.succeeded() || (deletes && (status == 404 || status == 410));
    }

    /** Seconds of a pause; nothing when it is none. */
    public Optional<Double> seconds(JsonNode pause) {
        JsonNode value = known().in(pause);
        double seconds = value.asDouble(0);
        return seconds > 0 ? Optional.of(seconds) : Optional.empty();
    }

    @Override
    public void close() {
        http.close();
    }
}
