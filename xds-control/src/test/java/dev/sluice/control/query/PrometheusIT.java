package dev.sluice.control.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.spec.QueryCriterion.Source;
import dev.sluice.control.outward.Origins;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import dev.sluice.control.query.FakePrometheus.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Queries over real HTTP. */
class PrometheusIT {
    private static final Secrets SECRETS =
            new Secrets(Optional.empty(), Map.of("SLUICE_SECRET_METRICS", "s3cret"));

    private final AtomicReference<Answer> answer = new AtomicReference<>(Answer.of("0.25"));
    private FakePrometheus server;
    private Prometheus prometheus;

    @BeforeEach
    void a_server_that_is_allowed() throws IOException {
        server = new FakePrometheus(_ -> answer.get());
        prometheus =
                new Prometheus(
                        Origins.parse("--allow", List.of(server.url())).orThrow(),
                        SECRETS,
                        Trust.ofSystem());
    }

    @AfterEach
    void end() {
        prometheus.close();
        server.close();
    }

    @Test
    void one_post_with_query_times_and_token_brings_one_value() throws Exception {
        Reply reply = ask(server.url() + "/prefix/", Optional.of("metrics"));

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Value.class, value -> assertThat(value.value()).isEqualTo(0.25));
        FakePrometheus.Asked asked = server.asked().next();
        assertThat(asked.path()).isEqualTo("/prefix/api/v1/query");
        assertThat(asked.token()).contains("Bearer s3cret");
        assertThat(asked.parameters())
                .containsEntry("query", "sum(rate(x{a=\"b&c\"}[90s]))")
                .containsEntry("timeout", "20000ms")
                .containsEntry("lookback_delta", "60000ms");
    }

    @Test
    void whatever_is_no_single_number_is_nothing_with_its_reason() {
        String one = "{\"metric\":{},\"value\":[1,\"1\"]}";
        Map<Answer, String> answers =
                Map.ofEntries(
                        Map.entry(Answer.vector(), "no series"),
                        Map.entry(Answer.vector(one, one), "2 series, aggregate"),
                        Map.entry(Answer.of("NaN"), "its value is NaN"),
                        Map.entry(Answer.of("+Inf"), "its value is +Inf"),
                        Map.entry(
                                Answer.of("1").with("\"warnings\":[\"a store is away\"]"),
                                "the server warns: a store is away"),
                        Map.entry(
                                Answer.vector("{\"metric\":{},\"histogram\":[1,{}]}"),
                                "the series is a histogram"),
                        Map.entry(Answer.success("matrix", "[]"), "no instant vector"),
                        Map.entry(Answer.success("scalar", "[1e300,\"1\"]"), "no time"),
                        Map.entry(Answer.success("scalar", "[]"), "its value is "),
                        Map.entry(new Answer(200, "<html>"), "answered 200"),
                        Map.entry(new Answer(302, ""), "answered 302"),
                        Map.entry(new Answer(503, ""), "answered 503"),
                        Map.entry(
                                new Answer(400, "{\"status\":\"error\",\"error\":\"parse error\"}"),
                                "answered 400: parse error"),
                        Map.entry(new Answer(200, "x".repeat((1 << 20) + 1)), "not reached"));

        answers.forEach((given, why) -> {
            answer.set(given);
            assertThat(ask(server.url(), Optional.empty()))
                    .as(why)
                    .isInstanceOfSatisfying(
                            Reply.Nothing.class,
                            nothing -> assertThat(nothing.why()).contains(why));
        });
    }

    @Test
    void a_scalar_is_a_value_too() {
        answer.set(Answer.success("scalar", "[" + Answer.now() + ",\"3\"]"));

        assertThat(ask(server.url(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Reply.Value.class, value -> assertThat(value.value()).isEqualTo(3));
    }

    @Test
    void hints_about_a_query_take_nothing_from_its_value() {
        answer.set(
                Answer.of("0.25")
                        .with(
                                "\"infos\":[\"PromQL info: no counter\"],"
                                        + "\"warnings\":[\"PromQL info: no counter\"]"));

        assertThat(ask(server.url(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Reply.Value.class, value -> assertThat(value.value()).isEqualTo(0.25));
    }

    @Test
    void a_server_that_does_not_answer_is_waited_for_no_longer_than_the_timeout() {
        answer.set(Answer.SILENCE);

        assertThat(
                        prometheus.ask(
                                source(server.url(), Optional.empty(), Duration.ofMillis(200)),
                                "x",
                                Duration.ofMinutes(1)))
                .isEqualTo(new Reply.Nothing("no answer in 200 ms"));
    }

    @Test
    void what_the_operator_did_not_allow_or_has_no_secret_for_is_not_asked() {
        assertThat(ask("http://169.254.169.254", Optional.empty()))
                .isInstanceOfSatisfying(
                        Reply.Nothing.class,
                        nothing -> assertThat(nothing.why()).contains("--query-allow"));
        assertThat(ask(server.url(), Optional.of("unknown")))
                .isEqualTo(new Reply.Nothing("this control plane has no secret unknown"));
        assertThat(server.asked().received()).isEmpty();
    }

    private Reply ask(String url, Optional<String> secret) {
        return prometheus.ask(
                source(url, secret, Duration.ofSeconds(20)),
                "sum(rate(x{a=\"b&c\"}[90s]))",
                Duration.ofMinutes(1));
    }

    private static Source source(String url, Optional<String> secret, Duration timeout) {
        return new Source(url, secret, Duration.ofSeconds(15), timeout, Duration.ofMinutes(5));
    }
}
