package dev.sluice.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bootstraps of nodes under the control plane, for Sluice and for Envoy alike. */
final class Configs {
    private Configs() {}

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * @param protocol {@code GRPC} or {@code DELTA_GRPC}
     */
    static Path bootstrap(Path folder, String node, String protocol, int xdsPort, int adminPort)
            throws IOException {
        return Files.writeString(
                folder.resolve(node + ".yaml"),
                """
                node: {id: %s, cluster: edge}
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
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
                        .formatted(node, adminPort, protocol, xdsPort));
    }
}
