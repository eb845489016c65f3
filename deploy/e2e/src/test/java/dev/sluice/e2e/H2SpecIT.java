package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 9113 and RFC 7541 as h2spec tests them, on a listener that speaks HTTP/2 only. */
@Tag("interop")
class H2SpecIT {
    @TempDir private Path folder;

    @Test
    void every_test_of_h2spec_passes() throws IOException {
        int port = Spawned.freePort();
        Path bootstrap = Files.writeString(folder.resolve("h2.yaml"), bootstrap(port));
        try (Spawned proxy = Spawned.proxy(bootstrap)) {
            proxy.awaitReady();

            Ran h2spec =
                    Peer.named("h2spec")
                            .run(
                                    List.of(
                                            "--host",
                                            "127.0.0.1",
                                            "--port",
                                            Integer.toString(port),
                                            "--timeout",
                                            "5",
                                            "generic",
                                            "hpack",
                                            "http2"));

            assertThat(h2spec.output()).as("what h2spec says").contains(", 0 skipped, 0 failed");
            assertThat(h2spec.exitCode()).as("exit code of h2spec").isZero();
        }
    }

    private static String bootstrap(int port) {
        return """
        static_resources:
          listeners:
          - name: h2
            address: {socket_address: {address: 127.0.0.1, port_value: %d}}
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: h2
                  codec_type: HTTP2
                  http_filters:
                  - name: envoy.filters.http.router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - {match: {prefix: /}, direct_response: {status: 200, body: {inline_string: "hello, this is the answer"}}}
        """
                .formatted(port);
    }
}
