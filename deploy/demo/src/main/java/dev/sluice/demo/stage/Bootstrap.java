package dev.sluice.demo.stage;

/** The Envoy bootstrap of a sidecar under the demo's control plane. */
final class Bootstrap {
    private Bootstrap() {}

    /**
     * @param node id
     * @param service that the sidecar is beside
     * @param version of it; empty for the edge
     * @param address where its listeners bind
     */
    static String yaml(String node, String service, String version, String address, Ports ports) {
        return """
        node:
          id: %s
          cluster: %s
          metadata:
            sluice: {service: services/%s%s, bind_address: %s}
        admin:
          address: {socket_address: {address: %s, port_value: %d}}
        dynamic_resources:
          ads_config:
            api_type: DELTA_GRPC
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
                        service,
                        service,
                        version.isEmpty()
                                ? ""
                                : ", version: services/" + service + "/versions/" + version,
                        address,
                        address,
                        ports.proxyAdmin(),
                        ports.xds());
    }
}
