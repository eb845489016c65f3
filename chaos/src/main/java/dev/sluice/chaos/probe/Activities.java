package dev.sluice.chaos.probe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.PythonCalls;
import dev.sluice.chaos.experiment.Substitution;
import java.util.Optional;

/** Runs activities with values for their variables. Thread-safe. */
public final class Activities implements AutoCloseable {
    private final HttpCalls http = new HttpCalls();
    private final Substitution values;

    /**
     * @param values for the variables of all activities
     */
    public Activities(Substitution values) {
        this.values = values;
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
     * The provider of an activity as an {@code http} or {@code process} provider without variables,
     * which another process can run too.
     */
    public JsonNode resolved(Activity activity) {
        return resolved(activity.provider().fields());
    }

    private JsonNode resolved(JsonNode provider) {
        JsonNode fields = values.in(provider);
        return fields.path("type").asText().equals("python")
                ? PythonCalls.request(fields, values.values())
                        .orElseThrow(() -> new IllegalStateException("unknown call " + fields))
                : fields;
    }

    /** Runs a provider as it stands in the file. */
    Outcome ask(JsonNode provider) {
        return run(resolved(provider));
    }

    /** Runs a provider that {@link #resolved} gave. */
    public Outcome run(JsonNode resolved) {
        return resolved.path("type").asText().equals("http")
                ? http.call(resolved)
                : ProcessCalls.call(resolved);
    }

    /**
     * Whether a rollback has done its work: it succeeded, or what it deletes is not there, so that
     * it may be run again, and also when the fault was never applied.
     */
    public static boolean restored(JsonNode resolved, Outcome outcome) {
        boolean deletes = resolved.path("method").asText().equalsIgnoreCase("DELETE");
        int status = outcome.output().path("status").asInt();
        return outcome.succeeded() || (deletes && (status == 404 || status == 410));
    }

    /** Seconds of a pause; nothing when it is none. */
    public Optional<Double> seconds(JsonNode pause) {
        JsonNode value = values.in(pause);
        double seconds = value.asDouble(0);
        return seconds > 0 ? Optional.of(seconds) : Optional.empty();
    }

    @Override
    public void close() {
        http.close();
    }
}
