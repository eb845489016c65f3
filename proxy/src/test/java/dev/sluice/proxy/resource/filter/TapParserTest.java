package dev.sluice.proxy.resource.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.contract.document.DocumentReader;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.resource.read.Extensions;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Facts;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Source;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Delivery;
import dev.sluice.proxy.snapshot.filter.TapSpec.Format;
import dev.sluice.proxy.snapshot.filter.TapSpec.Sink;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.tap.v3.TapConfig;
import io.envoyproxy.envoy.extensions.filters.http.tap.v3.Tap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TapParserTest {
    private static final String FILE = "sinks: [{file_per_tap: {path_prefix: /tmp/tap}}]";

    private final Spot at = Spot.root();

    private static <M extends Message> M message(String yaml, M prototype) {
        return new DocumentReader(Extensions.TYPES)
                .read(yaml, "tap.yaml", prototype)
                .orThrow()
                .message();
    }

    private Optional<TapFilterSpec> filter(String yaml) {
        Tap proto = message(yaml, Tap.getDefaultInstance());
        at.guard(proto);
        return TapParser.filter(proto, at);
    }

    private Optional<TapSpec> asked(String yaml) {
        TapConfig proto = message(yaml, TapConfig.getDefaultInstance());
        at.guard(proto);
        return TapParser.asked(proto, at);
    }

    private static TapMatch header(Part part, String name, String value) {
        return new TapMatch.Fields(
                part,
                List.of(
                        new HeaderMatcher(
                                name,
                                new HeaderMatcher.Test.Text(
                                        new StringMatcher.Exact(
                                                WireText.of(value), LetterCase.SENSITIVE)),
                                HeaderMatcher.Sense.HOLDS,
                                HeaderMatcher.Missing.ABSENT)));
    }

    @Test
    void a_fixed_tap_has_the_defaults_of_envoy() {
        TapFilterSpec spec =
                filter(
                                """
                                common_config:
                                  static_config:
                                    match: {any_match: true}
                                    output_config: {%s}
                                """
                                        .formatted(FILE))
                        .orElseThrow();

        assertThat(spec)
                .isEqualTo(
                        new TapFilterSpec(
                                new Source.Fixed(
                                        new TapSpec(
                                                TapMatch.ANY,
                                                RuntimeShare.ALL,
                                                1024,
                                                1024,
                                                Delivery.WHOLE,
                                                Format.JSON_BODY_AS_BYTES,
                                                new Sink.Files("/tmp/tap"))),
                                Facts.NONE));
    }

    @Test
    void everything_that_a_filter_may_say_is_read() {
        TapFilterSpec spec =
                filter(
                                """
                                common_config: {admin_config: {config_id: shop}}
                                record_headers_received_time: true
                                record_downstream_connection: true
                                record_upstream_connection: true
                                """)
                        .orElseThrow();

        assertThat(spec)
                .isEqualTo(
                        new TapFilterSpec(
                                new Source.Attached("shop"), new Facts(true, true, true)));
    }

    @Test
    void everything_that_a_client_may_ask_for_is_read() {
        TapSpec spec =
                asked(
                                """
                                match:
                                  or_match:
                                    rules:
                                      - and_match:
                                          rules:
                                            - http_request_headers_match: {headers: [{name: X-User, exact_match: a}]}
                                            - not_match: {http_request_trailers_match: {headers: [{name: t, exact_match: b}]}}
                                      - http_response_headers_match: {headers: [{name: ':status', exact_match: '500'}]}
                                      - http_response_trailers_match: {headers: [{name: grpc-status, exact_match: '2'}]}
                                output_config:
                                  sinks: [{format: JSON_BODY_AS_STRING, buffered_admin: {max_traces: 3, timeout: 2s}}]
                                  max_buffered_rx_bytes: 0
                                  max_buffered_tx_bytes: 7
                                  streaming: true
                                tap_enabled: {runtime_key: tap.share, default_value: {numerator: 0}}
                                """)
                        .orElseThrow();

        assertThat(spec)
                .isEqualTo(
                        new TapSpec(
                                new TapMatch.Either(
                                        List.of(
                                                new TapMatch.All(
                                                        List.of(
                                                                header(
                                                                        Part.REQUEST_HEADERS,
                                                                        "x-user",
                                                                        "a"),
                                                                new TapMatch.Not(
                                                                        header(
                                                                                Part
                                                                                        .REQUEST_TRAILERS,
                                                                                "t",
                                                                                "b")))),
                                                header(Part.RESPONSE_HEADERS, ":status", "500"),
                                                header(
                                                        Part.RESPONSE_TRAILERS,
                                                        "grpc-status",
                                                        "2"))),
                                new RuntimeShare("tap.share", RuntimeShare.NONE.fallback()),
                                0,
                                7,
                                Delivery.SEGMENTS,
                                Format.JSON_BODY_AS_STRING,
                                new Sink.Gathered(3, Optional.of(Duration.ofSeconds(2)))));
    }

    @Test
    void the_older_word_for_a_match_is_read_too() {
        String sinks = "output_config: {sinks: [{streaming_admin: {}}]}";

        assertThat(
                        asked(
                                "match_config: {http_response_headers_match: {headers: [{name: a, exact_match: b}]}}\n"
                                        + sinks))
                .map(TapSpec::match)
                .contains(header(Part.RESPONSE_HEADERS, "a", "b"));
    }

    @Test
    void every_mistake_of_a_filter_is_told() {
        filter(
                """
                common_config:
                  static_config:
                    match:
                      and_match: {rules: [{any_match: false}]}
                    output_config: {sinks: [{streaming_admin: {}}]}
                """);
        filter("common_config: {admin_config: {}}");
        filter("record_upstream_connection: true");
        filter(
                "common_config: {static_config: {output_config: {sinks: [{file_per_tap: {}}, {file_per_tap: {}}]}}}");

        assertThat(at.problems().all())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "common_config.static_config.match.and_match.rules",
                        "common_config.static_config.match.and_match.rules[0].any_match",
                        "common_config.static_config.output_config.sinks[0].streaming_admin",
                        "common_config.admin_config.config_id",
                        "common_config",
                        "common_config.static_config",
                        "common_config.static_config.output_config.sinks");
    }

    @Test
    void every_mistake_of_a_client_is_told() {
        asked(
                """
                match: {http_response_generic_body_match: {patterns: [{string_match: secret}]}}
                output_config: {sinks: [{format: PROTO_TEXT, file_per_tap: {}}], max_buffered_rx_bytes: 4294967295}
                """);
        asked(
                """
                match: {}
                output_config: {sinks: [{buffered_admin: {timeout: -1s}}]}
                """);
        asked("match: {any_match: true}\noutput_config: {sinks: [{custom_sink: {name: mine}}]}");
        asked("match: {any_match: true}\noutput_config: {sinks: [{}]}");

        assertThat(at.problems().all())
                .extracting(Problem::path)
                .containsExactlyInAnyOrder(
                        "match.http_response_generic_body_match",
                        "output_config.sinks[0].format",
                        "output_config.sinks[0].file_per_tap",
                        "output_config.sinks[0].file_per_tap.path_prefix",
                        "output_config.max_buffered_rx_bytes",
                        "match",
                        "output_config.sinks[0].buffered_admin.max_traces",
                        "output_config.sinks[0].buffered_admin.timeout",
                        "output_config.sinks[0].custom_sink",
                        "output_config.sinks[0]");
    }
}
