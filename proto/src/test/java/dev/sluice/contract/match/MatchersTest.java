package dev.sluice.contract.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Envoy's words, read and asked. */
class MatchersTest {
    private static final PlainRequest GET = PlainRequest.NOTHING;

    private static <B extends Message.Builder> B merged(B builder, String text) {
        try {
            TextFormat.merge(text, builder);
            return builder;
        } catch (TextFormat.ParseException bad) {
            throw new AssertionError(bad);
        }
    }

    private static boolean matches(String stringMatcher, String value) {
        Problems problems = Problems.root();
        StringMatcher proto = merged(StringMatcher.newBuilder(), stringMatcher).build();
        dev.sluice.contract.match.StringMatcher matcher =
                MatcherParser.string(proto, problems).orElseThrow();
        Problems again = Problems.root();
        assertThat(MatcherParser.string(MatcherWriter.string(matcher), again))
                .as("round trip")
                .contains(matcher);
        return matcher.matches(
                new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    private static boolean header(String matcher, PlainRequest request) {
        Problems problems = Problems.root();
        var read =
                MatcherParser.header(
                                merged(HeaderMatcher.newBuilder(), "name: 'X-A' " + matcher)
                                        .build(),
                                problems)
                        .orElseThrow();
        assertThat(MatcherParser.header(MatcherWriter.header(read), problems)).contains(read);
        return read.matches(request);
    }

    private static boolean query(String matcher, String target) {
        Problems problems = Problems.root();
        var read =
                MatcherParser.query(
                                merged(QueryParameterMatcher.newBuilder(), "name: 'a' " + matcher)
                                        .build(),
                                problems)
                        .orElseThrow();
        assertThat(MatcherParser.query(MatcherWriter.query(read), problems)).contains(read);
        return read.matches(GET.withLine("GET", target));
    }

    private static List<Problem> headerProblems(String matcher) {
        Problems problems = Problems.root();
        assertThat(
                        MatcherParser.header(
                                merged(HeaderMatcher.newBuilder(), matcher).build(), problems))
                .isEmpty();
        return problems.all();
    }

    @ParameterizedTest
    @CsvSource({
        "exact: 'ab',                     ab,      true",
        "exact: 'ab',                     AB,      false",
        "exact: 'ab',                     abc,     false",
        "exact: 'ab' ignore_case: true,   AB,      true",
        "exact: 'é' ignore_case: true,    É,       false",
        "exact: 'é',                      é,       true",
        "prefix: 'ab',                    abc,     true",
        "prefix: 'ab',                    a,       false",
        "prefix: 'ab',                    cab,     false",
        "prefix: 'aB' ignore_case: true,  AbC,     true",
        "suffix: 'bc',                    abc,     true",
        "suffix: 'bc',                    c,       false",
        "suffix: 'bc',                    bca,     false",
        "suffix: 'BC' ignore_case: true,  abc,     true",
        "contains: 'bc',                  abcd,    true",
        "contains: 'bc',                  abbd,    false",
        "contains: '[@' ignore_case: true,'{`',    false",
        "contains: 'BC' ignore_case: true,abcd,    true",
        "safe_regex { regex: 'a+' },      aaa,     true",
        "safe_regex { regex: 'a+' },      aab,     false",
        "safe_regex { regex: 'a|ab' },    ab,      true",
        "safe_regex { regex: 'x.y' },     xéy,     true",
        "safe_regex { regex: 'x..y' },    xéy,     false",
    })
    void a_text_is_matched_as_by_envoy(String matcher, String value, boolean expected) {
        assertThat(matches(matcher, value)).isEqualTo(expected);
    }

    @Test
    void a_regex_takes_time_linear_in_the_value() {
        assertThat(matches("safe_regex { regex: '(a*)*b' }", "a".repeat(20_000))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "prefix: ''",
                "suffix: ''",
                "contains: ''",
                "custom { name: 'x' }",
                "safe_regex {}",
                "safe_regex { regex: '(' }",
                "safe_regex { regex: '(a)\\\\1' }"
            })
    void a_text_matcher_without_meaning_is_one_problem(String matcher) {
        Problems problems = Problems.root();

        assertThat(
                        MatcherParser.string(
                                merged(StringMatcher.newBuilder(), matcher).build(), problems))
                .isEmpty();
        assertThat(problems.count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "string_match { exact: 'b' },                        b,     true",
        "string_match { exact: 'b' } invert_match: true,     b,     false",
        "string_match { exact: 'b' } invert_match: true,     c,     true",
        "exact_match: 'b',                                   b,     true",
        "prefix_match: 'b',                                  bc,    true",
        "suffix_match: 'b',                                  ab,    true",
        "contains_match: 'b',                                abc,   true",
        "safe_regex_match { regex: 'b+' },                   bb,    true",
        "range_match { start: -10 end: 0 },                  -1,    true",
        "range_match { start: -10 end: 0 },                  -10,   true",
        "range_match { start: -10 end: 0 },                  0,     false",
        "range_match { start: -10 end: 0 },                  -1s,   false",
        "range_match { start: -10 end: 10 },                 +1,    true",
        "range_match { start: -10 end: 10 },                 1.0,   false",
        "range_match { start: -10 end: 10 },                 -,     false",
        "range_match { start: -10 end: 10 },                 ' ',   false",
        "range_match { start: -10 end: 10 },   99999999999999999999,    false",
        "range_match { start: -10 end: 10 },   999999999999999999999,   false",
        "range_match { start: -10 end: 0 } invert_match: true, 5,   true",
        "'',                                                 x,     true",
        "present_match: true,                                x,     true",
        "present_match: true invert_match: true,             x,     false",
        "present_match: false,                               x,     false",
        "present_match: false invert_match: true,            x,     true",
    })
    void a_header_that_is_there_is_matched_as_by_envoy(
            String matcher, String value, boolean expected) {
        assertThat(header(matcher, GET.withHeader("x-a", value))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "string_match { exact: 'b' },                                               false",
        "string_match { exact: 'b' } invert_match: true,                            false",
        "range_match { start: 0 end: 1 } invert_match: true,                        false",
        "string_match { exact: 'b' } invert_match: true treat_missing_header_as_empty: true,true",
        "safe_regex_match { regex: '^$' } treat_missing_header_as_empty: true,      true",
        "range_match { start: 0 end: 1 } treat_missing_header_as_empty: true,       false",
        "range_match { end: 1 } treat_missing_header_as_empty: true invert_match: true,true",
        "present_match: true,                                                       false",
        "present_match: true invert_match: true,                                    true",
        "present_match: false,                                                      true",
        "present_match: false invert_match: true,                                   false",
        "present_match: true treat_missing_header_as_empty: true,                   true",
        "present_match: false treat_missing_header_as_empty: true,                  false",
    })
    void a_header_that_is_not_there_is_matched_as_by_envoy(String matcher, boolean expected) {
        assertThat(header(matcher, GET)).isEqualTo(expected);
    }

    @Test
    void several_headers_of_one_name_are_matched_joined() {
        PlainRequest twice = GET.withHeader("x-a", "1").withHeader("X-A", "2");

        assertThat(header("string_match { exact: '1,2' }", twice)).isTrue();
    }

    @Test
    void pseudo_headers_are_headers() {
        PlainRequest post = GET.withLine("POST", "/a?b=c");

        assertThat(post.header(":method")).contains("POST");
        assertThat(post.header(":path")).contains("/a?b=c");
        assertThat(post.path()).isEqualTo("/a");
    }

    @Test
    void both_problems_of_a_header_matcher_are_told() {
        assertThat(headerProblems("name: 'a b' string_match {}"))
                .extracting(Problem::path)
                .containsExactly("name", "string_match");
        assertThat(headerProblems("name: 'a' prefix_match: ''"))
                .extracting(Problem::path)
                .containsExactly("prefix_match");
        assertThat(headerProblems("name: 'a' suffix_match: ''")).hasSize(1);
        assertThat(headerProblems("name: 'a' contains_match: ''")).hasSize(1);
        assertThat(headerProblems("name: 'a' safe_regex_match { regex: '[' }")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "a b", "a:b", "é", "\u007f"})
    void a_header_name_is_a_token(String name) {
        Problems problems = Problems.root();

        assertThat(MatcherParser.headerName(name, problems)).isEmpty();
        assertThat(problems.count()).isEqualTo(1);
        assertThat(MatcherParser.headerName("x".repeat(257), problems)).isEmpty();
        assertThat(MatcherParser.headerName(":Path", problems)).contains(":path");
    }

    @ParameterizedTest
    @CsvSource({
        "string_match { exact: '1' },  /p?a=1,        true",
        "string_match { exact: '1' },  /p?b=1&a=1,    true",
        "string_match { exact: '1' },  /p?a=2&a=1,    false",
        "string_match { exact: '1' },  /p?aa=1,       false",
        "string_match { exact: '1' },  /p?b=1,        false",
        "string_match { exact: '1' },  /p,            false",
        "string_match { exact: '' },   /p?a,          true",
        "string_match { exact: '' },   /p?b&a=,       true",
        "string_match { exact: 'a=b' },/p?a=a=b,      true",
        "'',                           /p?a,          true",
        "present_match: true,          /p?a,          true",
        "present_match: true,          /p?b,          false",
        "present_match: false,         /p?b,          true",
        "present_match: false,         /p?a=1,        false",
    })
    void a_query_parameter_is_matched_as_by_envoy(String matcher, String target, boolean expected) {
        assertThat(query(matcher, target)).isEqualTo(expected);
    }

    @Test
    void a_query_matcher_needs_a_name_and_a_right_text() {
        Problems problems = Problems.root();

        MatcherParser.query(
                merged(QueryParameterMatcher.newBuilder(), "string_match {}").build(), problems);
        MatcherParser.query(
                merged(QueryParameterMatcher.newBuilder(), "name: 'a' string_match {}").build(),
                problems);

        assertThat(problems.all())
                .extracting(Problem::path)
                .containsExactly("name", "string_match", "string_match");
    }

    @Test
    void a_cookie_is_matched_by_its_first_value() {
        PlainRequest request = GET.withHeader("cookie", "b=2; a=\"1\"; a=2");
        Optional<dev.sluice.contract.match.StringMatcher> one =
                Optional.of(
                        new dev.sluice.contract.match.StringMatcher.Exact(
                                WireText.of("1"), LetterCase.SENSITIVE));
        var holds = dev.sluice.contract.match.HeaderMatcher.Sense.HOLDS;
        var fails = dev.sluice.contract.match.HeaderMatcher.Sense.FAILS;

        assertThat(new CookieMatcher("a", one, holds).matches(request)).isTrue();
        assertThat(new CookieMatcher("b", one, holds).matches(request)).isFalse();
        assertThat(new CookieMatcher("a", Optional.empty(), holds).matches(request)).isTrue();
        assertThat(new CookieMatcher("c", Optional.empty(), holds).matches(request)).isFalse();
        assertThat(new CookieMatcher("c", one, fails).matches(request)).isTrue();
        assertThat(new CookieMatcher("a", one, fails).matches(request)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc,           true",
        "application/grpc+proto,     true",
        "application/grpc;x=y,       true",
        "application/grpc ;x=y,      true",
        "Application/gRPC,           true",
        "application/grpc-web,       false",
        "application/json,           false",
    })
    void a_grpc_call_is_known_by_its_content_type(String contentType, boolean expected) {
        PlainRequest call =
                GET.withLine("POST", "/shop.v1.Orders/Get").withHeader("content-type", contentType);

        assertThat(call.isGrpc()).isEqualTo(expected);
        assertThat(GrpcMatcher.method("shop.v1.Orders", "Get").matches(call)).isEqualTo(expected);
        assertThat(GrpcMatcher.service("shop.v1.Orders").matches(call)).isEqualTo(expected);
        assertThat(GrpcMatcher.method("shop.v1.Orders", "Ge").matches(call)).isFalse();
        assertThat(GrpcMatcher.service("shop.v1.Order").matches(call)).isFalse();
    }

    @Test
    void an_api_version_stands_in_a_header_or_in_the_path() {
        var v2 =
                new dev.sluice.contract.match.StringMatcher.Exact(
                        WireText.of("v2"), LetterCase.SENSITIVE);
        var inHeader = new ApiVersionMatcher(new ApiVersionMatcher.Source.Header("x-v"), v2);
        var inPath = new ApiVersionMatcher(new ApiVersionMatcher.Source.PathSegment(0), v2);

        assertThat(inHeader.matches(GET.withHeader("x-v", " v2"))).isTrue();
        assertThat(inHeader.matches(GET.withHeader("x-v", "v1"))).isFalse();
        assertThat(inHeader.matches(GET)).isFalse();
        assertThat(inPath.matches(GET.withLine("GET", "/v2/orders"))).isTrue();
        assertThat(inPath.matches(GET.withLine("GET", "/v1/orders"))).isFalse();
        assertThat(inPath.matches(GET.withLine("GET", "*"))).isFalse();
        assertThat(inPath.matches(GET.withLine("GET", "?v2"))).isFalse();
    }

    @Test
    void a_wire_text_holds_bytes() {
        assertThat(WireText.of("é").bytes()).hasSize(2);
        assertThat(WireText.of("é").text()).isEqualTo("é");
        assertThatThrownBy(() -> new WireText("€")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void regexes_are_equal_by_their_expressions() {
        var one = dev.sluice.contract.match.StringMatcher.Regex.compile("a").orThrow();
        var same = dev.sluice.contract.match.StringMatcher.Regex.compile("a").orThrow();
        var other = dev.sluice.contract.match.StringMatcher.Regex.compile("b").orThrow();

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).hasToString("Regex[a]");
        assertThat(one).isNotEqualTo(other).isNotEqualTo("a");
    }
}
