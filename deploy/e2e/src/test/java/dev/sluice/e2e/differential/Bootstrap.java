package dev.sluice.e2e.differential;

import dev.sluice.testkit.tls.TestCertificates.Issued;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * The bootstrap of the whole corpus: a listener for each group and the clusters {@code a, b, c}
 * (the upstreams), {@code clients-a, clients-c} (two of them in the client's protocol), {@code
 * dead} (nobody listens) and {@code empty} (no endpoint), and those of groups. Pure.
 */
final class Bootstrap {
    private static final String TYPES = "type.googleapis.com/envoy.extensions.";
    private static final String FILTERS = TYPES + "filters.";

    private Bootstrap() {}

    /**
     * @param listener the port of a group's listener
     * @param endpoint the port of a cluster's endpoint
     * @param server what listeners with TLS show
     */
    static String yaml(
            Corpus corpus,
            Function<String, Integer> listener,
            ToIntFunction<String> endpoint,
            Issued server) {
        List<Object> listeners = new ArrayList<>();
        for (Corpus.Group group : corpus.groups()) {
            listeners.add(listener(group, listener.apply(group.name()), server));
        }
        List<Object> clusters = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "clients-a", "clients-c", "dead")) {
            clusters.add(cluster(name, List.of(endpoint(endpoint.applyAsInt(name)))));
        }
        clusters.add(cluster("empty", List.of()));
        for (Corpus.Group group : corpus.groups()) {
            group.clusters().forEach(fields -> clusters.add(addressed(fields, endpoint)));
        }
        return new Dump(DumpSettings.builder().build())
                .dumpToString(
                        Map.of(
                                "layered_runtime",
                                Map.of("layers", List.of(runtime(corpus))),
                                "static_resources",
                                Map.of("listeners", listeners, "clusters", clusters)));
    }

    private static Map<String, Object> listener(Corpus.Group group, int port, Issued server) {
        Map<String, Object> listener = new LinkedHashMap<>();
        listener.put("name", group.name());
        listener.put("address", address(port));
        listener.put("filter_chains", List.of(chain(group, server)));
        listener.putAll(group.listener());
        return listener;
    }

    /** The same, with the address of an upstream wherever the corpus has its name. */
    private static Object addressed(Object value, ToIntFunction<String> endpoint) {
        return switch (value) {
            case Map<?, ?> map when map.get("upstream") instanceof String name ->
                    address(endpoint.applyAsInt(name));
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, entry) -> copy.put(key, addressed(entry, endpoint)));
                yield copy;
            }
            case List<?> list -> list.stream().map(entry -> addressed(entry, endpoint)).toList();
            default -> value;
        };
    }

    private static Map<String, Object> runtime(Corpus corpus) {
        Map<String, Object> values = new LinkedHashMap<>();
        corpus.groups().forEach(group -> values.putAll(group.runtime()));
        return Map.of("name", "static", "static_layer", values);
    }

    private static Map<String, Object> chain(Corpus.Group group, Issued server) {
        Map<String, Object> chain = new LinkedHashMap<>();
        chain.put("filters", List.of(connectionManager(group)));
        if (group.secure()) {
            chain.put("transport_socket", secured(server));
        }
        return chain;
    }

    private static Map<String, Object> secured(Issued server) {
        Map<String, Object> certificate =
                Map.of(
                        "certificate_chain",
                        Map.of("filename", server.chainFile().toString()),
                        "private_key",
                        Map.of("filename", server.keyFile().toString()));
        return Map.of(
                "name",
                "envoy.transport_sockets.tls",
                "typed_config",
                Map.of(
                        "@type",
                        TYPES + "transport_sockets.tls.v3.DownstreamTlsContext",
                        "common_tls_context",
                        Map.of(
                                "alpn_protocols",
                                List.of("h2", "http/1.1"),
                                "tls_certificates",
                                List.of(certificate))));
    }

    private static Map<String, Object> connectionManager(Corpus.Group group) {
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("@type", FILTERS + "network.http_connection_manager.v3.HttpConnectionManager");
        http.put("stat_prefix", group.name());
        http.put("server_name", "differential");
        http.put(
                "http_filters",
                List.of(
                        Map.of(
                                "name",
                                "envoy.filters.http.router",
                                "typed_config",
                                Map.of("@type", FILTERS + "http.router.v3.Router"))));
        http.putAll(group.http());
        return Map.of(
                "name", "envoy.filters.network.http_connection_manager", "typed_config", http);
    }

    private static Map<String, Object> cluster(String name, List<Object> endpoints) {
        Map<String, Object> cluster = new LinkedHashMap<>();
        cluster.put("name", name);
        cluster.put("type", "STATIC");
        cluster.put("connect_timeout", "1s");
        cluster.put(
                "load_assignment",
                Map.of(
                        "cluster_name",
                        name,
                        "endpoints",
                        List.of(Map.of("lb_endpoints", endpoints))));
        if (name.equals("c")) {
            speak(cluster, "explicit_http_config");
        } else if (name.startsWith("clients-")) {
            speak(cluster, "use_downstream_protocol_config");
        }
        return cluster;
    }

    private static void speak(Map<String, Object> cluster, String config) {
        cluster.put(
                "typed_extension_protocol_options",
                Map.of(
                        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                        Map.of(
                                "@type",
                                TYPES + "upstreams.http.v3.HttpProtocolOptions",
                                config,
                                Map.of("http2_protocol_options", Map.of()))));
    }

    private static Map<String, Object> endpoint(int port) {
        return Map.of("endpoint", Map.of("address", address(port)));
    }

    private static Map<String, Object> address(int port) {
        return Map.of("socket_address", Map.of("address", "127.0.0.1", "port_value", port));
    }
}
