package dev.sluice.proxy.resource.cluster;

import static dev.sluice.proxy.resource.YamlResources.cluster;
import static dev.sluice.proxy.resource.YamlResources.clusterOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Parsed;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec.Discovery;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthCheckParserTest {
    @Test
    void a_health_check_arrives_with_envoys_defaults() {
        ClusterSpec spec =
                cluster(
                        """
                        {name: c, health_checks: [{timeout: 1s, interval: 2s, healthy_threshold: 3, unhealthy_threshold: 0, unhealthy_interval: 4s, interval_jitter_percent: 10,
                         http_health_check: {path: /h, host: x, expected_statuses: [{start: 200, end: 300}], retriable_statuses: [{start: 503, end: 504}], codec_client_type: HTTP2, method: HEAD}}],
                         load_assignment: {cluster_name: c, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}},
                           health_check_config: {port_value: 9, hostname: e, disable_active_health_check: true}}}]}]}}
                        """);

        HealthCheckSpec check = spec.check().orElseThrow();
        assertThat(check.question())
                .isEqualTo(
                        new HealthCheckSpec.Question.Http(
                                "HEAD",
                                "x",
                                "/h",
                                List.of(),
                                List.of(new HealthCheckSpec.StatusRange(200, 299)),
                                List.of(new HealthCheckSpec.StatusRange(503, 503)),
                                ClusterSpec.Protocol.HTTP2));
        assertThat(check.intervals())
                .isEqualTo(
                        new HealthCheckSpec.Intervals(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                new HealthCheckSpec.Jitter(Duration.ZERO, Duration.ZERO, 10)));
        assertThat(check.healthyThreshold()).isEqualTo(3);
        assertThat(check.unhealthyThreshold()).as("0 is as good as 1").isEqualTo(1);
        Discovery.Static load = (Discovery.Static) spec.discovery();
        assertThat(load.load().localities().getFirst().endpoints().getFirst().check())
                .isEqualTo(new HealthCheckSpec.OfEndpoint(Optional.empty(), 9, "e", false));
    }

    private static String clusterRefused(String settings) {
        return clusterOf("{name: c, " + settings + "}") instanceof Parsed.Refused<?> refused
                ? refused.message()
                : "accepted";
    }

    @Test
    void wrong_health_checks_are_refused_with_every_reason() {
        String timing = "timeout: 1s, interval: 2s, healthy_threshold: 1, unhealthy_threshold: 1";
        assertThat(clusterRefused("health_checks: [{tcp_health_check: {}}]"))
                .contains(
                        "health_checks[0].timeout",
                        "health_checks[0].interval",
                        "healthy_threshold");
        assertThat(clusterRefused("health_checks: [{" + timing + "}]")).contains("no question");
        assertThat(
                        clusterRefused(
                                "health_checks: [{"
                                        + timing
                                        + ", http_health_check: {path: h, method: CONNECT, expected_statuses: [{start: 5, end: 6}]}}]"))
                .contains(
                        "http_health_check.path",
                        "http_health_check.method",
                        "expected_statuses[0]");
        assertThat(
                        clusterRefused(
                                "health_checks: [{"
                                        + timing
                                        + ", tcp_health_check: {send: {text: xyz}, receive: [{}]}}]"))
                .contains("send.text", "receive[0]");
    }
}
