package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.H2Answer;
import dev.sluice.testkit.http.H2Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A second attempt beside one that is slow. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class HedgeIT {
    private static final String HEDGE =
            "timeout: 20s, hedge_policy: {hedge_on_per_try_timeout: true}, retry_policy: {retry_on:"
                    + " 5xx, num_retries: %d, per_try_timeout: 0.05s, retry_back_off:"
                    + " {base_interval: 0.001s}}";

    private static String route(int retries) {
        return "- {match: {prefix: /}, route: {cluster: app, " + HEDGE.formatted(retries) + "}}\n";
    }

    private static RunningProxy start(int retries, String cluster) {
        return RunningProxy.start(1, Yaml.bootstrap(route(retries), cluster));
    }

    /** Gives each request in turn the answer for its number, 1 and so on. */
    private static Function<H1Request, H1Answer> numbered(Function<Integer, H1Answer> answers) {
        AtomicInteger number = new AtomicInteger();
        return request -> answers.apply(number.incrementAndGet());
    }

    private static H1Response post(RunningProxy proxy) throws Exception {
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            return client.exchange("POST", "/", Headers.of("x-user", "u"), Body.of("body"));
        }
    }

    @Test
    void the_second_attempt_answers_for_a_slow_one_which_is_given_up() throws Exception {
        Mailbox<Integer> ended = new Mailbox<>("bytes behind the slow request");
        H1Answer slow =
                exchange -> {
                    ended.put(exchange.connection().readToEnd().length);
                    exchange.close();
                };
        try (H1Upstream upstream =
                        H1Upstream.start(numbered(n -> n == 1 ? slow : H1Answer.ok("second")));
                RunningProxy proxy = start(1, Yaml.cluster("app", upstream.port()))) {
            H1Response answer = post(proxy);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("answer").isEqualTo("second");
            assertThat(upstream.next().body().text()).as("first request").isEqualTo("body");
            assertThat(upstream.next().body().text()).as("second request").isEqualTo("body");
            assertThat(ended.next()).as("what the slow one got before its end").isZero();
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.upstream().orElseThrow().attempts()).as("attempts").isEqualTo(2);
            assertThat(record.upstream().orElseThrow().hedges()).as("hedges").isEqualTo(1);
        }
    }

    @Test
    void over_http2_the_slow_stream_is_reset() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Mailbox<String> ended = new Mailbox<>("how the slow stream ended");
        H2Answer slow = stream -> ended.put(stream.nextEvent().toString());
        try (H2Upstream upstream =
                        H2Upstream.start(request ->
                                number.incrementAndGet() == 1 ? slow : H2Answer.ok("second"));
                RunningProxy proxy = start(1, Yaml.http2Cluster("app", upstream.port()))) {
            assertThat(post(proxy).body().text()).as("answer").isEqualTo("second");
            assertThat(ended.next()).as("end of the slow stream").isEqualTo("Reset[code=8]");
        }
    }

    @Test
    void the_slow_attempt_still_answers_where_it_is_first() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        H1Answer silence =
                exchange -> {
                    second.countDown();
                    H1Answer.silence().play(exchange);
                };
        try (H1Upstream upstream =
                        H1Upstream.start(
                                numbered(n ->
                                        n == 1 ? H1Answer.ok("first").after(second) : silence));
                RunningProxy proxy = start(1, Yaml.cluster("app", upstream.port()))) {
            assertThat(post(proxy).body().text()).as("answer").isEqualTo("first");
            assertThat(proxy.nextRecord().upstream().orElseThrow().hedges()).isEqualTo(1);
        }
    }

    @Test
    void a_bad_answer_waits_for_a_good_one() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        H1Answer bad =
                exchange -> {
                    H1Answer.status(503).play(exchange);
                    failed.countDown();
                };
        try (H1Upstream upstream =
                        H1Upstream.start(
                                numbered(n -> n == 1 ? H1Answer.ok("first").after(failed) : bad));
                RunningProxy proxy = start(1, Yaml.cluster("app", upstream.port()))) {
            H1Response answer = post(proxy);

            assertThat(answer.status()).as("status").isEqualTo(200);
            assertThat(answer.body().text()).as("answer").isEqualTo("first");
        }
    }

    @Test
    void the_answer_of_the_last_one_is_passed_on_when_none_is_good() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        H1Answer bad =
                exchange -> {
                    H1Answer.close().play(exchange);
                    failed.countDown();
                };
        try (H1Upstream upstream =
                        H1Upstream.start(
                                numbered(n -> n == 1 ? H1Answer.status(500).after(failed) : bad));
                RunningProxy proxy = start(1, Yaml.cluster("app", upstream.port()))) {
            assertThat(post(proxy).status()).as("status").isIn(500, 503);
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .contains(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, '{}'",
        "1, '{max_retries: 0}'",
        "1, '{max_requests: 1}'",
    })
    void a_slow_attempt_stays_alone_over_a_limit(int retries, String breaker) throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        String later = "- {match: {path: /later}, route: {cluster: silent, timeout: 0.2s}}\n";
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("first").after(late));
                H1Upstream silent = H1Upstream.start(request -> H1Answer.silence());
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        later + route(retries),
                                        Yaml.cluster("app", upstream.port())
                                                + "  circuit_breakers: {thresholds: ["
                                                + breaker
                                                + "]}\n",
                                        Yaml.cluster("silent", silent.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
            upstream.next();
            assertThat(RawHttp1Client.get(proxy.port(), "/later").status())
                    .as("an answer that comes when the attempt has been slow for long")
                    .isEqualTo(504);
            proxy.nextRecord();
            late.countDown();

            assertThat(client.readResponse().body().text()).as("answer").isEqualTo("first");
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.upstream().orElseThrow().attempts()).as("attempts").isEqualTo(1);
            assertThat(record.flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED);
        }
    }

    @Test
    void an_unsafe_write_is_never_sent_twice() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.silence());
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(0, "UNSAFE_WRITE", "")
                                                .replace("timeout: 3s", HEDGE.formatted(3)),
                                        Yaml.cluster("old", upstream.port()),
                                        Yaml.cluster("new", upstream.port())))) {
            assertThat(post(proxy).status()).as("status").isEqualTo(504);
            ExchangeRecord record = proxy.nextRecord();

            assertThat(record.flags())
                    .as("flags")
                    .isEqualTo(Set.of(ResponseFlag.UPSTREAM_REQUEST_TIMEOUT));
            assertThat(upstream.received()).as("requests").hasSize(1);
        }
    }

    @Test
    void for_evidence_a_slow_read_that_was_outrun_is_a_timeout() throws Exception {
        try (H1Upstream upstream =
                        H1Upstream.start(
                                numbered(
                                        n -> n == 1 ? H1Answer.silence() : H1Answer.ok("second")));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(0, "READ", "")
                                                .replace("timeout: 3s", HEDGE.formatted(1)),
                                        Yaml.cluster("old", upstream.port()),
                                        Yaml.cluster("new", upstream.port())))) {
            assertThat(post(proxy).body().text()).as("answer").isEqualTo("second");
            assertThat(proxy.nextRecord().gate().orElseThrow().result())
                    .as("result of the arm")
                    .isEqualTo(ExchangeRecord.Result.TIMEOUT);
        }
    }
}
