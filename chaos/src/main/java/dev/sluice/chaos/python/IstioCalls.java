package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The calls of {@code chaosistio.fault.actions}, as leases of faults on arms of a gate: there is no
 * virtual service, so the configuration says which sidecars, gate and arms its routes are.
 * Immutable.
 *
 * <p>As on a virtual service, a fault replaces the one that its routes had, and taking one away
 * that is not there is no error.
 */
final class IstioCalls {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String MODULE = "chaosistio.fault.actions.";
    private static final Set<Integer> NOT_THERE = Set.of(404, 410);
    private static final Set<String> KUBERNETES = Set.of("ns", "version");

    private IstioCalls() {}

    static void addTo(Map<String, Call> calls) {
        String service = "virtual_service_name";
        Set<String> more = Set.of("ns", "version", "percentage");
        calls.put(
                MODULE + "add_delay_fault",
                new Call(
                        List.of(service, "fixed_delay", "routes"),
                        more,
                        args -> set(args, fault(args, "delay", "fixedDelay", "fixed_delay"))));
        calls.put(
                MODULE + "add_abort_fault",
                new Call(
                        List.of(service, "http_status", "routes"),
                        more,
                        args -> set(args, fault(args, "abort", "httpStatus", "http_status"))));
        calls.put(
                MODULE + "set_fault",
                new Call(
                        List.of(service, "routes", "fault"),
                        KUBERNETES,
                        args -> set(args, args.get("fault"))));
        for (String name : List.of("unset_fault", "remove_delay_fault", "remove_abort_fault")) {
            calls.put(
                    MODULE + name,
                    new Call(
                            List.of(service, "routes"),
                            KUBERNETES,
                            args -> set(args, NODES.objectNode())));
        }
    }

    private static JsonNode fault(Arguments args, String kind, String field, String argument) {
        ObjectNode fault = NODES.objectNode();
        ObjectNode what = fault.putObject(kind);
        args.copy(argument, what, field);
        if (args.has("percentage")) {
            args.copy("percentage", what.putObject("percentage"), "value");
        }
        return fault;
    }

    /** Ends the leases of the routes' arms and takes those of the fault. */
    private static Work set(Arguments args, JsonNode fault) {
        Optional<Work> refused = notSaid(args);
        if (refused.isPresent()) {
            return refused.get();
        }
        List<Work.Step> steps = new ArrayList<>();
        for (String sidecar : sidecars(args)) {
            for (String arm : arms(args)) {
                for (String kind : List.of("delay", "abort")) {
                    steps.add(step(args, "DELETE", sidecar + "/" + name(args, arm, kind)));
                    if (fault.path(kind).isObject()) {
                        steps.add(taken(args, sidecar, arm, kind, fault.path(kind)));
                    }
                }
            }
        }
        return new Work.Requests(steps, IstioCalls::answer);
    }

    private static Work.Step taken(
            Arguments args, String sidecar, String arm, String kind, JsonNode what) {
        Work.Step step = step(args, "POST", sidecar + "/faults");
        ObjectNode request = (ObjectNode) step.request();
        request.withObject("/headers").put("Content-Type", "application/json");
        ObjectNode lease = request.putObject("arguments");
        lease.put("name", name(args, arm, kind));
        lease.put("gate", gate(args));
        lease.put("arm", arm);
        lease.putObject("selection").put("share_ppm", Math.round(percent(what) * 10_000));
        lease.set("fault", IstioFaults.wire(kind, what));
        lease.put("ttl", args.configured("sluice_ttl", "600s"));
        lease.put("budget", 1_000_000);
        lease.put("reason", "fault of virtual service " + args.text("virtual_service_name"));
        return new Work.Step(request, Set.of());
    }

    /** All requests, when the fault does not say. */
    private static double percent(JsonNode what) {
        JsonNode value = what.path("percentage").path("value");
        return value.isMissingNode() ? what.path("percent").asDouble(100) : value.asDouble();
    }

    private static Work.Step step(Arguments args, String method, String url) {
        ObjectNode request = NODES.objectNode();
        request.put("type", "http").put("method", method).put("url", url).put("timeout", 5);
        request.putObject("headers")
                .put("Authorization", "Bearer " + args.configured("sluice_token", ""));
        return new Work.Step(request, NOT_THERE);
    }

    /** What the function returns: an answer over HTTP. */
    private static Work.Answer answer(JsonNode last) {
        JsonNode status = last.path("status");
        ObjectNode answer = NODES.objectNode();
        answer.put("status", NOT_THERE.contains(status.asInt()) ? 200 : status.asInt());
        answer.set("body", last.path("body"));
        answer.set("headers", last.path("headers"));
        return Work.Answer.Returned.of(answer);
    }

    private static Optional<Work> notSaid(Arguments args) {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("sluice_sidecars", "sluice_token")) {
            if (args.configured(name).isEmpty()) {
                missing.add(name);
            }
        }
        if (!missing.isEmpty()) {
            return Optional.of(
                    new Work.Refused(
                            "no " + String.join(" and no ", missing) + " in the configuration",
                            "the sidecars on which the routes of '%s' are arms of a gate"
                                    .formatted(args.text("virtual_service_name")),
                            "set them, and sluice_gate and sluice_arms where names differ"));
        }
        if (arms(args).isEmpty()) {
            return Optional.of(
                    new Work.Refused(
                            "routes " + args.get("routes"),
                            "destinations that are an arm, LEGACY or NEW",
                            "say in sluice_arms which destination is which, as {\"v2\": \"NEW\"}"));
        }
        return Optional.empty();
    }

    private static List<String> sidecars(Arguments args) {
        List<String> sidecars = new ArrayList<>();
        JsonNode given = args.configured("sluice_sidecars").orElse(NODES.arrayNode());
        if (given.isArray()) {
            given.forEach(one -> sidecars.add(one.asText().replaceAll("/+$", "")));
        } else {
            for (String one : given.asText().split(",", -1)) {
                sidecars.add(one.strip().replaceAll("/+$", ""));
            }
        }
        return sidecars;
    }

    private static String gate(Arguments args) {
        return args.configured("sluice_gate", "gates/" + args.text("virtual_service_name"));
    }

    private static Set<String> arms(Arguments args) {
        JsonNode said = JsonTexts.parsed(args.configured("sluice_arms").orElse(NODES.objectNode()));
        Set<String> arms = new TreeSet<>();
        for (JsonNode route : args.get("routes")) {
            JsonNode destination = route.path("destination");
            String host = destination.path("host").asText("");
            String subset = destination.path("subset").asText("");
            for (String name : List.of(host + "/" + subset, subset, host)) {
                String arm = said.path(name).asText(name).toUpperCase(java.util.Locale.ROOT);
                if (Set.of("LEGACY", "NEW").contains(arm)) {
                    arms.add(arm);
                    break;
                }
            }
        }
        return arms;
    }

    private static String name(Arguments args, String arm, String kind) {
        String service =
                args.text("virtual_service_name")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-");
        return "faults/istio-%s-%s-%s"
                .formatted(service, arm.toLowerCase(java.util.Locale.ROOT), kind);
    }
}
