package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.fault.Plan;
import dev.sluice.chaos.fault.PlannedLease;
import dev.sluice.chaos.probe.Activities;
import dev.sluice.chaos.probe.Outcome;
import dev.sluice.contract.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds other experiments on the gates of this one: of two at once, neither could tell whose fault
 * broke the steady state. Each sidecar on which a fault lease is to be taken, by the settings or by
 * the method, is asked for those that are active there. Two runs that begin in the same moment can
 * miss each other. Stateless.
 */
public final class Overlaps {
    private static final int SECONDS = 10;

    private Overlaps() {}

    /**
     * Asks, and injects nothing.
     *
     * @return an active lease on a gate of the experiment, or a sidecar that does not answer, each
     *     at the place of its action
     */
    public static List<Problem> of(Experiment experiment, Plan plan, Activities activities) {
        Map<JsonNode, Outcome> answers = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (PlannedLease lease : plan.leases()) {
            JsonNode question = lease.sidecar().list();
            Outcome answer = answers.computeIfAbsent(question, activities::run);
            problem(lease.place(), lease.sidecar().url(), lease.gate(), answer)
                    .ifPresent(problems::add);
        }
        for (Activity activity : experiment.method()) {
            for (JsonNode lease : leases(activity, activities)) {
                JsonNode question = question(lease);
                Outcome answer = answers.computeIfAbsent(question, activities::run);
                String gate = lease.path("arguments").path("gate").textValue();
                problem(activity.place(), lease.path("url").asText(), gate, answer)
                        .ifPresent(problems::add);
            }
        }
        return problems;
    }

    private static List<JsonNode> leases(Activity activity, Activities activities) {
        return activity.kind() == Activity.Kind.ACTION
                ? activities.requests(activity).stream().filter(Overlaps::takesLease).toList()
                : List.of();
    }

    private static boolean takesLease(JsonNode provider) {
        return provider.path("type").asText().equals("http")
                && provider.path("method").asText().equalsIgnoreCase("POST")
                && provider.path("url").asText().endsWith("/faults")
                && provider.path("arguments").path("gate").isTextual();
    }

    /** The same page, with the same token, only read. */
    private static ObjectNode question(JsonNode lease) {
        ObjectNode question = JsonNodeFactory.instance.objectNode();
        question.put("type", "http");
        question.put("method", "GET");
        question.set("url", lease.get("url"));
        question.put("timeout", SECONDS);
        ObjectNode headers = question.putObject("headers");
        lease.path("headers").properties().stream()
                .filter(header -> !header.getKey().equalsIgnoreCase("content-type"))
                .forEach(header -> headers.set(header.getKey(), header.getValue()));
        return question;
    }

    private static Optional<Problem> problem(
            String place, String sidecar, String gate, Outcome answer) {
        if (!answer.succeeded()) {
            String got = answer.words();
            return Optional.of(
                    new Problem(
                            place,
                            got + " from " + sidecar,
                            "the list of fault leases",
                            "correct the address and the token, and start the sidecar with one"));
        }
        for (JsonNode other : answer.output().path("body").path("fault_leases")) {
            boolean active = other.path("state").asText().equals("ACTIVE");
            if (active && other.path("gate").asText().equals(gate)) {
                return Optional.of(
                        new Problem(
                                place,
                                other.path("name").asText() + ", which is active on " + gate,
                                "no other experiment on this gate",
                                "wait until it has ended, at "
                                        + other.path("expire_time").asText()
                                        + ", or end it"));
            }
        }
        return Optional.empty();
    }
}
