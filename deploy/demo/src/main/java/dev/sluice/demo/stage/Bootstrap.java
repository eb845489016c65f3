package dev.sluice.demo.stage;

import java.util.Optional;

/**
 * The Envoy bootstrap of a node under the control plane, for a Sluice sidecar and for stock Envoy
 * alike. Immutable.
 *
 * @param node id
 * @param beside where the node stands
 * @param protocol of the structure stream
 * @param adminPort of the node's own admin listener
 * @param xdsPort of the control plane, on 127.0.0.1
 */
public record Bootstrap(String node, Beside beside, Protocol protocol, int adminPort, int xdsPort) {

    /** How structure travels: the names of Envoy's {@code ApiConfigSource.ApiType}. */
    public enum Protocol {
        /** State of the world: every resource in each answer. */
        GRPC,
        /** Only what changed. */
        DELTA_GRPC
    }

    /**
     * What a node stands beside.
     *
     * @param service id
     * @param version id; absent at the edge, where no version is behind the node
     * @param address where its listeners bind
     */
    public record Beside(String service, Optional<String> version, String address) {
        /** Where users come in: no version, on 127.0.0.1. */
        public static Beside edge(String service) {
            return new Beside(service, Optional.empty(), "127.0.0.1");
        }

        private String metadata() {
            String own = "service: services/" + service;
            String its =
                    version.map(id -> ", version: services/" + service + "/versions/" + id)
                            .orElse("");
            return own + its + ", bind_address: " + address;
        }
    }

    /** The document. */
    public String yaml() {
        return """
        node:
          id: %s
          cluster: %s
          metadata:
            sluice: {%s}
        admin:
          address: {socket_address: {address: %s, port_value: %d}}
        dynamic_resources:
          ads_config:
            api_type: %s
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: sluice-control}}]
          lds_config: {ads: {}, resource_api_version: V3}
          cds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
          - name: sluice-control
            type: STATIC
            connect_timeout: 1s
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: sluice-control
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        """
                .formatted(
                        node,
                        beside.service(),
                        beside.metadata(),
                        beside.address(),
                        adminPort,
                        protocol,
                        xdsPort);
    }
}
