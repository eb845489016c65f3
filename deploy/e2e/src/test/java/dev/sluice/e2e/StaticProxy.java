package dev.sluice.e2e;

import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Our proxy as a process, with one listener: {@code /moved} is a redirect to {@code /here}, {@code
 * /gone} answers 410 by itself, everything else goes to one upstream. Thread-safe.
 */
public final class StaticProxy implements AutoCloseable {
    private final Spawned process;
    private final Path bootstrap;
    private final int port;

    private StaticProxy(Spawned process, Path bootstrap, int port) {
        this.process = process;
        this.bootstrap = bootstrap;
        this.port = port;
    }

    /** What the listener speaks. */
    public enum Speaks {
        /** HTTP/1 and HTTP/2 with prior knowledge, as the client does. */
        BOTH("AUTO"),
        /** HTTP/2 with prior knowledge. */
        HTTP2("HTTP2"),
        /** What is negotiated by ALPN. */
        TLS("AUTO");

        private final String codec;

        Speaks(String codec) {
            this.codec = codec;
        }
    }

    /** Starts it, and waits until it serves. */
    public static StaticProxy start(Path folder, int upstreamPort, Speaks speaks, String... options)
            throws IOException {
        int port = Spawned.freePort();
        String socket = speaks == Speaks.TLS ? tls(folder) : "";
        Path file =
                Files.writeString(
                        folder.resolve("proxy.yaml"),
                        BOOTSTRAP.formatted(port, speaks.codec, socket, upstreamPort));
        return start(file, port, options);
    }

    private static StaticProxy start(Path bootstrap, int port, String... options)
            throws IOException {
        Spawned process = Spawned.proxy(bootstrap, options);
        process.awaitReady();
        return new StaticProxy(process, bootstrap, port);
    }

    /** Another process with the same bootstrap, while this one still runs. */
    StaticProxy successor(String... options) throws IOException {
        return start(bootstrap, port, options);
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        List<String> unused = process.awaitEnd();
    }

    private static String tls(Path folder) {
        TestCertificates.Issued server = TestCertificates.in(folder).issue("server", "localhost");
        return TLS.formatted(server.chainFile(), server.keyFile()).indent(6);
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    int port() {
        return port;
    }

    List<String> output() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }

    private static final String BOOTSTRAP =
            """
            static_resources:
              listeners:
              - name: in
                address: {socket_address: {address: 127.0.0.1, port_value: %d}}
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: in
                      codec_type: %s
                      http_protocol_options: {accept_http_10: true, enable_trailers: true}
                      http_filters:
                      - name: envoy.filters.http.router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {path: /moved}, redirect: {path_redirect: /here}}
                          - {match: {path: /gone}, direct_response: {status: 410, body: {inline_string: "gone"}}}
                          - {match: {prefix: /}, route: {cluster: upstream, timeout: 60s}}
            %s
              clusters:
              - name: upstream
                type: STATIC
                connect_timeout: 5s
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                    "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    explicit_http_config: {http_protocol_options: {enable_trailers: true}}
                load_assignment:
                  cluster_name: upstream
                  endpoints:
                  - lb_endpoints:
                    - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
            """;

    private static final String TLS =
            """
            transport_socket:
              name: envoy.transport_sockets.tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                common_tls_context:
                  alpn_protocols: [h2, http/1.1]
                  tls_certificates:
                  - certificate_chain: {filename: %s}
                    private_key: {filename: %s}
            """;
}
