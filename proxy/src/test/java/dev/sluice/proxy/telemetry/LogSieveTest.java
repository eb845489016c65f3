package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.FilterEvent;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.runtime.RuntimeLayers;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters of access logs, from the configuration to the exchange. */
class LogSieveTest {
    private static final String NOT_404 =
            "and_filter: {filters: [{status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: k}}}},"
                    + " {or_filter: {filters: [{status_code_filter: {comparison: {op: LE, value: {default_value: 403, runtime_key: k}}}},"
                    + " {status_code_filter: {comparison: {op: GE, value: {default_value: 405, runtime_key: k}}}}]}}]}";

    private static boolean passes(String filter, LoggedExchange exchange) {
        return passes(filter, exchange, 0);
    }

    private static boolean passes(String filter, LoggedExchange exchange, long random) {
        return passes(filter, exchange, random, Map.of());
    }

    private static boolean passes(
            String filter, LoggedExchange exchange, long random, Map<String, RuntimeValue> values) {
        RuntimeLayers runtime =
                new RuntimeLayers(
                        new RuntimeSpec(
                                List.of(
                                        new RuntimeSpec.Layer(
                                                "s", new RuntimeSpec.Source.Fixed(values)))));
        return new LogSieve(() -> random, runtime)
                .passes(LogSpecs.filtered(filter).filter().orElseThrow(), exchange.http());
    }

    private static LoggedExchange exchange() {
        return new LoggedExchange();
    }

    @ParameterizedTest
    @CsvSource({"399, false", "400, true", "403, true", "404, false", "405, true", "503, true"})
    void statuses_are_compared_and_filters_combined(int status, boolean passes) {
        assertThat(passes(NOT_404, exchange().status(status))).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource({"EQ, 99, false", "EQ, 100, true", "GE, 100, true", "LE, 101, false"})
    void durations_are_compared_in_milliseconds(String op, long millis, boolean passes) {
        String filter =
                "duration_filter: {comparison: {op: %s, value: {default_value: 100, runtime_key: k}}}"
                        .formatted(op);

        assertThat(passes(filter, exchange().millis(millis))).isEqualTo(passes);
    }

    @Test
    void a_runtime_value_replaces_the_number_that_is_compared_with_and_the_share() {
        String status =
                "status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: k}}}";
        String sampled =
                "runtime_filter: {runtime_key: k, percent_sampled: {numerator: 1}, use_independent_randomness: true}";
        Map<String, RuntimeValue> low = Map.of("k", new RuntimeValue.Numeral("50", 50));
        Map<String, RuntimeValue> text = Map.of("k", new RuntimeValue.Text("many"));

        assertThat(passes(status, exchange().status(200), 0, low)).isTrue();
        assertThat(passes(status, exchange().status(200), 0, text)).isFalse();
        assertThat(passes(sampled, exchange(), 49 << 1, low)).isTrue();
        assertThat(passes(sampled, exchange(), 50 << 1, low)).isFalse();
        assertThat(passes(sampled, exchange(), 49 << 1, text)).isFalse();
    }

    @Test
    void probes_of_this_proxy_can_be_left_out() {
        FilterEvent probe = new FilterEvent("f", FilterEvent.Kind.HEALTH_CHECK);
        FilterEvent other = new FilterEvent("f", FilterEvent.Kind.SHADOW_ALLOWED);

        assertThat(passes("not_health_check_filter: {}", exchange())).isTrue();
        assertThat(passes("not_health_check_filter: {}", exchange().event(other))).isTrue();
        assertThat(passes("not_health_check_filter: {}", exchange().event(probe))).isFalse();
    }

    @Test
    void flags_are_any_or_those_that_are_named() {
        LoggedExchange overflow = exchange().flag(ResponseFlag.UPSTREAM_OVERFLOW, "d");

        assertThat(passes("response_flag_filter: {}", exchange())).isFalse();
        assertThat(passes("response_flag_filter: {}", overflow)).isTrue();
        assertThat(passes("response_flag_filter: {flags: [UO, UAEX]}", overflow)).isTrue();
        assertThat(passes("response_flag_filter: {flags: [UF]}", overflow)).isFalse();
    }

    @Test
    void headers_are_matched_with_all_their_values() {
        String filter =
                "header_filter: {header: {name: User-Agent, string_match: {exact: 'probe/1,probe/2'}}}";

        assertThat(passes(filter, exchange())).isTrue();
        assertThat(passes(filter, exchange().request("user-agent", "x"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 200, false",
        "14, 200, true",
        "-1, 503, true",
        "-1, 400, false",
        "-1, 200, false",
        "13, 503, false"
    })
    void a_status_of_grpc_is_taken_from_http_where_there_is_none(
            int grpc, int http, boolean passes) {
        LoggedExchange exchange = exchange().grpcStatus(grpc).status(http);

        assertThat(passes("grpc_status_filter: {statuses: [UNAVAILABLE]}", exchange))
                .isEqualTo(passes);
        assertThat(passes("grpc_status_filter: {statuses: [UNAVAILABLE], exclude: true}", exchange))
                .isEqualTo(!passes);
    }

    @Test
    void a_sample_follows_the_request_id_and_chance_where_there_is_none() {
        String sample =
                "runtime_filter: {runtime_key: k, percent_sampled: {numerator: 30, denominator: HUNDRED}}";
        String chance =
                "runtime_filter: {runtime_key: k, percent_sampled: {numerator: 30}, use_independent_randomness: true}";

        // 0x1d = 29, 0x1e = 30; a random number gives half of itself.
        assertThat(passes(sample, exchange().requestId("0000001d-0000"), 200)).isTrue();
        assertThat(passes(sample, exchange().requestId("0000001e-0000"), 0)).isFalse();
        assertThat(passes(sample, exchange().requestId("none"), 58)).isTrue();
        assertThat(passes(sample, exchange().requestId("not-hexadecimal"), 60)).isFalse();
        assertThat(passes(chance, exchange().requestId("0000001e-0000"), 58)).isTrue();
        assertThat(passes("runtime_filter: {runtime_key: k}", exchange(), 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traceable_filter: {}",
                "extension_filter: {name: x}",
                "metadata_filter: {}",
                "log_type_filter: {}",
                "",
                "and_filter: {filters: [{not_health_check_filter: {}}]}",
                "response_flag_filter: {flags: [XX]}",
                "status_code_filter: {comparison: {op: GE}}",
                "header_filter: {header: {name: ''}}"
            })
    void a_filter_that_can_not_be_obeyed_is_refused_with_its_place(String filter) {
        assertThat(LogSpecs.problems("filter: {" + filter + "}, ", ""))
                .contains("access_log[0].filter");
    }
}
