package dev.sluice.chaos.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Calls of Python modules that experiments use most. No Python is run: another call is refused when
 * the file is read. Immutable.
 */
public final class PythonCalls {
    private static final Set<String> CONFIGURATION =
            Set.of(
                    "toxiproxy_url",
                    "toxiproxy_host",
                    "toxiproxy_port",
                    "prometheus_base_url",
                    "sluice_sidecars",
                    "sluice_token",
                    "sluice_gate",
                    "sluice_arms",
                    "sluice_ttl");

    private static final Map<String, Call> CALLS = calls();

    private PythonCalls() {}

    private static Map<String, Call> calls() {
        Map<String, Call> calls = new HashMap<>();
        ToxiproxyCalls.addTo(calls);
        PrometheusCalls.addTo(calls);
        IstioCalls.addTo(calls);
        calls.put(
                "os.path.exists",
                new Call(List.of("path"), Set.of(), args -> new Work.Exists(args.text("path"))));
        return Map.copyOf(calls);
    }

    /** Whether {@code module.func} is known. */
    public static boolean knows(String function) {
        return CALLS.containsKey(function);
    }

    /** What is known, for messages. */
    public static String known() {
        return String.join(", ", new TreeSet<>(CALLS.keySet()));
    }

    /** What is wrong with the arguments of a known call, by their names. */
    public static List<String> problems(String function, Collection<String> given) {
        return Optional.ofNullable(CALLS.get(function))
                .map(call -> call.problems(given))
                .orElse(List.of());
    }

    /** The arguments of a known call, for messages; optional ones with a question mark. */
    public static String signature(String function) {
        return Optional.ofNullable(CALLS.get(function)).map(Call::signature).orElse("");
    }

    /** Whether a call may look at this name of the configuration. */
    public static boolean looksAt(String name) {
        return CONFIGURATION.contains(name);
    }

    /** The variable that holds the port of a proxy once a call has made or changed it. */
    static String portOf(String proxy) {
        return proxy + "_PORT";
    }

    /** Variables that a call sets. */
    public static List<String> exports(JsonNode provider) {
        List<String> exports = new ArrayList<>();
        JsonNode proxy = provider.path("arguments").path("proxy_name");
        if (function(provider).startsWith("chaostoxi.proxy.actions.") && proxy.isTextual()) {
            exports.add(portOf(proxy.textValue()));
        }
        return exports;
    }

    private static String function(JsonNode provider) {
        return provider.path("module").asText() + "." + provider.path("func").asText();
    }

    /**
     * What a call does.
     *
     * @param provider its fields, variables substituted
     * @param configuration values by name
     * @param environment of the process
     * @param now for arguments that are times
     */
    public static Work work(
            JsonNode provider,
            Map<String, JsonNode> configuration,
            Map<String, String> environment,
            Instant now) {
        Call call = CALLS.get(function(provider));
        return call == null
                ? new Work.Raises("the call " + function(provider) + " is not known")
                : call.planner()
                        .plan(
                                new Arguments(
                                        provider.path("arguments"),
                                        configuration,
                                        environment,
                                        now));
    }
}
