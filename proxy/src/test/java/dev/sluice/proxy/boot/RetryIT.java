package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is repeated, and where. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class RetryIT {
    private static final String RETRY =
            "retry_policy: {retry_on: 5xx, num_retries: 3, retry_back_off: {base_interval: 0.001s},"
                    + " host_selection_retry_max_attempts: 20, retry_host_predicate: [{name:"
                    + " envoy.retry_host_predicates.previous_hosts, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate}}]}";

    /** Behind a gate the class of the operation bounds what a route's retry policy repeats. */
    @ParameterizedTest
    @CsvSource({"READ, 4", "IDEMPOTENT_WRITE, 4", "UNSAFE_WRITE, 1"})
    void a_retry_policy_does_not_repeat_an_unsafe_write_behind_a_gate(
            String operationClass, int attempts) throws Exception {
        try (H1Upstream old = H1Upstream.start(request -> H1Answer.status(503));
                H1Upstream young = H1Upstream.start(request -> H1Answer.ok("new"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(0, operationClass, "")
                                                .replace("timeout: 3s", "timeout: 3s, " + RETRY),
                                        Yaml.cluster("old", old.port()),
                                        Yaml.cluster("new", young.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange("POST", "/", Headers.of("x-user", "u"), Body.of("w"));

            assertThat(answer.status()).as("status").isEqualTo(503);
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.upstream().orElseThrow().attempts())
                    .as("attempts of %s", operationClass)
                    .isEqualTo(attempts);
        }
    }

    @Test
    void without_a_gate_the_policy_alone_decides_and_avoids_endpoints_that_failed()
            throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (H1Upstream bad =
                        H1Upstream.start(request -> {
                            failed.incrementAndGet();
                            return H1Answer.status(503);
                        });
                H1Upstream good = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, route: {cluster: app, "
                                                + RETRY
                                                + "}}\n",
                                        Yaml.cluster("app", bad.port(), good.port())
                                                + "  lb_policy: RANDOM\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            for (int i = 0; i < 20; i++) {
                H1Response answer = client.exchange("POST", "/", Headers.NONE, Body.of("w"));
                assertThat(answer.status()).as("status").isEqualTo(200);
                assertThat(proxy.nextRecord().upstream().orElseThrow().attempts())
                        .as("attempts: no second one on the endpoint that failed")
                        .isLessThanOrEqualTo(2);
            }
            assertThat(failed.get()).as("requests that failed first").isPositive();
        }
    }

    @Test
    void a_request_over_the_breaker_is_told_that_the_upstream_is_overloaded() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.routeTo("app"),
                                        Yaml.cluster("app", upstream.port())
                                                + "  circuit_breakers: {thresholds:"
                                                + " [{max_requests: 0}]}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);

            assertThat(answer.status()).as("status").isEqualTo(503);
            assertThat(answer.headers().first("x-envoy-overloaded")).as("header").contains("true");
        }
    }

    /** One request is under way, of which the budget is a share. */
    @ParameterizedTest
    @CsvSource({
        "'budget_percent: {value: 100}, min_retry_concurrency: 0', 2, 200",
        "'budget_percent: {value: 99}, min_retry_concurrency: 0', 1, 503",
        "'budget_percent: {value: 0}, min_retry_concurrency: 1', 2, 200",
    })
    void retries_are_a_share_of_what_is_under_way(String budget, int attempts, int status)
            throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (H1Upstream app =
                        H1Upstream.start(request ->
                                requests.incrementAndGet() == 1
                                        ? H1Answer.status(503)
                                        : H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, route: {cluster: app, "
                                                + RETRY
                                                + "}}\n",
                                        Yaml.cluster("app", app.port())
                                                + "  circuit_breakers: {thresholds:"
                                                + " [{retry_budget: {"
                                                + budget
                                                + "}}]}\n"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer = client.exchange("GET", "/", Headers.NONE, Body.EMPTY);

            assertThat(answer.status()).as("status").isEqualTo(status);
            assertThat(proxy.nextRecord().upstream().orElseThrow().attempts())
                    .as("attempts")
                    .isEqualTo(attempts);
        }
    }

    @Test
    void attempts_are_numbered_where_the_virtual_host_says_so() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (H1Upstream app =
                        H1Upstream.start(request ->
                                requests.incrementAndGet() <= 2
                                        ? H1Answer.status(503)
                                        : H1Answer.ok("yes"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                                "- {match: {prefix: /}, route: {cluster: app, "
                                                        + RETRY
                                                        + "}}\n",
                                                Yaml.cluster("app", app.port()))
                                        .replaceFirst(
                                                "( *)domains:",
                                                "$1include_request_attempt_count: true\n"
                                                        + "$1include_attempt_count_in_response:"
                                                        + " true\n$1domains:"));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange(
                            "GET", "/", Headers.of("x-envoy-attempt-count", "7"), Body.EMPTY);

            assertThat(answer.headers().all("x-envoy-attempt-count"))
                    .as("how many there were")
                    .containsExactly("3");
            assertThat(app.received())
                    .extracting(request -> request.headers().all("x-envoy-attempt-count"))
                    .as("numbers")
                    .containsExactly(List.of("1"), List.of("2"), List.of("3"));
        }
    }

    @Test
    void all_attempts_at_a_request_have_one_id() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        try (H2Upstream app =
                        H2Upstream.start(request ->
                                requests.incrementAndGet() % 3 == 0
                                        ? H2Answer.ok("yes")
                                        : H2Answer.status(503));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        "- {match: {prefix: /}, route: {cluster: app, "
                                                + RETRY
                                                + "}}\n",
                                        Yaml.http2Cluster("app", app.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            Set<String> ids = new HashSet<>();
            for (int request = 0; request < 2; request++) {
                client.exchange("GET", "/", Headers.NONE, Body.EMPTY);
                List<String> attempts =
                        IntStream.range(0, 3)
                                .mapToObj(attempt -> app.next().head().all("x-request-id"))
                                .map(all -> String.join(" and ", all))
                                .toList();
                assertThat(attempts.stream().distinct())
                        .as("ids of three attempts")
                        .containsExactly(proxy.nextRecord().requestId());
                ids.add(attempts.getFirst());
            }

            assertThat(ids).as("ids of two requests").hasSize(2);
        }
    }
}
