package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Message;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Endpoints are asked whether they are well, and left out when they are not. */
@ExtendWith(LeakCheck.class)
class HealthCheckIT {
    private static final String TIMING =
            "timeout: 5s, interval: 0.02s, no_traffic_interval: 0.02s, healthy_threshold: 1,"
                    + " unhealthy_threshold: 1";
    private static final String NO_PANIC =
            "  common_lb_config: {healthy_panic_threshold: {value: 0}}\n";

    private static String checked(String cluster, String question) {
        return cluster + NO_PANIC + "  health_checks: [{" + TIMING + ", " + question + "}]\n";
    }

    private static RunningProxy start(String cluster) {
        return RunningProxy.start(2, Yaml.bootstrap(Yaml.routeTo("app"), cluster));
    }

    private static int status(RunningProxy proxy) throws Exception {
        return RawHttp1Client.get(proxy.port(), "/").status();
    }

    /** Asks until the answer has this status: a check has to find it first. */
    private static void untilStatus(RunningProxy proxy, int wanted) throws Exception {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        int last = status(proxy);
        while (last != wanted && System.nanoTime() - deadline < 0) {
            last = status(proxy);
        }
        assertThat(last).as("status at last").isEqualTo(wanted);
    }

    @Test
    void an_endpoint_that_answers_badly_is_left_out_until_it_is_well_again() throws Exception {
        AtomicBoolean well = new AtomicBoolean(true);
        try (H1Upstream upstream =
                        H1Upstream.start(request ->
                                request.target().equals("/healthz") && !well.get()
                                        ? H1Answer.status(500)
                                        : H1Answer.ok("yes"));
                RunningProxy proxy =
                        start(
                                checked(
                                        Yaml.cluster("app", upstream.port()),
                                        "http_health_check: {path: /healthz, host: checks.test,"
                                                + " request_headers_to_add: [{header: {key: x-c,"
                                                + " value: v}}]}"))) {
            assertThat(status(proxy)).as("from the start").isEqualTo(200);
            H1Request check = upstream.received().getFirst();
            well.set(false);
            untilStatus(proxy, 503);
            well.set(true);
            untilStatus(proxy, 200);

            assertThat(check.target()).isEqualTo("/healthz");
            assertThat(check.headers().first("host")).contains("checks.test");
            assertThat(check.headers().first("x-c")).contains("v");
        }
    }

    @Test
    void checks_may_go_to_another_port_and_want_another_status() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("yes"));
                H1Upstream health = H1Upstream.start(request -> H1Answer.status(204));
                RunningProxy proxy =
                        start(
                                checked(
                                        Yaml.cluster("app", upstream.port())
                                                .replace(
                                                        "{endpoint: {",
                                                        "{endpoint: {health_check_config:"
                                                                + " {port_value: "
                                                                + health.port()
                                                                + ", hostname: one.test}, "),
                                        "http_health_check: {path: /, expected_statuses: [{start:"
                                                + " 204, end: 205}]}"))) {
            assertThat(status(proxy)).isEqualTo(200);
            assertThat(health.next().headers().first("host")).contains("one.test");
        }
    }

    @Test
    void a_grpc_service_is_asked_by_its_health_protocol() throws Exception {
        AtomicBoolean well = new AtomicBoolean(true);
        try (H2Upstream upstream = H2Upstream.start(request -> answer(well.get() ? 1 : 2));
                RunningProxy proxy =
                        start(
                                checked(
                                        Yaml.http2Cluster("app", upstream.port()),
                                        "grpc_health_check: {service_name: shop}"))) {
            assertThat(status(proxy)).as("from the start").isEqualTo(200);
            H2Message check = upstream.received().getFirst();
            well.set(false);
            untilStatus(proxy, 503);

            assertThat(check.path()).isEqualTo("/grpc.health.v1.Health/Check");
            assertThat(check.body().size()).as("a frame with the service").isEqualTo(11);
        }
    }

    private static H2Answer answer(int serving) {
        return stream -> {
            stream.send(Headers.of(":status", "200", "content-type", "application/grpc"));
            stream.sendData(new byte[] {0, 0, 0, 0, 2, 8, (byte) serving});
            stream.sendLast(Headers.of("grpc-status", "0"));
        };
    }

    @Test
    void a_connection_may_be_enough_and_none_is_not() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        start(
                                checked(
                                        Yaml.cluster(
                                                "app", TcpUpstream.refusedPort(), upstream.port()),
                                        "tcp_health_check: {}"))) {
            for (int i = 0; i < 10; i++) {
                assertThat(status(proxy)).as("never the endpoint that is gone").isEqualTo(200);
            }
        }
    }

    @Test
    void a_connection_may_have_to_say_the_right_bytes() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("yes"));
                TcpUpstream right =
                        TcpUpstream.start(connection -> {
                            connection.read(4);
                            connection.send("..PO.NG");
                            connection.readToEnd();
                        });
                RunningProxy proxy =
                        start(
                                checked(
                                        Yaml.cluster("app", upstream.port())
                                                .replace(
                                                        "{endpoint: {",
                                                        "{endpoint: {health_check_config:"
                                                                + " {port_value: "
                                                                + right.port()
                                                                + "}, "),
                                        "tcp_health_check: {send: {text: '50494e47'}, receive:"
                                                + " [{text: '504f'}, {text: '4e47'}]}"))) {
            assertThat(status(proxy)).isEqualTo(200);
        }
    }
}
