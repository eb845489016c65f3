package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.admin.AdminServer;
import dev.sluice.proxy.snapshot.part.SocketAddressSpec;
import dev.sluice.proxy.telemetry.Metrics;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import io.envoyproxy.envoy.admin.v3.ClusterStatus;
import io.envoyproxy.envoy.admin.v3.Clusters;
import io.envoyproxy.envoy.admin.v3.HostStatus;
import io.envoyproxy.envoy.admin.v3.SimpleMetric;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The admin pages that pre-stop hooks, agents and people on call use. */
@ExtendWith(LeakCheck.class)
class AdminPagesIT {
    private final H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("served"));
    private final Metrics metrics = new Metrics();
    private final LogLevels logs = new LogLevels();
    private final CountDownLatch quit = new CountDownLatch(1);
    private RunningProxy proxy;
    private AdminServer admin;

    @BeforeEach
    void start() {
        proxy =
                RunningProxy.start(
                        1, Yaml.bootstrap(Yaml.routeTo("up"), Yaml.cluster("up", upstream.port())));
        proxy.proxy().showOn(metrics);
        logs.all("warn");
        AdminServer.Opening opening =
                AdminServer.open(
                        new SocketAddressSpec(InetAddress.getLoopbackAddress().getHostAddress(), 0),
                        new RunningSubject(
                                proxy.proxy(),
                                metrics,
                                List::of,
                                logs,
                                quit::countDown,
                                Optional.empty()),
                        Optional.empty());
        admin = ((AdminServer.Opening.Opened) opening).server();
    }

    @AfterEach
    void stop() {
        admin.close();
        proxy.close();
        metrics.close();
        upstream.close();
    }

    private H1Response ask(String method, String path) throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(admin.address().getPort())) {
            return client.exchange(method, path, Headers.NONE, Body.EMPTY);
        }
    }

    @Test
    void health_that_is_said_to_fail_keeps_serving() throws Exception {
        assertThat(ask("GET", "/ready").status()).as("before").isEqualTo(200);

        H1Response failed = ask("POST", "/healthcheck/fail");

        assertThat(failed.body().text()).isEqualTo("OK\n");
        assertThat(ask("GET", "/ready").status()).as("ready").isEqualTo(503);
        assertThat(ask("GET", "/ready").body().text()).isEqualTo("DRAINING\n");
        assertThat(RawHttp1Client.get(proxy.port(), "/").status()).as("traffic").isEqualTo(200);
        assertThat(ask("POST", "/healthcheck/ok").status()).isEqualTo(200);
        assertThat(ask("GET", "/ready").status()).as("after").isEqualTo(200);
    }

    @Test
    void pages_that_change_state_take_post_only() throws Exception {
        for (String page :
                List.of(
                        "/healthcheck/fail",
                        "/healthcheck/ok",
                        "/drain_listeners?graceful",
                        "/quitquitquit",
                        "/logging?level=debug",
                        "/runtime_modify?a=1")) {
            assertThat(ask("GET", page).status()).as(page).isEqualTo(405);
        }
        assertThat(ask("GET", "/ready").status()).isEqualTo(200);
        assertThat(quit.getCount()).as("not ended").isEqualTo(1);
        assertThat(logs.shown()).as("levels").containsValue("warn");
    }

    @Test
    void drained_listeners_are_closed() throws Exception {
        assertThat(ask("POST", "/drain_listeners?inboundonly&graceful").body().text())
                .isEqualTo("OK\n");
        assertThat(ask("GET", "/ready").status()).as("without inbound ones").isEqualTo(200);
        assertThat(Patience.await(proxy.proxy().bound(), "the listeners"))
                .as("listeners of no direction")
                .hasSize(1);

        assertThat(ask("POST", "/drain_listeners?graceful").body().text()).isEqualTo("OK\n");

        assertThat(ask("GET", "/ready").body().text()).isEqualTo("DRAINING\n");
        assertThat(Patience.await(proxy.proxy().bound(), "the listeners")).isEmpty();
    }

    @Test
    void metrics_are_open_metrics_for_who_accepts_them() throws Exception {
        RawHttp1Client.get(proxy.port(), "/");

        H1Response open;
        try (RawHttp1Client client = RawHttp1Client.connect(admin.address().getPort())) {
            open =
                    client.exchange(
                            "GET",
                            "/stats/prometheus",
                            Headers.of(
                                    "accept",
                                    "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.4"),
                            Body.EMPTY);
        }

        assertThat(open.headers().first("content-type"))
                .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(open.body().text()).endsWith("# EOF\n");
        assertThat(ask("GET", "/stats/prometheus").headers().first("content-type"))
                .contains("text/plain; version=0.0.4");
    }

    @Test
    void clusters_have_the_shape_of_envoy() throws Exception {
        RawHttp1Client.get(proxy.port(), "/");
        proxy.nextRecord();

        Clusters.Builder clusters = Clusters.newBuilder();
        JsonFormat.parser().merge(ask("GET", "/clusters?format=json").body().text(), clusters);
        ClusterStatus up = clusters.getClusterStatuses(0);
        assertThat(up.getName()).isEqualTo("up");
        assertThat(up.getCircuitBreakers().getThresholds(0).getMaxConnections().getValue())
                .isEqualTo(1024);
        HostStatus host = up.getHostStatuses(0);
        assertThat(host.getAddress().getSocketAddress().getPortValue()).isEqualTo(upstream.port());
        assertThat(host.getHealthStatus().getEdsHealthStatus()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(host.getStatsList())
                .filteredOn(one -> one.getName().equals("rq_total"))
                .extracting(SimpleMetric::getValue)
                .containsExactly(1L);
        String prefix = "up::127.0.0.1:" + upstream.port() + "::";
        assertThat(ask("GET", "/clusters").body().text().lines())
                .contains(
                        "up::default_priority::max_requests::1024",
                        prefix + "rq_total::1",
                        prefix + "health_flags::healthy");
    }

    @Test
    void quitting_is_the_orderly_end() throws Exception {
        assertThat(ask("POST", "/quitquitquit").body().text()).isEqualTo("OK\n");

        Patience.await(quit, "the end");
    }

    @Test
    void log_levels_are_shown_and_set_all_or_none() throws Exception {
        assertThat(ask("POST", "/logging").body().text())
                .isEqualTo(
                        "active loggers:\n  dev.sluice: warn\n  io.grpc: warn\n  io.netty: warn\n");
        assertThat(ask("POST", "/logging?level=error").body().text()).contains("io.grpc: error");
        assertThat(ask("POST", "/logging?dev.sluice=trace").body().text())
                .contains("dev.sluice: debug", "io.netty: error");
        assertThat(ask("POST", "/logging?paths=io.grpc:info,io.netty:off").body().text())
                .contains("io.grpc: info", "io.netty: off");

        H1Response unknown = ask("POST", "/logging?paths=io.grpc:debug,other:debug");
        H1Response bad = ask("POST", "/logging?level=loud");

        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body().text()).contains("other", "dev.sluice");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(logs.shown()).containsEntry("io.grpc", "info");
    }

    @Test
    void listeners_and_the_server_are_shown_in_envoys_shapes() throws Exception {
        assertThat(ask("GET", "/listeners").body().text())
                .isEqualTo("main::127.0.0.1:%d\n".formatted(proxy.port()));
        assertThat(ask("GET", "/listeners?format=json").body().text())
                .contains("\"listener_statuses\"", "\"port_value\": " + proxy.port());
        assertThat(ask("GET", "/server_info").body().text())
                .contains("\"state\": \"LIVE\"", "\"uptime_current_epoch\"", "\"node\"");
        ask("POST", "/healthcheck/fail");
        assertThat(ask("GET", "/server_info").body().text()).contains("\"state\": \"DRAINING\"");
    }

    @Test
    void stats_come_as_text_json_and_for_prometheus() throws Exception {
        assertThat(ask("GET", "/stats").body().text()).contains("sluice_traces_active: 0\n");
        assertThat(ask("GET", "/stats?usedonly&filter=^sluice").body().text())
                .doesNotContain(": 0\n");
        assertThat(ask("GET", "/stats?filter=^sluice_faults").body().text())
                .isEqualTo("sluice_faults_active: 0\n");
        assertThat(ask("GET", "/stats?format=json&filter=faults_active").body().text())
                .contains("\"stats\"", "\"name\": \"sluice_faults_active\"");
        assertThat(ask("GET", "/stats?format=prometheus").body().text()).contains("# HELP");
        assertThat(ask("GET", "/stats/prometheus").body().text()).contains("# HELP");
        assertThat(ask("GET", "/stats?filter=(").status()).isEqualTo(400);
        assertThat(ask("GET", "/stats?format=xml").status()).isEqualTo(400);
        assertThat(ask("GET", "/stats/other").status()).isEqualTo(404);
    }

    /** The very question of Istio's agent, as it asks before a pod is ready. */
    @Test
    void agents_find_the_state_by_envoys_names() throws Exception {
        String asked =
                "/stats?usedonly&filter=^(server\\.state|listener_manager\\.workers_started)";

        assertThat(ask("GET", asked).body().text())
                .isEqualTo("listener_manager.workers_started: 1\nserver.state: 0\n");
        ask("POST", "/healthcheck/fail");
        assertThat(ask("GET", asked).body().text())
                .isEqualTo("listener_manager.workers_started: 1\nserver.state: 1\n");
        assertThat(ask("GET", "/stats?filter=^server.live$&usedonly").body().text())
                .isEqualTo("server.live: 0\n");
        assertThat(ask("GET", "/stats?format=json&filter=^server.state").body().text())
                .contains("\"name\": \"server.state\"", "\"value\": 1");
        assertThat(ask("GET", "/stats?filter=update_success").body().text())
                .as("without a management server")
                .isEmpty();
    }
}
