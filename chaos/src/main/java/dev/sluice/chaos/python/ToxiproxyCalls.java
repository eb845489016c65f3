package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.chaos.python.Work.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The calls of {@code chaostoxi}, which speak to a Toxiproxy. Immutable. */
final class ToxiproxyCalls {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> NONE = Set.of();
    private static final Set<Integer> NOT_FOUND = Set.of(404);

    private ToxiproxyCalls() {}

    static void addTo(Map<String, Call> calls) {
        String actions = "chaostoxi.proxy.actions.";
        calls.put(
                actions + "create_proxy",
                new Call(
                        List.of("proxy_name", "upstream_host", "upstream_port"),
                        Set.of("listen_host", "listen_port", "enabled"),
                        ToxiproxyCalls::createProxy));
        calls.put(
                actions + "modify_proxy",
                new Call(
                        List.of("proxy_name"),
                        Set.of("listen_address", "upstream_address", "enabled"),
                        ToxiproxyCalls::modifyProxy));
        calls.put(actions + "enable_proxy", ofProxy(args -> switched(args, true)));
        calls.put(actions + "disable_proxy", ofProxy(args -> switched(args, false)));
        calls.put(
                actions + "delete_proxy",
                ofProxy(args ->
                        asked(
                                args,
                                "DELETE",
                                proxy(args),
                                _ -> Answer.Returned.of(NullNode.getInstance()))));
        calls.put(
                actions + "reset",
                new Call(
                        List.of(),
                        NONE,
                        args -> asked(args, "POST", "/reset", ToxiproxyCalls::isFine)));
        addProbes(calls);
        addToxics(calls);
    }

    private static void addProbes(Map<String, Call> calls) {
        String probes = "chaostoxi.proxy.probes.";
        calls.put(
                probes + "proxy_exist",
                ofProxy(args -> looked(args, answer -> hasName(answer, args.text("proxy_name")))));
        calls.put(
                probes + "get_proxy_attribute",
                new Call(
                        List.of("proxy_name", "attribute"),
                        NONE,
                        args -> looked(args, answer -> attribute(answer, args.text("attribute")))));
    }

    private static void addToxics(Map<String, Call> calls) {
        String actions = "chaostoxi.toxic.actions.";
        calls.put(
                actions + "create_toxic",
                new Call(
                        List.of("for_proxy", "toxic_name", "toxic_type"),
                        Set.of("stream", "toxicity", "attributes"),
                        ToxiproxyCalls::createToxic));
        calls.put(
                actions + "delete_toxic",
                new Call(
                        List.of("for_proxy", "toxic_name"),
                        NONE,
                        args ->
                                asked(
                                        args,
                                        "DELETE",
                                        toxics(args) + "/" + args.part("toxic_name"),
                                        ToxiproxyCalls::isFine)));
        toxic(calls, "create_latency_toxic", "latency", List.of("latency"), "jitter");
        toxic(calls, "create_bandwith_degradation_toxic", "bandwidth", List.of("rate"));
        toxic(calls, "create_slow_connection_close_toxic", "slow_close", List.of("delay"));
        toxic(calls, "create_timeout_toxic", "timeout", List.of("timeout"));
        toxic(
                calls,
                "create_slicer_toxic",
                "slicer",
                List.of("average_size", "size_variation", "delay"));
        toxic(calls, "create_limiter_toxic", "limit_data", List.of("bytes_limit"));
    }

    private static Call ofProxy(Call.Planner planner) {
        return new Call(List.of("proxy_name"), NONE, planner);
    }

    private static void toxic(
            Map<String, Call> calls,
            String function,
            String type,
            List<String> attributes,
            String... more) {
        List<String> required =
                java.util.stream.Stream.concat(
                                List.of("for_proxy", "toxic_name").stream(), attributes.stream())
                        .toList();
        calls.put(
                "chaostoxi.toxic.actions." + function,
                new Call(
                        required,
                        Set.of(more),
                        args -> {
                            ObjectNode given = NODES.objectNode();
                            attributes.forEach(
                                    name -> args.copy(name, given, name.replace("_limit", "")));
                            for (String name : more) {
                                args.copy(name, given, name);
                            }
                            return made(args, type, given);
                        }));
    }

    private static Work createToxic(Arguments args) {
        return made(args, args.text("toxic_type"), args.get("attributes"));
    }

    private static Work made(Arguments args, String type, JsonNode attributes) {
        ObjectNode body = NODES.objectNode();
        args.copy("toxic_name", body, "name");
        body.put("type", type);
        body.put("stream", "downstream");
        args.copy("stream", body, "stream");
        body.put("toxicity", 1.0);
        args.copy("toxicity", body, "toxicity");
        body.set("attributes", attributes.isObject() ? attributes : NODES.objectNode());
        return told(
                args,
                toxics(args),
                body,
                answer ->
                        fine(answer)
                                ? hasName(answer, args.text("toxic_name"))
                                : new Answer.Raised("Toxiproxy made no toxic: " + refusal(answer)));
    }

    private static Work createProxy(Arguments args) {
        Optional<String> host = fromEnvironment(args, "upstream_host");
        Optional<String> port = fromEnvironment(args, "upstream_port");
        if (host.isEmpty() || port.isEmpty()) {
            return new Work.Raises("a variable of the environment that is not set");
        }
        ObjectNode body = NODES.objectNode();
        args.copy("proxy_name", body, "name");
        body.put(
                "listen",
                (args.has("listen_host") ? args.text("listen_host") : "0.0.0.0")
                        + ":"
                        + (args.has("listen_port") ? args.text("listen_port") : "0"));
        body.put("upstream", host.get() + ":" + port.get());
        body.put("enabled", true);
        args.copy("enabled", body, "enabled");
        return told(args, "/proxies", body, answer -> listening(answer, args));
    }

    /** {@code env:NAME} stands for a variable of the environment. */
    private static Optional<String> fromEnvironment(Arguments args, String name) {
        String text = args.text(name);
        return text.startsWith("env:")
                ? Optional.ofNullable(args.environment().get(text.substring("env:".length())))
                : Optional.of(text);
    }

    private static Work modifyProxy(Arguments args) {
        ObjectNode body = NODES.objectNode();
        args.copy("listen_address", body, "listen");
        args.copy("upstream_address", body, "upstream");
        args.copy("enabled", body, "enabled");
        return told(args, proxy(args), body, answer -> listening(answer, args));
    }

    private static Work switched(Arguments args, boolean enabled) {
        ObjectNode body = NODES.objectNode().put("enabled", enabled);
        return told(args, proxy(args), body, answer -> listening(answer, args));
    }

    /** True, and the port of the proxy as a variable. */
    private static Answer listening(JsonNode answer, Arguments args) {
        String listen = body(answer).path("listen").asText("");
        String port = listen.substring(listen.lastIndexOf(':') + 1);
        if (!fine(answer) || !port.chars().allMatch(Character::isDigit) || port.isEmpty()) {
            return new Answer.Raised("Toxiproxy gave no port: " + refusal(answer));
        }
        return new Answer.Returned(
                BooleanNode.TRUE, Map.of(PythonCalls.portOf(args.text("proxy_name")), port));
    }

    private static Answer hasName(JsonNode answer, String name) {
        return Answer.Returned.of(
                BooleanNode.valueOf(
                        fine(answer) && body(answer).path("name").asText("").equals(name)));
    }

    private static Answer attribute(JsonNode answer, String attribute) {
        if (!fine(answer)) {
            return Answer.Returned.of(NullNode.getInstance());
        }
        JsonNode value = body(answer).path(attribute);
        return value.isMissingNode()
                ? new Answer.Raised("a proxy has no attribute '" + attribute + "'")
                : Answer.Returned.of(value);
    }

    private static Answer isFine(JsonNode answer) {
        return Answer.Returned.of(BooleanNode.valueOf(fine(answer)));
    }

    private static boolean fine(JsonNode answer) {
        return answer.path("status").asInt() < 400;
    }

    private static JsonNode body(JsonNode answer) {
        return JsonTexts.parsed(answer.path("body"));
    }

    private static String refusal(JsonNode answer) {
        return "status " + answer.path("status").asText() + ", " + answer.path("body").asText("");
    }

    private static String proxy(Arguments args) {
        return "/proxies/" + args.part("proxy_name");
    }

    private static String toxics(Arguments args) {
        return "/proxies/" + args.part("for_proxy") + "/toxics";
    }

    private static Work looked(Arguments args, Work.Reading reading) {
        ObjectNode request = request(args, "GET", proxy(args));
        return new Work.Requests(List.of(new Work.Step(request, NOT_FOUND)), reading);
    }

    private static Work asked(Arguments args, String method, String path, Work.Reading reading) {
        ObjectNode request = request(args, method, path);
        return new Work.Requests(List.of(new Work.Step(request, Set.of())), reading);
    }

    private static Work told(Arguments args, String path, ObjectNode body, Work.Reading reading) {
        ObjectNode request = request(args, "POST", path);
        request.putObject("headers").put("Content-Type", "application/json");
        request.set("arguments", body);
        return new Work.Requests(List.of(new Work.Step(request, Set.of())), reading);
    }

    private static ObjectNode request(Arguments args, String method, String path) {
        String base =
                args.configured(
                        "toxiproxy_url",
                        "http://"
                                + args.configured("toxiproxy_host", "localhost")
                                + ":"
                                + args.configured("toxiproxy_port", "8474"));
        return NODES.objectNode()
                .put("type", "http")
                .put("method", method)
                .put("url", base.replaceAll("/+$", "") + path);
    }
}
