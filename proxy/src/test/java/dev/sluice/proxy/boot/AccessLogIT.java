package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Access logs of real exchanges, as they stand in their files. */
@ExtendWith(LeakCheck.class)
class AccessLogIT {
    @TempDir private Path folder;
    private final Telemetry telemetry = new Telemetry();
    private WatchService watch;

    @BeforeEach
    void watch() throws IOException {
        watch = folder.getFileSystem().newWatchService();
        folder.register(
                watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    }

    @AfterEach
    void close() throws IOException {
        telemetry.close();
        watch.close();
    }

    /**
     * A log in flow style.
     *
     * @param filter empty, or ended by a comma
     */
    private String log(String name, String filter, String format) {
        return "{name: %s, %s typed_config: {\"@type\": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: %s, log_format: %s}}"
                .formatted(name, filter, folder.resolve(name), format);
    }

    private static String text(String template) {
        return "{text_format_source: {inline_string: \"" + template + "\\n\"}}";
    }

    private RunningProxy start(String bootstrap) {
        assertThat(
                        telemetry
                                .logs()
                                .follow(
                                        BootstrapReader.read(bootstrap, "bootstrap.yaml")
                                                .orThrow()
                                                .listeners()))
                .as("logs that can't be opened")
                .isEmpty();
        return RunningProxy.start(1, bootstrap);
    }

    /** Writes the next exchanges that end. */
    private void write(RunningProxy proxy, int exchanges) {
        for (int i = 0; i < exchanges; i++) {
            telemetry.observers().exchanges().finished(proxy.nextRecord());
        }
    }

    private List<String> lines(String name, int expected) throws Exception {
        Path file = folder.resolve(name);
        while (Files.readAllLines(file).size() < expected) {
            WatchKey changed = watch.poll(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS);
            assertThat(changed).as("line %d of %s", expected, name).isNotNull();
            changed.pollEvents();
            changed.reset();
        }
        return Files.readAllLines(file);
    }

    @Test
    void lines_tell_heads_trailers_and_the_decision_of_the_gate() throws Exception {
        String json =
                "{omit_empty_values: true, json_format: {method: '%REQ(:METHOD)%', path: '%REQ(:PATH)%',"
                        + " came: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%', user: '%REQ(X-USER):2%',"
                        + " id: '%REQ(X-REQUEST-ID)%', answer: '%RESP(X-A?X-B)%', end: '%TRAILER(X-END)%',"
                        + " status: '%RESPONSE_CODE%', arm: '%DYNAMIC_METADATA(sluice.gate:arm)%',"
                        + " cluster: '%UPSTREAM_CLUSTER%', none: '%REQ(X-NONE)%'}}";
        try (H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
                H2Upstream fresh =
                        H2Upstream.start(request ->
                                H2Answer.of(
                                        200,
                                        Headers.of("x-b", "b"),
                                        Body.of("new"),
                                        Headers.of("x-end", "last")));
                RunningProxy proxy =
                        start(
                                Yaml.withManager(
                                        "access_log: [" + log("json", "", json) + "]",
                                        Yaml.bootstrap(
                                                Yaml.gatedRoute(1_000_000, "READ", "")
                                                        .replace(
                                                                "timeout: 3s",
                                                                "timeout: 3s, prefix_rewrite: /v2/"),
                                                Yaml.cluster("old", old.port()),
                                                Yaml.http2Cluster("new", fresh.port()))))) {
            RawHttp1Client.get(proxy.port(), "/orders", "x-user", "u17", "x-request-id", "r1");
            write(proxy, 1);

            assertThat(lines("json", 1))
                    .containsExactly(
                            "{\"answer\":\"b\",\"arm\":\"NEW\",\"came\":\"/orders\","
                                    + "\"cluster\":\"new\",\"end\":\"last\",\"id\":\"r1\","
                                    + "\"method\":\"GET\",\"path\":\"/v2/orders\","
                                    + "\"status\":200,\"user\":\"u1\"}");
        }
    }

    @Test
    void each_log_has_its_own_filter_and_format() throws Exception {
        String bad =
                "filter: {status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: k}}}},";
        String probe =
                """
                - name: envoy.filters.http.health_check
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.health_check.v3.HealthCheck
                    pass_through_mode: false
                    headers: [{name: ':path', string_match: {exact: /healthz}}]
                """;
        String routes =
                """
                - {match: {path: /bad}, direct_response: {status: 418}}
                - {match: {prefix: /}, direct_response: {status: 200}}
                """;
        String logs =
                String.join(
                        ", ",
                        log("bad", bad, text("%RESPONSE_CODE% %RESPONSE_CODE_DETAILS%")),
                        log(
                                "asked",
                                "filter: {not_health_check_filter: {}},",
                                text("%REQ(:PATH)%")),
                        log("all", "", text("%REQ(:PATH)% %REQ(X-REQUEST-ID)%")));
        try (RunningProxy proxy =
                start(
                        Yaml.withManager(
                                "access_log: [" + logs + "]",
                                Yaml.withFilters(probe, Yaml.bootstrap(routes))))) {
            for (String path : List.of("/bad", "/healthz", "/good")) {
                RawHttp1Client.get(proxy.port(), path, "x-request-id", "r1");
                write(proxy, 1);
            }

            assertThat(lines("all", 3)).containsExactly("/bad r1", "/healthz r1", "/good r1");
            assertThat(lines("asked", 2)).containsExactly("/bad", "/good");
            assertThat(lines("bad", 1)).containsExactly("418 direct_response");
        }
    }

    @Test
    void a_carried_connection_has_a_line_too() throws Exception {
        String format = text("%PROTOCOL% %BYTES_RECEIVED% %BYTES_SENT% %UPSTREAM_CLUSTER%");
        try (TcpUpstream upstream =
                TcpUpstream.start(connection -> connection.send(connection.readToEnd()))) {
            String bootstrap =
                    """
                    static_resources:
                      listeners:
                        - name: main
                          address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                          filter_chains:
                            - filters:
                                - name: tcp
                                  typed_config:
                                    "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                                    stat_prefix: t
                                    cluster: app
                                    access_log: [%s]
                      clusters:
                    """
                                    .formatted(log("tcp", "", format))
                            + Yaml.cluster("app", upstream.port()).indent(4);
            try (RunningProxy proxy = start(bootstrap);
                    TcpConnection client =
                            TcpConnection.connect(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(), proxy.port()))) {
                client.send("hello");
                client.finish();
                client.readToEnd();
                write(proxy, 1);

                assertThat(lines("tcp", 1)).containsExactly("- 5 5 app");
            }
        }
    }

    @Test
    void an_exchange_of_a_listener_without_logs_keeps_nothing_for_them() throws Exception {
        try (RunningProxy proxy =
                start(Yaml.bootstrap("- {match: {prefix: /}, direct_response: {status: 200}}\n"))) {
            RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");

            assertThat(proxy.nextRecord().log()).isSameAs(dev.sluice.proxy.observe.LogFacts.NONE);
        }
    }
}
