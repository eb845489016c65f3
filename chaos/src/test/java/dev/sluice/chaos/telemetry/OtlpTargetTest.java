package dev.sluice.chaos.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.Problem;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The environment of OpenTelemetry and the option beside it. */
class OtlpTargetTest {
    private static OtlpTarget target(Map<String, String> environment) {
        return OtlpTarget.of(Optional.empty(), environment).orThrow().orElseThrow();
    }

    @Test
    void nothing_is_sent_unless_somebody_asks() {
        assertThat(OtlpTarget.of(Optional.empty(), Map.of()).orThrow()).isEmpty();
        assertThat(
                        OtlpTarget.of(
                                        Optional.empty(),
                                        Map.of(
                                                "OTEL_SERVICE_NAME",
                                                "ci",
                                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                                " "))
                                .orThrow())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://c:4318, http://c:4318/v1/traces",
        "OTEL_EXPORTER_OTLP_ENDPOINT, https://c/otlp/, https://c/otlp/v1/traces",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://c:4318/in, http://c:4318/in",
    })
    void an_address_for_traces_is_taken_as_it_is_and_a_common_one_gets_their_path(
            String name, String given, String traces) {
        assertThat(target(Map.of(name, given)).traces()).hasToString(traces);
    }

    @Test
    void the_option_goes_before_the_environment_even_where_that_sends_nothing() {
        Map<String, String> environment =
                Map.of(
                        "OTEL_SDK_DISABLED", "true",
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://other:1");

        assertThat(OtlpTarget.of(Optional.empty(), environment).orThrow()).isEmpty();
        assertThat(
                        OtlpTarget.of(Optional.of("http://c:4318"), environment)
                                .orThrow()
                                .orElseThrow()
                                .traces())
                .hasToString("http://c:4318/v1/traces");
    }

    @Test
    void nothing_is_sent_when_no_exporter_is_wanted() {
        assertThat(
                        OtlpTarget.of(
                                        Optional.empty(),
                                        Map.of(
                                                "OTEL_TRACES_EXPORTER",
                                                "none",
                                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                                "http://c:4318"))
                                .orThrow())
                .isEmpty();
    }

    @Test
    void headers_time_and_resource_are_read() {
        OtlpTarget target =
                target(
                        Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318",
                                "OTEL_EXPORTER_OTLP_HEADERS", "unused=1",
                                "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
                                        "authorization=Bearer%20a+b, x-team=shop",
                                "OTEL_EXPORTER_OTLP_TIMEOUT", "2500",
                                "OTEL_RESOURCE_ATTRIBUTES", "service.name=x,deployment=ci",
                                "OTEL_SERVICE_NAME", "drill"));

        assertThat(target.headers())
                .containsOnly(
                        Map.entry("authorization", "Bearer a+b"), Map.entry("x-team", "shop"));
        assertThat(target.timeout()).isEqualTo(Duration.ofMillis(2500));
        assertThat(target.resource())
                .containsOnly(Map.entry("service.name", "drill"), Map.entry("deployment", "ci"));
    }

    @Test
    void what_the_environment_does_not_say_has_a_default() {
        OtlpTarget target = target(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318"));

        assertThat(target.headers()).isEmpty();
        assertThat(target.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(target.resource()).containsOnly(Map.entry("service.name", "sluice-chaos"));
    }

    @Test
    void all_that_is_wrong_is_told_at_once_and_no_secret() {
        assertThat(
                        OtlpTarget.of(
                                        Optional.empty(),
                                        Map.of(
                                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318",
                                                "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                                                "OTEL_EXPORTER_OTLP_HEADERS", "hunter2,a=%zz",
                                                "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "soon"))
                                .problems())
                .extracting(Problem::path)
                .containsExactly(
                        "OTEL_EXPORTER_OTLP_PROTOCOL",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT");
        assertThat(
                        OtlpTarget.of(
                                        Optional.empty(),
                                        Map.of(
                                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318",
                                                "OTEL_EXPORTER_OTLP_HEADERS", "hunter2"))
                                .problems()
                                .toString())
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({"c:4318", "ftp://c", "http://", "http://a b", "/v1/traces"})
    void an_address_of_something_else_is_refused(String given) {
        assertThat(OtlpTarget.of(Optional.of(given), Map.of()).problems())
                .extracting(Problem::path)
                .containsExactly("--otlp-endpoint");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1"})
    void a_time_is_longer_than_nothing(String given) {
        assertThat(
                        OtlpTarget.of(
                                        Optional.of("http://c:4318"),
                                        Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", given))
                                .problems())
                .hasSize(1);
    }
}
