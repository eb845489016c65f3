package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests over a limit of requests under way, over real sockets. */
@ExtendWith(LeakCheck.class)
class AdaptiveConcurrencyIT {
    private static final String FILTER =
            """
            - name: envoy.filters.http.adaptive_concurrency
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.http.adaptive_concurrency.v3.AdaptiveConcurrency
                gradient_controller_config:
                  concurrency_limit_params: {max_concurrency_limit: 1, concurrency_update_interval: 100s}
                  min_rtt_calc_params: {fixed_value: 1s, min_concurrency: 1}
                concurrency_limit_exceeded_status: {code: TooManyRequests}
            """;

    @Test
    void one_request_over_the_limit_is_refused_and_the_next_is_served() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        try (H1Upstream app =
                        H1Upstream.start(request -> {
                            Patience.await(go, "the test to let the request end");
                            return H1Answer.ok("ok");
                        });
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withFilters(
                                        FILTER,
                                        Yaml.bootstrap(
                                                Yaml.routeTo("app")
                                                        .replace("app}", "app, timeout: 0s}"),
                                                Yaml.cluster("app", app.port()))));
                RawHttp1Client first = RawHttp1Client.connect(proxy.port())) {
            first.send("GET /first HTTP/1.1\r\nhost: h\r\n\r\n");
            app.next();

            H1Response over = RawHttp1Client.get(proxy.port(), "/over");
            assertThat(over.status()).isEqualTo(429);
            assertThat(over.headers().first("retry-after")).contains("1");
            assertThat(proxy.nextRecord().flags()).containsExactly(ResponseFlag.OVERLOAD);

            go.countDown();
            assertThat(first.readResponse().status()).isEqualTo(200);
            proxy.nextRecord();
            assertThat(RawHttp1Client.get(proxy.port(), "/next").status()).isEqualTo(200);
        }
    }
}
