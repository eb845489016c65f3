package dev.sluice.proxy.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.FaultMark;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Formats of access logs, from the configuration to the line. */
class LogLineTest {
    private static String line(String settings, ExchangeRecord exchange) {
        return LogLine.of(LogSpecs.file(settings).format(), exchange);
    }

    private static String text(String template, ExchangeRecord exchange) {
        return line(
                ", log_format: {text_format_source: {inline_string: '" + template + "'}}",
                exchange);
    }

    private static LoggedExchange exchange() {
        return new LoggedExchange();
    }

    @Test
    void without_a_format_lines_are_those_of_envoy() {
        ExchangeRecord exchange =
                exchange()
                        .request("x-forwarded-for", "10.0.35.28")
                        .request("x-request-id", "cc21")
                        .response("x-envoy-upstream-service-time", "40")
                        .http();

        assertThat(line("", exchange))
                .isEqualTo(
                        "[2024-02-29T08:05:03.007Z] \"GET /orders?id=1 HTTP/2\" 200 - 7 900 42 40"
                                + " \"10.0.35.28\" \"probe/1\" \"cc21\" \"shop.example\""
                                + " \"10.1.2.3:8080\"\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%START_TIME% | 2024-02-29T08:05:03.007Z",
                "%START_TIME(%Y/%m/%dT%H:%M:%S%z %s)% | 2024/02/29T08:05:03+0000 1709193903",
                "%START_TIME(%s.%3f)% | 1709193903.007",
                "%START_TIME(%s.%6f %f %1f)% | 1709193903.007000 007000000 0",
                "%START_TIME(%a %A %b %B %e %j %p %I %y %u %w %T %D %F %R %Z %% x)%"
                        + " | Thu Thursday Feb February 29 060 AM 08 24 4 4 08:05:03 02/29/24"
                        + " 2024-02-29 08:05 UTC % x",
                "%REQ(:METHOD)% %REQ(:PATH)% %REQ(:AUTHORITY)% | GET /orders?id=1 shop.example",
                "%REQ(User-Agent)% | probe/1",
                "%REQ(USER-AGENT):3% | pro",
                "%REQ(USER-AGENT):0%. | .",
                "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% | /orders?id=1",
                "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH):4% | /ord",
                "%REQ(X-NONE)% %REQ(X-NONE?X-NEITHER)% | - -",
                "%REQUEST_HEADER(USER-AGENT)% | probe/1",
                "%RESP(X-A)% %RESPONSE_HEADER(X-A):2% %TRAILER(X-T)% | value va end",
                "%PROTOCOL% %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% | HTTP/2 200 via_upstream",
                "%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG% | - -",
                "%BYTES_RECEIVED% %BYTES_SENT% | 7 900",
                "%DURATION% %REQUEST_DURATION% %RESPONSE_DURATION% %RESPONSE_TX_DURATION%"
                        + " | 42 2 40 1",
                "%UPSTREAM_HOST% %UPSTREAM_CLUSTER% %UPSTREAM_CLUSTER_RAW%"
                        + " | 10.1.2.3:8080 orders-new orders-new",
                "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %UPSTREAM_REMOTE_PORT% | 10.1.2.3 8080",
                "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(20)% | 10.1.0.0/20",
                "%UPSTREAM_LOCAL_ADDRESS% | 10.1.2.2:40001",
                "%UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT% %UPSTREAM_LOCAL_PORT% | 10.1.2.2 40001",
                "%UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT(16)% | 10.1.0.0/16",
                "%UPSTREAM_REQUEST_ATTEMPT_COUNT% | 2",
                "%DOWNSTREAM_REMOTE_ADDRESS% | [2001:db8:1:2::9]:5555",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% | 2001:db8:1:2::9",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(48)% | 2001:db8:1::/48",
                "%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_PORT% | 127.0.0.1:10000 10000",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS% %DOWNSTREAM_DIRECT_REMOTE_PORT%"
                        + " | 192.0.2.33:4711 4711",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT% | 192.0.2.33",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT(24)% | 192.0.2.0/24",
                "%DOWNSTREAM_DIRECT_LOCAL_ADDRESS% %DOWNSTREAM_DIRECT_LOCAL_PORT%"
                        + " | 192.0.2.44:15001 15001",
                "%DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT% | 192.0.2.44",
                "%ROUTE_NAME% %REQUESTED_SERVER_NAME% | all sni.example",
                "%VIRTUAL_CLUSTER_NAME% %UPSTREAM_TLS_VERSION% | - -",
                "%STREAM_ID% | cc21d9b0-cf5c-432b-8c7e-98aeb7988cd2",
                "%ACCESS_LOG_TYPE% | DownstreamEnd",
                "%GRPC_STATUS% %GRPC_STATUS_NUMBER% | - -",
                "%DYNAMIC_METADATA(sluice.gate:gate)% %DYNAMIC_METADATA(sluice.gate:arm)% | orders NEW",
                "%DYNAMIC_METADATA(sluice.gate:mode)% %DYNAMIC_METADATA(sluice.gate:reason):2%"
                        + " | COMPLETE SH",
                "%DYNAMIC_METADATA(sluice.gate:bucket)%/%DYNAMIC_METADATA(sluice.gate:share_ppm)%"
                        + " | 17/250000",
                "%DYNAMIC_METADATA(sluice.gate:operation)% %DYNAMIC_METADATA(sluice.gate:result)%"
                        + " | read SUCCESS",
                "%DYNAMIC_METADATA(sluice.gate:revision)% %DYNAMIC_METADATA(sluice.gate:fallback)%"
                        + " | - -",
                "%DYNAMIC_METADATA(sluice.proxy:listener)% | main",
                "%DYNAMIC_METADATA(sluice.proxy:duration_micros)% | 42000",
                "%DYNAMIC_METADATA(acme.filter:x)% | -",
                "%ENVIRONMENT(SLUICE_NOT_SET_ANYWHERE)% | -",
                "100%% of %%REQ(A)%% | 100% of %REQ(A)%",
                "%PATH% %PATH(NQ)% %PATH(NQ:PATH)% %PATH(WQ:ORIG)% | /orders?id=1 /orders /orders -",
                "%PATH(:PATH):4% %PATH(NQ:ORIG_OR_PATH)% | /ord /orders",
                "%QUERY_PARAM(id)% %QUERY_PARAM(name)% | 1 -",
                "%METADATA(DYNAMIC:sluice.gate:arm)% %METADATA(ROUTE:x)% | NEW -",
                "%REQUESTED_SERVER_NAME(SNI_ONLY)% %REQUESTED_SERVER_NAME(SNI_FIRST)%"
                        + " | sni.example sni.example",
                "%REQUESTED_SERVER_NAME(HOST_FIRST)% %REQUESTED_SERVER_NAME(HOST_FIRST:ORIG)%"
                        + " | shop.example sni.example",
                "%REQUESTED_SERVER_NAME(HOST_FIRST:HOST)% | shop.example",
                "%RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)% | via_upstream",
                "%DOWNSTREAM_PEER_SUBJECT% %DOWNSTREAM_PEER_URI_SAN% | CN=caller spiffe://a,spiffe://b",
                "%DOWNSTREAM_PEER_DNS_SAN% %DOWNSTREAM_PEER_FINGERPRINT_256% | - 0f0f",
            })
    void operators_say_what_they_say_in_envoy(String template, String expected) {
        ExchangeRecord exchange = exchange().response("x-a", "value").trailer("x-t", "end").http();

        assertThat(text(template.strip(), exchange)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "0, OK, OK",
        "1, Canceled, CANCELLED",
        "3, InvalidArgument, INVALID_ARGUMENT",
        "16, Unauthenticated, UNAUTHENTICATED",
        "99, 99, 99"
    })
    void a_status_of_grpc_has_three_forms(int code, String camel, String snake) {
        ExchangeRecord exchange = exchange().grpcStatus(code).http();

        assertThat(
                        text(
                                "%GRPC_STATUS% %GRPC_STATUS(CAMEL_STRING)%"
                                        + " %GRPC_STATUS(SNAKE_STRING)% %GRPC_STATUS(NUMBER)%",
                                exchange))
                .isEqualTo("%s %s %s %d".formatted(camel, camel, snake, code));
    }

    @Test
    void flags_and_details_say_why_without_blanks() {
        ExchangeRecord exchange =
                exchange()
                        .status(503)
                        .flag(ResponseFlag.UPSTREAM_OVERFLOW, "overflow: limit of 3")
                        .flag(ResponseFlag.UPSTREAM_RETRY_LIMIT_EXCEEDED, "no more: 2 retries")
                        .http();

        assertThat(text("%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG% %RESPONSE_CODE_DETAILS%", exchange))
                .isEqualTo("UO,URX UpstreamOverflow,UpstreamRetryLimitExceeded no_more:_2_retries");
    }

    @Test
    void faults_are_named_by_who_asked_for_them() {
        InjectedFault fault =
                new InjectedFault(
                        "faults/drill",
                        "delay",
                        Optional.of(ResponseFlag.DELAY_INJECTED),
                        FaultMark.COUNTED);
        String template = "%DYNAMIC_METADATA(sluice.proxy:faults)%";

        assertThat(text(template, exchange().fault(fault, fault).http())).isEqualTo("faults/drill");
        assertThat(text(template, exchange().http())).isEqualTo("-");
    }

    @Test
    void a_connection_has_no_heads_and_no_gate() {
        assertThat(
                        text(
                                "%PROTOCOL% %REQ(:METHOD)% %DYNAMIC_METADATA(sluice.gate)%"
                                        + " %DOWNSTREAM_LOCAL_PORT% %ACCESS_LOG_TYPE%",
                                exchange().tcp()))
                .isEqualTo("- - - 10000 TcpConnectionEnd");
    }

    @Test
    void a_value_can_neither_begin_a_line_nor_speak_to_a_terminal() {
        ExchangeRecord exchange = exchange().request("x-a", "a\u001b[31m\tb\u0085é").http();

        assertThat(text("%REQ(X-A)%", exchange)).isEqualTo("a\\x1b[31m\\x09b\\x85é");
        assertThat(line(", log_format: {json_format: {a: '%REQ(X-A)%'}}", exchange))
                .isEqualTo("{\"a\":\"a\\u001b[31m\\u0009b\\u0085\\u00e9\"}\n");
    }

    @ParameterizedTest
    @CsvSource({"/?q=a%20b%2Bc+d, a b+c+d", "/?x=1&q=%zz, %zz", "/?q, ''"})
    void a_query_parameter_is_decoded(String path, String expected) {
        ExchangeRecord exchange = exchange().request(":path", path).http();

        assertThat(text("[%QUERY_PARAM(q)%]", exchange)).isEqualTo("[" + expected + "]");
    }

    @Test
    void json_keeps_the_types_of_operators_that_stand_alone() {
        assertThat(
                        line(
                                """
                                , log_format: {json_format: {status: '%RESPONSE_CODE%', text: 'took %DURATION%', \
                                none: '%REQ(X-NONE)%', mixed: 'x%REQ(X-NONE)%', fixed: word, \
                                list: ['%BYTES_SENT%', 1, 2.5, true, null], nested: {b: '%PROTOCOL%', a: '%%'}}}\
                                """,
                                exchange().http()))
                .isEqualTo(
                        "{\"fixed\":\"word\",\"list\":[900,1,2.5,true,null],\"mixed\":\"x-\","
                                + "\"nested\":{\"a\":\"%\",\"b\":\"HTTP/2\"},\"none\":null,"
                                + "\"status\":200,\"text\":\"took 42\"}\n");
    }

    @Test
    void json_shows_everything_that_a_gate_decided_as_one_object() {
        String settings = ", log_format: {json_format: {gate: '%DYNAMIC_METADATA(sluice.gate)%'}}";

        assertThat(line(settings, exchange().http()))
                .isEqualTo(
                        "{\"gate\":{\"arm\":\"NEW\",\"bucket\":17,\"gate\":\"orders\","
                                + "\"mode\":\"COMPLETE\",\"operation\":\"read\","
                                + "\"reason\":\"SHARE\",\"result\":\"SUCCESS\","
                                + "\"share_ppm\":250000}}\n");
        assertThat(line(settings, exchange().ungated())).isEqualTo("{\"gate\":null}\n");
    }

    @Test
    void what_there_is_not_can_be_left_out() {
        assertThat(
                        line(
                                ", log_format: {omit_empty_values: true, json_format:"
                                        + " {a: '%REQ(X-NONE)%', b: '%RESPONSE_CODE%',"
                                        + " c: 'x%REQ(X-NONE)%', d: ['%REQ(X-NONE)%'],"
                                        + " e: {f: '%GRPC_STATUS%'}}}",
                                exchange().http()))
                .isEqualTo("{\"b\":200,\"c\":\"x\",\"d\":[]}\n");
        assertThat(
                        line(
                                ", log_format: {omit_empty_values: true, text_format_source:"
                                        + " {inline_string: '[%REQ(X-NONE)%]'}}",
                                exchange().http()))
                .isEqualTo("[]");
    }

    @Test
    void deprecated_fields_mean_what_they_meant() {
        ExchangeRecord exchange = exchange().http();

        assertThat(line(", format: '%RESPONSE_CODE%'", exchange)).isEqualTo("200");
        assertThat(line(", json_format: {a: '%RESPONSE_CODE%', b: '%REQ(X)%'}", exchange))
                .isEqualTo("{\"a\":200,\"b\":null}\n");
        assertThat(line(", typed_json_format: {a: '%RESPONSE_CODE%', b: '%REQ(X)%'}", exchange))
                .isEqualTo("{\"a\":200,\"b\":null}\n");
        assertThat(line(", log_format: {text_format: '%RESPONSE_CODE%'}", exchange))
                .isEqualTo("200");
        assertThat(line(", log_format: {text_format_source: {inline_bytes: eA==}}", exchange))
                .isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%NOT_AN_OPERATOR% | NOT_AN_OPERATOR",
                "%REQ% | a header name, or two with ? between",
                "%REQ(A?B?C)% | a header name, or two with ? between",
                "%REQ(A B)% | a header name, or two with ? between",
                "%PROTOCOL(X)% | no argument",
                "%PROTOCOL:3% | no length",
                "%GRPC_STATUS(HEX)% | CAMEL_STRING, SNAKE_STRING or NUMBER",
                "%START_TIME(%Q)% | conversions of strftime",
                "%START_TIME(100%)% | conversions of strftime",
                "%START_TIME(%3s)% | conversions of strftime",
                "%DYNAMIC_METADATA% | a namespace",
                "%DYNAMIC_METADATA(sluice.gate:colour)% | sluice.gate with one of arm",
                "%DYNAMIC_METADATA(sluice.gate:arm:x)% | sluice.gate with one of arm",
                "%ENVIRONMENT% | the name of a variable",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(129)% | a number of bits",
                "%PATH(X)% | WQ or NQ",
                "%PATH(NQ:OTHER)% | WQ or NQ",
                "%PATH(NQ:PATH:x)% | WQ or NQ",
                "%QUERY_PARAM% | the name of a query parameter",
                "%METADATA(DYNAMIC:)% | a namespace",
                "%REQUESTED_SERVER_NAME(HOST)% | SNI_ONLY, SNI_FIRST or HOST_FIRST",
                "%REQUESTED_SERVER_NAME(SNI_FIRST:X)% | SNI_ONLY, SNI_FIRST or HOST_FIRST",
                "%RESPONSE_CODE_DETAILS(X)% | ALLOW_WHITESPACES",
                "%RESPONSE_CODE_DETAILS_AS_THEY_ARE% | a command operator that this proxy knows",
                "50% of all | complete the operator",
                "%REQ(A | complete the operator",
            })
    void an_operator_that_is_wrong_is_refused_with_its_place(String template, String expected) {
        assertThat(
                        LogSpecs.problems(
                                "", ", log_format: {json_format: {a: [x, '" + template + "']}}"))
                .contains("access_log[0].typed_config.log_format.json_format")
                .contains("[1]")
                .contains(expected);
    }

    @Test
    void every_problem_of_a_format_is_told_at_once() {
        assertThat(LogSpecs.problems("", ", format: '%A% %PROTOCOL% %B%'"))
                .contains("%A%")
                .contains("%B%");
        assertThat(LogSpecs.problems("", ", log_format: {}")).contains("text_format_source");
        assertThat(LogSpecs.problems("", ", log_format: {text_format_source: {inline_string: ''}}"))
                .contains("nothing");
        assertThat(
                        LogSpecs.problems(
                                "",
                                ", log_format: {text_format_source: {inline_string: x},"
                                        + " formatters: [{name: f}]}"))
                .contains("formatters");
    }

    @Test
    void operators_without_a_value_here_are_listed_as_inert() {
        assertThat(LogSpecs.inert(", format: '%CONNECTION_ID%'"))
                .anySatisfy(path -> assertThat(path).contains("access_log[0]").endsWith("format"));
        assertThat(LogSpecs.inert(", format: '%PROTOCOL%'"))
                .noneSatisfy(path -> assertThat(path).endsWith("format"));
    }
}
