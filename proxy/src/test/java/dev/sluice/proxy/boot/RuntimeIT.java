package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What runtime values change, from the bootstrap and from the admin endpoint. */
@ExtendWith(LeakCheck.class)
class RuntimeIT {
    private static final String ROUTES =
            """
            - match: {prefix: /, runtime_fraction: {runtime_key: routing.canary, default_value: {numerator: 0}}}
              direct_response: {status: 200, body: {inline_string: canary}}
            - match: {prefix: /}
              direct_response: {status: 200, body: {inline_string: stable}}
            """;

    private static final String FAULT =
            """
            - name: envoy.filters.http.fault
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                abort: {http_status: 503, percentage: {numerator: 0}}
            """;

    /** A proxy with its admin endpoint. */
    private record Running(RunningProxy proxy, Metrics metrics, AdminServer admin)
            implements AutoCloseable {
        static Running start(String layers) {
            RunningProxy proxy =
                    RunningProxy.start(
                            1,
                            "layered_runtime: {layers: ["
                                    + layers
                                    + "]}\n"
                                    + Yaml.withFilters(FAULT, Yaml.bootstrap(ROUTES))
                                            .replace("  clusters:\n", ""));
            Metrics metrics = new Metrics();
            AdminServer.Opening opening =
                    AdminServer.open(
                            new SocketAddressSpec(
                                    InetAddress.getLoopbackAddress().getHostAddress(), 0),
                            new RunningSubject(
                                    proxy.proxy(),
                                    metrics,
                                    List::of,
                                    new LogLevels(),
                                    () -> {},
                                    Optional.empty()),
                            Optional.empty());
            return new Running(proxy, metrics, ((AdminServer.Opening.Opened) opening).server());
        }

        H1Response ask(String method, String path, String body) throws Exception {
            try (RawHttp1Client client = RawHttp1Client.connect(admin.address().getPort())) {
                return client.exchange(method, path, Headers.NONE, Body.of(body));
            }
        }

        H1Response get() throws Exception {
            return RawHttp1Client.get(proxy.port(), "/");
        }

        @Override
        public void close() {
            admin.close();
            proxy.close();
            metrics.close();
        }
    }

    @Test
    void the_admin_layer_replaces_shares_and_statuses_while_requests_are_served() throws Exception {
        try (Running running =
                Running.start(
                        "{name: base, static_layer: {routing: {canary: 100}}}, {name: admin, admin_layer: {}}")) {

            String first = running.get().body().text();
            H1Response changed =
                    running.ask(
                            "POST",
                            "/runtime_modify?routing.canary=0&fault.http.abort.http_status=418",
                            "");
            String second = running.get().body().text();
            running.ask("POST", "/runtime_modify", "fault.http.abort.abort_percent=100");
            int aborted = running.get().status();
            running.ask(
                    "POST", "/runtime_modify?routing.canary=&fault.http.abort.abort_percent=", "");
            String third = running.get().body().text();

            assertThat(changed.body().text()).isEqualTo("OK\n");
            assertThat(first).as("with the value of the bootstrap").isEqualTo("canary");
            assertThat(second).as("with that of the admin layer over it").isEqualTo("stable");
            assertThat(aborted).as("status and share of a fault").isEqualTo(418);
            assertThat(third).as("once it was taken out").isEqualTo("canary");
        }
    }

    @Test
    void values_are_shown_layer_by_layer() throws Exception {
        try (Running running =
                Running.start(
                        "{name: base, static_layer: {a: 1, b: {c: true}}}, {name: admin, admin_layer: {}}")) {
            running.ask("POST", "/runtime_modify?a=2&d=x%20y", "");

            assertThat(running.ask("GET", "/runtime", "").body().text().replaceAll("\\s", ""))
                    .isEqualTo(
                            """
                            {"entries":{\
                            "a":{"final_value":"2","layer_values":["1","2"]},\
                            "b.c":{"final_value":"true","layer_values":["true",""]},\
                            "d":{"final_value":"xy","layer_values":["","xy"]}},\
                            "layers":["base","admin"]}\
                            """);
        }
    }

    @Test
    void changes_are_posted_and_need_a_layer_and_parameters() throws Exception {
        try (Running running = Running.start("{name: admin, admin_layer: {}}")) {

            assertThat(running.ask("GET", "/runtime_modify?routing.canary=100", "").status())
                    .isEqualTo(405);
            assertThat(running.ask("POST", "/runtime_modify", "").status()).isEqualTo(400);
            assertThat(running.get().body().text()).as("nothing was changed").isEqualTo("stable");
        }
    }

    @Test
    void without_an_admin_layer_nothing_can_be_changed() throws Exception {
        try (Running running = Running.start("{name: base, static_layer: {}}")) {

            H1Response refused = running.ask("POST", "/runtime_modify?a=1", "");

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.body().text()).contains("add one to layered_runtime");
        }
    }
}
