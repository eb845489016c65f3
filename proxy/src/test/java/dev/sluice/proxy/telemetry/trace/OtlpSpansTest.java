package dev.sluice.proxy.telemetry.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import dev.sluice.proxy.telemetry.TracedExchange;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpSpansTest {
    private static Map<String, String> attributes(Span span) {
        return span.getAttributesList().stream()
                .collect(
                        Collectors.toMap(
                                KeyValue::getKey,
                                one ->
                                        one.getValue().hasIntValue()
                                                ? Long.toString(one.getValue().getIntValue())
                                                : one.getValue().getStringValue()));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Test
    void a_request_and_its_attempts_are_a_tree() {
        List<Span> spans = OtlpSpans.of(TracedExchange.answered());

        assertThat(spans).hasSize(3);
        assertThat(spans)
                .extracting(span -> hex(span.getTraceId()))
                .containsOnly("00000000000000010000000000000002");
        assertThat(spans)
                .extracting(span -> hex(span.getSpanId()) + " under " + hex(span.getParentSpanId()))
                .containsExactly(
                        "0000000000000004 under 0000000000000003",
                        "0000000000000005 under 0000000000000004",
                        "0000000000000006 under 0000000000000004");
        assertThat(spans).extracting(Span::getName).containsOnly("GET");
        assertThat(spans)
                .extracting(Span::getKind)
                .containsExactly(
                        Span.SpanKind.SPAN_KIND_SERVER,
                        Span.SpanKind.SPAN_KIND_CLIENT,
                        Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(spans).extracting(Span::getTraceState).containsOnly("a=1");
        Span request = spans.getFirst();
        assertThat(request.getEndTimeUnixNano() - request.getStartTimeUnixNano())
                .isEqualTo(42_000_000);
        assertThat(spans.get(1).getStartTimeUnixNano() - request.getStartTimeUnixNano())
                .isEqualTo(100);
    }

    @Test
    void a_request_tells_what_it_was_and_what_the_gate_decided() {
        Map<String, String> request =
                attributes(OtlpSpans.of(TracedExchange.answered()).getFirst());

        assertThat(request)
                .containsEntry("http.request.method", "GET")
                .containsEntry("url.scheme", "http")
                .containsEntry("url.path", "/orders")
                .containsEntry("url.query", "id=1")
                .containsEntry("server.address", "shop.example")
                .containsEntry("client.address", "2001:db8:1:2:0:0:0:9")
                .containsEntry("network.protocol.version", "2")
                .containsEntry("user_agent.original", "probe/1")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("sluice.gate", "orders")
                .containsEntry("sluice.gate.arm", "NEW")
                .containsEntry("sluice.gate.mode", "COMPLETE")
                .containsEntry("sluice.gate.bucket", "17")
                .containsEntry("sluice.gate.reason", "SHARE")
                .containsEntry("sluice.attempts", "2")
                .doesNotContainKeys("error.type", "sluice.gate.revision", "server.port");
    }

    @Test
    void tags_of_the_configuration_are_attributes_of_the_request() {
        Map<String, String> request =
                attributes(
                        OtlpSpans.of(
                                        TracedExchange.answered(
                                                new SpanTag.Literal("zone", "a"),
                                                new SpanTag.Header(
                                                        "team", "x-team", Optional.of("none")),
                                                new SpanTag.Header(
                                                        "user", "x-user", Optional.of("none")),
                                                new SpanTag.Header(
                                                        "left out", "x-user", Optional.empty()),
                                                new SpanTag.Metadata(
                                                        "arm",
                                                        "sluice.gate",
                                                        "arm",
                                                        Optional.empty())))
                                .getFirst());

        assertThat(request)
                .containsEntry("zone", "a")
                .containsEntry("team", "orders")
                .containsEntry("user", "none")
                .containsEntry("arm", "NEW")
                .doesNotContainKey("left out");
    }

    @Test
    void an_attempt_fails_by_its_own_status_while_the_request_succeeds() {
        List<Span> spans = OtlpSpans.of(TracedExchange.answered());

        assertThat(spans)
                .extracting(span -> span.getStatus().getCode())
                .containsExactly(
                        StatusCode.STATUS_CODE_UNSET,
                        StatusCode.STATUS_CODE_ERROR,
                        StatusCode.STATUS_CODE_UNSET);
        assertThat(attributes(spans.get(1)))
                .containsEntry("error.type", "503")
                .containsEntry("server.address", "10.1.2.3")
                .containsEntry("server.port", "8080");
    }

    @Test
    void a_late_answer_says_why() {
        List<Span> spans = OtlpSpans.of(TracedExchange.late());

        assertThat(spans.getFirst().getStatus().getMessage())
                .isEqualTo("no complete answer within 3 s");
        assertThat(attributes(spans.getFirst()))
                .containsEntry("error.type", "504")
                .containsEntry("sluice.response_flags", "UT");
        assertThat(attributes(spans.get(1))).containsEntry("error.type", "timeout");
    }

    @ParameterizedTest
    @CsvSource({"0, false, false", "5, false, true", "14, true, true"})
    void a_grpc_status_is_an_error_of_the_server_or_of_the_client_alone(
            int status, boolean ofServer, boolean ofClient) {
        ExchangeRecord call = TracedExchange.grpc(status);

        assertThat(OtlpSpans.of(call))
                .extracting(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
                .containsExactly(ofServer, ofClient);
    }
}
