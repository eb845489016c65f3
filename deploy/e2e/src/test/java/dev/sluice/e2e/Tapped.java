package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.envoyproxy.envoy.data.tap.v3.TraceWrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A proxy as a process, whose exchanges can be tapped by id {@code shop}. */
record Tapped(Spawned process, int port, int adminPort) implements AutoCloseable {
    /** Ends what is recorded; every tap of a test matches it. */
    private static final String LAST =
            "GET /fails?last HTTP/1.1\r\nhost: sluice.test\r\nx-debug: last\r\n\r\n";

    /** Starts a proxy on a bootstrap file. */
    @FunctionalInterface
    interface Start {
        Spawned with(Path bootstrap) throws IOException;
    }

    /**
     * Starts one.
     *
     * @param bootstrap where its bootstrap is written
     */
    static Tapped start(Path bootstrap, int upstreamPort, Start start) throws IOException {
        int port = Spawned.freePort();
        int adminPort = Spawned.freePort();
        Files.writeString(bootstrap, BOOTSTRAP.formatted(adminPort, port, upstreamPort));
        return new Tapped(start.with(bootstrap), port, adminPort);
    }

    /** Waits until the admin pages are there too, which may be after the first answers. */
    void awaitReady() throws IOException {
        process.awaitReady();
        Caller.await(this::isAdministered);
    }

    private boolean isAdministered() {
        try {
            return RawHttp1Client.get(adminPort, "/server_info").status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Asks for a tap that is refused. */
    H1Response refused(String asked) throws IOException {
        try (RawHttp1Client client = RawHttp1Client.connect(adminPort)) {
            return client.exchange("POST", "/tap", Headers.NONE, Body.of(asked));
        }
    }

    /** Asks for a tap, again while the one before is not over yet, and reads its answer's head. */
    RawHttp1Client tap(String asked) throws IOException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (true) {
            RawHttp1Client client = RawHttp1Client.connect(adminPort);
            client.send(
                    "POST /tap HTTP/1.1\r\nhost: admin\r\ncontent-length: %d\r\n\r\n%s"
                            .formatted(asked.length(), asked));
            H1Response head = client.readHead();
            if (head.status() == 200) {
                return client;
            }
            H1Response refusal = client.readRest(head);
            client.close();
            assertThat(System.nanoTime() - end).as("no tap: %s", refusal).isNegative();
        }
    }

    /** What a tap tells of these exchanges, as lines. */
    List<String> told(String asked, List<String> requests) throws IOException {
        try (RawHttp1Client tap = tap(asked);
                RawHttp1Client client = RawHttp1Client.connect(port)) {
            for (String request : requests) {
                client.send(request);
                var unused = client.readResponse();
            }
            client.send(LAST);
            var unused = client.readResponse();
            return new TapLines(this).of(upToLast(tap));
        }
    }

    /** A message is a chunk. */
    private static List<TraceWrapper> upToLast(RawHttp1Client tap) throws IOException {
        List<TraceWrapper> told = new ArrayList<>();
        while (told.isEmpty() || !TapLines.isOf(told.getLast(), "/fails?last")) {
            TraceWrapper.Builder message = TraceWrapper.newBuilder();
            JsonFormat.parser().merge(tap.readChunk().text(), message);
            told.add(message.build());
        }
        return told;
    }

    @Override
    public void close() {
        process.close();
    }

    private static final String BOOTSTRAP =
            """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
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
                      http_protocol_options: {enable_trailers: true}
                      http_filters:
                      - name: envoy.filters.http.tap
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.tap.v3.Tap
                          common_config: {admin_config: {config_id: shop}}
                          record_headers_received_time: true
                          record_downstream_connection: true
                          record_upstream_connection: true
                      - name: envoy.filters.http.router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {path: /gone}, direct_response: {status: 410, body: {inline_string: "gone"}}}
                          - {match: {prefix: /}, route: {cluster: upstream}}
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
}
