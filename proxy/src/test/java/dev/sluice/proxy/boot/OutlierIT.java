package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
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
}
