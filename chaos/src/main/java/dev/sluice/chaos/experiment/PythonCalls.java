package dev.sluice.chaos.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Calls of Python modules that experiments use most, as the requests over HTTP that they make. No
 * Python is run: another call is refused when the file is read. Immutable.
 */
public final class PythonCalls {
    private static final String PROXY = "chaostoxi.proxy.actions.";
    private static final String PROXY_PROBE = "chaostoxi.proxy.probes.";
    private static final String TOXIC = "chaostoxi.toxic.actions.";
    private static final String PROMETHEUS = "chaosprometheus.probes.";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private interface Call {
        ObjectNode request(JsonNode arguments, Map<String, JsonNode> configuration);
    }

    private static final Map<String, Call> CALLS = calls();

    private PythonCalls() {}

    /** Whether {@code module.func} is known. */
    static boolean knows(String function) {
        return CALLS.containsKey(function);
    }

    /** What is known, for messages. */
    static String known() {
        return String.join(", ", new TreeSet<>(CALLS.keySet()));
    }

    /**
     * The call as fields of an {@code http} provider.
     *
     * @param fields of the python provider, variables substituted
     * @param configuration values by name
     * @return empty for a call that is not known
     */
    public static Optional<JsonNode> request(JsonNode fields, Map<String, JsonNode> configuration) {
        Call call = CALLS.get(fields.path("module").asText() + "." + fields.path("func").asText());
        return call == null
                ? Optional.empty()
                : Optional.of(call.request(fields.path("arguments"), configuration));
    }

    private static Map<String, Call> calls() {
        Map<String, Call> calls = new HashMap<>();
        calls.put(PROXY + "create_proxy", PythonCalls::createProxy);
        calls.put(PROXY + "modify_proxy", PythonCalls::modifyProxy);
        calls.put(PROXY + "delete_proxy", (args, set) -> http(set, "DELETE", proxy(args)));
        calls.put(PROXY + "enable_proxy", (args, set) -> switched(args, set, true));
        calls.put(PROXY + "disable_proxy", (args, set) -> switched(args, set, false));
        calls.put(PROXY + "reset", (args, set) -> http(set, "POST", "/reset"));
        calls.put(PROXY_PROBE + "proxy_exist", (args, set) -> http(set, "GET", proxy(args)));
        calls.put(
                PROXY_PROBE + "get_proxy_attribute", (args, set) -> http(set, "GET", proxy(args)));
        calls.put(TOXIC + "create_toxic", PythonCalls::createToxic);
        calls.put(
                TOXIC + "delete_toxic",
                (args, set) ->
                        http(
                                set,
                                "DELETE",
                                toxics(args) + "/" + encoded(args.path("toxic_name").asText())));
        toxic(calls, "create_latency_toxic", "latency", List.of("latency", "jitter"));
        toxic(calls, "create_bandwith_degradation_toxic", "bandwidth", List.of("rate"));
        toxic(calls, "create_slow_connection_close_toxic", "slow_close", List.of("delay"));
        toxic(calls, "create_timeout_toxic", "timeout", List.of("timeout"));
        toxic(
                calls,
                "create_slicer_toxic",
                "slicer",
                List.of("average_size", "size_variation", "delay"));
        toxic(calls, "create_limiter_toxic", "limit_data", List.of("bytes"));
        calls.put(PROMETHEUS + "query", PythonCalls::query);
        return Map.copyOf(calls);
    }

    private static void toxic(
            Map<String, Call> calls, String function, String type, List<String> attributes) {
        calls.put(
                TOXIC + function,
                (args, set) -> {
                    ObjectNode body = toxicBody(args, type);
                    ObjectNode given = body.putObject("attributes");
                    attributes.forEach(name -> copy(args, name, given, name));
                    return post(set, toxics(args), body);
                });
    }

    private static ObjectNode createProxy(JsonNode args, Map<String, JsonNode> set) {
        ObjectNode body = NODES.objectNode();
        copy(args, "proxy_name", body, "name");
        copy(args, "upstream_host", body, "upstream");
        if (args.has("upstream_port")) {
            body.put(
                    "upstream",
                    args.path("upstream_host").asText()
                            + ":"
                            + args.path("upstream_port").asText());
        }
        body.put(
                "listen",
                args.path("listen_host").asText("127.0.0.1")
                        + ":"
                        + args.path("listen_port").asText("0"));
        copy(args, "enabled", body, "enabled");
        return post(set, "/proxies", body);
    }

    private static ObjectNode modifyProxy(JsonNode args, Map<String, JsonNode> set) {
        ObjectNode body = NODES.objectNode();
        copy(args, "listen_address", body, "listen");
        copy(args, "upstream_address", body, "upstream");
        copy(args, "enabled", body, "enabled");
        return post(set, proxy(args), body);
    }

    private static ObjectNode switched(JsonNode args, Map<String, JsonNode> set, boolean enabled) {
        return post(set, proxy(args), NODES.objectNode().put("enabled", enabled));
    }

    private static ObjectNode createToxic(JsonNode args, Map<String, JsonNode> set) {
        ObjectNode body = toxicBody(args, args.path("toxic_type").asText());
        body.set("attributes", args.path("attributes").deepCopy());
        return post(set, toxics(args), body);
    }

    private static ObjectNode toxicBody(JsonNode args, String type) {
        ObjectNode body = NODES.objectNode();
        copy(args, "toxic_name", body, "name");
        body.put("type", type);
        copy(args, "stream", body, "stream");
        copy(args, "toxicity", body, "toxicity");
        return body;
    }

    private static ObjectNode query(JsonNode args, Map<String, JsonNode> set) {
        String base = text(set, "prometheus_base_url", "http://localhost:9090");
        String at = args.has("when") ? "&time=" + encoded(args.path("when").asText()) : "";
        return NODES.objectNode()
                .put("type", "http")
                .put(
                        "url",
                        base + "/api/v1/query?query=" + encoded(args.path("query").asText()) + at);
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String as) {
        if (from.hasNonNull(name)) {
            to.set(as, from.get(name));
        }
    }

    private static String proxy(JsonNode args) {
        return "/proxies/" + encoded(args.path("proxy_name").asText());
    }

    private static String toxics(JsonNode args) {
        String name = args.hasNonNull("for_proxy") ? "for_proxy" : "proxy_name";
        return "/proxies/" + encoded(args.path(name).asText()) + "/toxics";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static ObjectNode post(Map<String, JsonNode> set, String path, ObjectNode body) {
        ObjectNode request = http(set, "POST", path);
        request.putObject("headers").put("Content-Type", "application/json");
        request.set("arguments", body);
        return request;
    }

    private static ObjectNode http(Map<String, JsonNode> set, String method, String path) {
        String base =
                set.containsKey("toxiproxy_url")
                        ? text(set, "toxiproxy_url", "")
                        : "http://"
                                + text(set, "toxiproxy_host", "localhost")
                                + ":"
                                + text(set, "toxiproxy_port", "8474");
        return NODES.objectNode()
                .put("type", "http")
                .put("method", method)
                .put("url", base.replaceAll("/+$", "") + path);
    }

    private static String text(Map<String, JsonNode> set, String name, String otherwise) {
        JsonNode value = set.get(name);
        return value == null ? otherwise : value.asText();
    }
}
