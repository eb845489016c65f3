package dev.sluice.proxy.boot;

/** Bootstraps for tests. */
final class Yaml {
    private Yaml() {}

    /** One listener with the given routes (YAML list items without indentation), and clusters. */
    static String bootstrap(String routes, String... clusters) {
        return "static_resources:\n  listeners:\n"
                + listener("main", "ANY_PEER", routes).indent(4)
                + "  clusters:\n"
                + String.join("", clusters).indent(4);
    }

    /**
     * A sidecar: a listener {@code inbound} for callers, any of which is trusted, and a listener
     * {@code outbound} for the application beside it.
     */
    static String sidecar(String inbound, String outbound, String... clusters) {
        return "static_resources:\n  listeners:\n"
                + listener("inbound", "ANY_PEER", inbound).indent(4)
                + listener("outbound", "LOCAL_APPLICATION", outbound).indent(4)
                + "  clusters:\n"
                + String.join("", clusters).indent(4);
    }

    private static String listener(String name, String trust, String routes) {
        return """
        - name: %s
          address: {socket_address: {address: 127.0.0.1, port_value: 0}}
          filter_chains:
            - filters:
                - name: envoy.filters.network.http_connection_manager
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: %s
                    http_filters:
                      - name: sluice.gate
                        is_optional: true
                        typed_config:
                          "@type": type.googleapis.com/xds.type.v3.TypedStruct
                          type_url: type.googleapis.com/sluice.gate.v1.GateFilter
                          value: {carried_trust: %s, explain: ON_REQUEST}
                      - name: envoy.filters.http.router
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                    route_config:
                      name: local
                      virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
        """
                        .formatted(name, name, trust)
                + routes.indent(18);
    }

    /**
     * The same bootstrap with one more setting of its first connection manager.
     *
     * @param setting one line of YAML
     */
    static String withManager(String setting, String bootstrap) {
        String first = "stat_prefix:";
        int at = bootstrap.indexOf(first);
        String indent = bootstrap.substring(bootstrap.lastIndexOf('\n', at) + 1, at);
        return bootstrap.substring(0, at) + setting + "\n" + indent + bootstrap.substring(at);
    }

    /**
     * The same bootstrap with HTTP filters before the router.
     *
     * @param filters YAML list items without indentation
     */
    static String withFilters(String filters, String bootstrap) {
        String router = "- name: envoy.filters.http.router";
        int at = bootstrap.indexOf(router);
        String indent = bootstrap.substring(bootstrap.lastIndexOf('\n', at) + 1, at);
        return bootstrap.substring(0, at)
                + filters.indent(indent.length()).stripLeading()
                + indent
                + bootstrap.substring(at);
    }

    /** A route of every path to a cluster. */
    static String routeTo(String cluster) {
        return "- {name: all, match: {prefix: /}, route: {cluster: " + cluster + "}}\n";
    }

    /**
     * A route of every path through an inline gate between the clusters {@code old} and {@code
     * new}, keyed by the header {@code x-user}.
     */
    static String gatedRoute(int sharePpm, String operationClass, String more) {
        return """
        - name: gated
          match: {prefix: /}
          route: {cluster: old, timeout: 3s}
          typed_per_filter_config:
            sluice.gate:
              "@type": type.googleapis.com/envoy.config.route.v3.FilterConfig
              is_optional: true
              config:
                "@type": type.googleapis.com/xds.type.v3.TypedStruct
                type_url: type.googleapis.com/sluice.gate.v1.RouteGate
                value:
                  operation_class: %s
                  inline:
                    name: gates/orders
                    legacy_cluster: old
                    new_cluster: new
                    store_kind: SHARED
                    from: OFF
                    to: COMPLETE
                    share_ppm: %d
                    bucketing: {salt: pepper, key: {header: x-user}, legacy: {}}
                    %s
        """
                .formatted(operationClass, sharePpm, more);
    }

    /**
     * A route of every path to the service beside the sidecar, the cluster {@code application},
     * which plays an arm of an inline gate.
     */
    static String servedRoute(String arm, String takeBack) {
        return gatedRoute(1_000_000, "READ", "take_back: " + takeBack)
                .replace("cluster: old", "cluster: application")
                .replace("value:", "value:\n          served_arm: " + arm);
    }

    /** A STATIC cluster of endpoints on this machine that speaks HTTP/1.1. */
    static String cluster(String name, int... ports) {
        return """
        - name: %s
          type: STATIC
          connect_timeout: 1s
          load_assignment:
            cluster_name: %s
            endpoints:
              - lb_endpoints: [%s]
        """
                .formatted(name, name, endpoints(ports));
    }

    /** The same, speaking HTTP/2 without TLS. */
    static String http2Cluster(String name, int... ports) {
        return cluster(name, ports)
                + """
                  typed_extension_protocol_options:
                    envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                      "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                      explicit_http_config: {http2_protocol_options: {}}
                """;
    }

    private static String endpoints(int... ports) {
        StringBuilder list = new StringBuilder();
        for (int port : ports) {
            list.append(list.isEmpty() ? "" : ", ")
                    .append("{endpoint: {address: {socket_address: {address: 127.0.0.1,")
                    .append(" port_value: ")
                    .append(port)
                    .append("}}}}");
        }
        return list.toString();
    }
}
