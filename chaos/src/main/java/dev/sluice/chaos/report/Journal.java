package dev.sluice.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.fault.LeaseCount;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.chaos.telemetry.ActiveFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a run, in the Chaos Toolkit's format of journals, with our own facts under
 * {@code x-sluice}. Owned by the thread that runs.
 */
public final class Journal {
    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode root = JSON.createObjectNode();
    private final ObjectNode own = JSON.createObjectNode();
    private final Instant start;

    /** One activity that ran. */
    public record Entry(Activity activity, Instant start, Instant end, Outcome outcome) {}

    /** One look at the steady state. */
    public record Look(boolean met, List<Entry> probes, List<Boolean> tolerances) {
        public Look {
            probes = List.copyOf(probes);
            tolerances = List.copyOf(tolerances);
        }
    }

    public Journal(JsonNode experiment, Instant start, long seed) {
        this.start = start;
        root.put("chaoslib-version", "1.44.0");
        root.put(
                "platform",
                System.getProperty("os.name", "") + "-" + System.getProperty("os.arch", ""));
        root.put("node", "");
        root.set("experiment", experiment);
        root.put("start", start.toString());
        root.put("status", "completed");
        root.put("deviated", false);
        ObjectNode states = root.putObject("steady_states");
        states.putNull("before");
        states.putNull("after");
        states.putArray("during");
        root.putArray("run");
        root.putArray("rollbacks");
        own.put("seed", seed);
        own.putArray("reasons");
        root.set("x-sluice", own);
    }

    public void before(Look look) {
        states().set("before", shown(look));
    }

    public void during(Look look) {
        states().withArray("during").add(shown(look));
    }

    public void after(Look look) {
        states().set("after", shown(look));
    }

    public void ran(Entry entry) {
        root.withArray("run").add(shown(entry));
    }

    public void rolledBack(Entry entry) {
        root.withArray("rollbacks").add(shown(entry));
    }

    /** Growth of the witness while faults were on; empty when it could not be read. */
    public void witness(Optional<Long> growth, long atLeast) {
        ObjectNode witness = own.putObject("witness");
        growth.ifPresentOrElse(
                grown -> witness.put("grown", grown), () -> witness.putNull("grown"));
        witness.put("at_least", atLeast);
    }

    /** A lease that was taken, as it stood before it was ended. */
    public void lease(LeaseCount count) {
        own.withArray("leases")
                .addObject()
                .put("name", count.lease().name())
                .put("sidecar", count.lease().sidecar().url())
                .put("gate", count.lease().gate())
                .put("arm", count.lease().arm())
                .put("state", count.state())
                .put("matched", count.matched())
                .put("injected", count.injected());
    }

    /** When faults were on. */
    public void window(Instant from, Instant to) {
        own.putObject("window").put("from", from.toString()).put("to", to.toString());
    }

    /** When one fault was on; one that was not taken back has no end. */
    public void fault(ActiveFaults.Window window) {
        ObjectNode fault =
                own.withArray("faults")
                        .addObject()
                        .put("name", window.fault().name())
                        .put("gate", window.fault().gate())
                        .put("arm", window.fault().arm())
                        .put("from", window.from().toString());
        window.to()
                .ifPresentOrElse(to -> fault.put("to", to.toString()), () -> fault.putNull("to"));
    }

    /** A value of the configuration that was given for this run alone. */
    public void given(String variable, JsonNode value) {
        own.withObject("/variables").set(variable, value);
    }

    public void reason(String words) {
        own.withArray("reasons").add(words);
    }

    /**
     * The end.
     *
     * @param status of the Chaos Toolkit: completed, failed, aborted or interrupted
     * @param verdict ours
     */
    public void end(Instant end, String status, boolean deviated, String verdict) {
        root.put("end", end.toString());
        root.put("duration", Duration.between(start, end).toMillis() / 1000.0);
        root.put("status", status);
        root.put("deviated", deviated);
        own.put("verdict", verdict);
    }

    public JsonNode json() {
        return root;
    }

    /** Writes the journal whole or not at all. */
    public void write(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // a device or pipe stays what it is
            Files.writeString(file, root.toPrettyString() + "\n");
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        Path partial = Files.createTempFile(folder, ".journal", ".json");
        Files.writeString(partial, root.toPrettyString() + "\n");
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private ObjectNode states() {
        return root.withObject("/steady_states");
    }

    private static ObjectNode shown(Look look) {
        ObjectNode shown = JSON.createObjectNode().put("steady_state_met", look.met());
        ArrayNode probes = shown.putArray("probes");
        for (int i = 0; i < look.probes().size(); i++) {
            probes.add(shown(look.probes().get(i)).put("tolerance_met", look.tolerances().get(i)));
        }
        return shown;
    }

    private static ObjectNode shown(Entry entry) {
        ObjectNode shown = JSON.createObjectNode();
        shown.set("activity", entry.activity().source());
        shown.put("start", entry.start().toString());
        shown.put("end", entry.end().toString());
        shown.put("duration", Duration.between(entry.start(), entry.end()).toMillis() / 1000.0);
        shown.put("status", entry.outcome().failure().isEmpty() ? "succeeded" : "failed");
        shown.set("output", entry.outcome().output());
        entry.outcome().failure().ifPresent(why -> shown.putArray("exception").add(why));
        return shown;
    }
}
