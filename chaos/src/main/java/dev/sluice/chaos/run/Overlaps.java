package dev.sluice.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.experiment.Activity;
import dev.sluice.chaos.experiment.Experiment;
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
 * broke the steady state. Each sidecar that the method takes a fault lease on is asked for those
 * that are active there. Two runs that begin in the same moment can miss each other. Stateless.
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
    public static List<Problem> of(Experiment experiment, Activities activities) {
        Map<JsonNode, Outcome> answers = new HashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Activity activity : experiment.method()) {
            JsonNode lease = activities.resolved(activity);
            if (activity.kind() == Activity.Kind.ACTION && takesLease(lease)) {
                JsonNode question = question(lease);
                Outcome answer = answers.computeIfAbsent(question, activities::run);
                problem(activity, lease, answer).ifPresent(problems::add);
            }
        }
        return problems;
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

    private static Optional<Problem> problem(Activity activity, JsonNode lease, Outcome answer) {
        if (!answer.succeeded()) {
            String got =
                    answer.failure()
                            .orElseGet(() -> "status " + answer.output().path("status").asInt());
            return Optional.of(
                    new Problem(
                            activity.place(),
                            got + " from " + lease.path("url").asText(),
                            "the list of fault leases",
                            "correct the address and the token, and start the sidecar with one"));
        }
        String gate = lease.path("arguments").path("gate").textValue();
        for (JsonNode other : answer.output().path("body").path("fault_leases")) {
            boolean active = other.path("state").asText().equals("ACTIVE");
            if (active && other.path("gate").asText().equals(gate)) {
                return Optional.of(
                        new Problem(
                                activity.place(),
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
