package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What endpoints of HTTP are told of clients by PROXY protocol headers, by stock Envoy and by
 * Sluice: the same headers, over connections of the same clients.
 */
@Tag("interop")
class ToldClientsPeerIT {
    private static final int TEXT = 'P';
    private static final int FIXED = 16;

    @TempDir private Path folder;
    private final Running running = new Running();

    @AfterEach
    void stop() {
        running.close();
    }

    /** A proxy and the endpoint behind it, which answers with what it was told. */
    private record Told(int port, Mailbox<String> checks) {
        /** What endpoints are told for these paths, each client asking for its own in turn. */
        List<String> of(List<String> paths) throws IOException {
            List<String> told = new ArrayList<>();
            try (RawHttp1Client one = RawHttp1Client.connect(port);
                    RawHttp1Client two = RawHttp1Client.connect(port)) {
                Map<Integer, String> names =
                        Map.of(
                                one.connection().local().getPort(),
                                "one",
                                two.connection().local().getPort(),
                                "two",
                                port,
                                "listener");
                for (String path : paths) {
                    for (RawHttp1Client client : List.of(one, two)) {
                        H1Response answer = client.exchange("GET", path, Headers.NONE, Body.EMPTY);
                        told.add(named(answer.body().text(), names));
                    }
                }
            }
            return told;
        }
    }

    private Told start(String name, Tapped.Start start) throws IOException {
        Mailbox<String> checks = new Mailbox<>("checks of health");
        TcpUpstream endpoint = running.keep(TcpUpstream.start(one -> serve(one, checks)));
        int port = Spawned.freePort();
        Path bootstrap = folder.resolve(name + ".yaml");
        Files.writeString(
                bootstrap,
                BOOTSTRAP.formatted(port)
                        + cluster("V1", endpoint.port())
                        + cluster("V2", endpoint.port()));
        running.keep(start.with(bootstrap)).awaitReady();
        Caller.await(() -> isServed(port, "/V1") && isServed(port, "/V2"));
        return new Told(port, checks);
    }

    private static boolean isServed(int port, String path) {
        try {
            return RawHttp1Client.get(port, path).status() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void serve(TcpConnection connection, Mailbox<String> checks) throws IOException {
        String told = header(connection);
        for (String path = request(connection); !path.isEmpty(); path = request(connection)) {
            if (path.equals("/healthz")) {
                checks.put(
                        named(
                                told,
                                Map.of(
                                        connection.peer().getPort(),
                                        "proxy",
                                        connection.local().getPort(),
                                        "endpoint")));
            }
            connection.send(
                    "HTTP/1.1 200 OK\r\ncontent-length: " + told.length() + "\r\n\r\n" + told);
        }
    }

    /** All but its ports, and then these. */
    private static String header(TcpConnection connection) throws IOException {
        byte[] first = connection.read(1);
        if (first[0] == TEXT) {
            return "P" + line(connection);
        }
        byte[] fixed = connection.read(FIXED - 1);
        byte[] rest = connection.read(ByteBuffer.wrap(fixed).getShort(FIXED - 3));
        String hex = HexFormat.of().formatHex(first) + HexFormat.of().formatHex(fixed);
        if (rest.length < 4) {
            return hex + HexFormat.of().formatHex(rest);
        }
        ByteBuffer all = ByteBuffer.wrap(rest);
        return "%s %s %d %d %s"
                .formatted(
                        hex,
                        HexFormat.of().formatHex(rest, 0, 8),
                        Short.toUnsignedInt(all.getShort(8)),
                        Short.toUnsignedInt(all.getShort(10)),
                        HexFormat.of().formatHex(rest, 12, rest.length));
    }

    /** The header with names in the place of ports. */
    private static String named(String header, Map<Integer, String> names) {
        List<String> words = new ArrayList<>(List.of(header.split(" ", -1)));
        words.replaceAll(word ->
                word.matches("\\d{1,5}")
                        ? names.getOrDefault(Integer.parseInt(word), "a stranger")
                        : word);
        return String.join(" ", words);
    }

    /** The path that is asked for; empty at the end of the stream. */
    private static String request(TcpConnection connection) throws IOException {
        String[] words = line(connection).split(" ", -1);
        while (!line(connection).isEmpty()) {
            // Fields say nothing here.
        }
        return words.length < 2 ? "" : words[1];
    }

    /** Without its end; empty at the end of the stream. */
    private static String line(TcpConnection connection) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = connection.in().read(); next >= 0; next = connection.in().read()) {
            if (next == '\n') {
                break;
            }
            line.append((char) next);
        }
        return line.toString().stripTrailing();
    }

    @Test
    void endpoints_are_told_what_envoy_tells() throws IOException {
        Told envoy = start("envoy", Spawned::envoy);
        Told sluice = start("sluice", Spawned::proxy);
        List<String> paths = List.of("/V1", "/V2", "/V1", "/V2");

        List<String> ofSluice = sluice.of(paths);

        assertThat(ofSluice)
                .as("headers of version 1")
                .contains(
                        "PROXY TCP4 127.0.0.1 127.0.0.1 one listener",
                        "PROXY TCP4 127.0.0.1 127.0.0.1 two listener");
        assertThat(ofSluice).as("what requests tell").isEqualTo(envoy.of(paths));
        assertThat(checks(sluice)).as("what checks tell").isEqualTo(checks(envoy));
    }

    /** Those of both clusters, without order. */
    private static List<String> checks(Told proxy) {
        return proxy.checks().received().stream().distinct().sorted().toList();
    }

    private static String cluster(String version, int port) {
        return """
          - name: %s
            type: STATIC
            connect_timeout: 5s
            health_checks:
            - {timeout: 20s, interval: 60s, no_traffic_interval: 60s, healthy_threshold: 1, unhealthy_threshold: 1, http_health_check: {path: /healthz}}
            transport_socket:
              name: told
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport
                config: {version: %s}
                transport_socket:
                  name: raw
                  typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}
            load_assignment:
              cluster_name: %s
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        """
                .formatted(version, version, version, port);
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
                      http_filters:
                      - name: envoy.filters.http.router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - {match: {path: /V1}, route: {cluster: V1}}
                          - {match: {path: /V2}, route: {cluster: V2}}
              clusters:
            """;
}
