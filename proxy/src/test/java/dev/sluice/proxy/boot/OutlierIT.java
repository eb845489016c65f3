package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.cluster.Cluster;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class OutlierIT {
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void an_endpoint_that_only_fails_is_left_out(int loops) throws Exception {
        try (H1Upstream bad = H1Upstream.start(request -> H1Answer.status(500));
                H1Upstream good = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                loops,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", bad.port(), good.port())
                                                + "  outlier_detection: {consecutive_5xx: 3,"
                                                + " max_ejection_percent: 50}\n"
                                                + "  common_lb_config: {healthy_panic_threshold:"
                                                + " {value: 0}}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            int failed = 0;
            int inARow = 0;
            while (inARow < 20) {
                int status = client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status();
                failed += status == 500 ? 1 : 0;
                inARow = status == 200 ? inARow + 1 : 0;
                assertThat(failed).as("failures before the endpoint is out").isLessThan(20);
            }
            assertThat(failed).as("failures").isGreaterThanOrEqualTo(3);
            assertThat(
                            proxy.proxy()
                                    .configuration()
                                    .clusters()
                                    .values()
                                    .iterator()
                                    .next()
                                    .ejectionsActive())
                    .as("endpoints out")
                    .isEqualTo(1);
        }
    }

    /** What else puts an endpoint out; the others' settings are such that they don't. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | consecutive_gateway_failure: 3, enforcing_consecutive_gateway_failure: 100",
                "0 | split_external_local_origin_errors: true, consecutive_local_origin_failure: 3",
                "500 | interval: 0.5s, success_rate_minimum_hosts: 3, success_rate_request_volume:"
                        + " 3, success_rate_stdev_factor: 1000",
                "500 | interval: 0.5s, enforcing_success_rate: 0, failure_percentage_threshold: 50,"
                        + " enforcing_failure_percentage: 100, failure_percentage_minimum_hosts: 3,"
                        + " failure_percentage_request_volume: 3",
            })
    void an_endpoint_is_left_out_for_how_it_fails(int status, String detection) throws Exception {
        try (H1Upstream bad = H1Upstream.start(request -> H1Answer.status(Math.max(200, status)));
                H1Upstream good = H1Upstream.start(request -> H1Answer.ok("yes"));
                H1Upstream better = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.forgetful(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster(
                                                        "app",
                                                        status == 0
                                                                ? TcpUpstream.refusedPort()
                                                                : bad.port(),
                                                        good.port(),
                                                        better.port())
                                                + "  outlier_detection: {consecutive_5xx: 1000000,"
                                                + " max_ejection_percent: 50, base_ejection_time:"
                                                + " 600s, "
                                                + detection
                                                + "}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            askUntil(client, () -> cluster(proxy).ejectionsActive() == 1);
            int inARow = 0;
            while (inARow < 20) { // its loop hears of it a moment later
                inARow = status(client) == 200 ? inARow + 1 : 0;
            }
        }
    }

    @Test
    void an_endpoint_comes_back_after_its_time() throws Exception {
        AtomicBoolean well = new AtomicBoolean();
        try (H1Upstream app =
                        H1Upstream.start(request ->
                                well.get() ? H1Answer.ok("back") : H1Answer.status(500));
                H1Upstream good = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.forgetful(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", app.port(), good.port())
                                                + "  outlier_detection: {consecutive_5xx: 3,"
                                                + " max_ejection_percent: 50, interval: 0.1s,"
                                                + " base_ejection_time: 0.1s}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            askUntil(client, () -> cluster(proxy).ejectionsActive() == 1);
            well.set(true);
            askUntil(client, () -> cluster(proxy).ejectionsActive() == 0);
            int before = app.received().size();
            askUntil(client, () -> app.received().size() > before);
        }
    }

    private static Cluster cluster(RunningProxy proxy) {
        return proxy.proxy().configuration().clusters().values().iterator().next();
    }

    private static int status(RawHttp1Client client) throws IOException {
        return client.exchange("GET", "/", Headers.NONE, Body.EMPTY).status();
    }

    private static void askUntil(RawHttp1Client client, BooleanSupplier done) throws IOException {
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!done.getAsBoolean()) {
            status(client);
            assertThat(System.nanoTime()).as("end of patience").isLessThan(end);
        }
    }
}
