package dev.sluice.contract.match;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads Envoy's matchers into ours. Every method adds all problems that it finds, with their paths,
 * and answers empty exactly when it added one. A matcher word that is not implemented is a problem,
 * never ignored. Unknown field numbers are the caller's to refuse. Stateless.
 */
public final class MatcherParser {
    private static final String NO_CONTROL = "1..256 visible ASCII characters without ':' inside";
    private static final int LONGEST_NAME = 256;

    private MatcherParser() {}

    /** Reads {@code envoy.type.matcher.v3.StringMatcher}. */
    public static Optional<StringMatcher> string(
            io.envoyproxy.envoy.type.matcher.v3.StringMatcher proto, Problems at) {
        LetterCase letters = proto.getIgnoreCase() ? LetterCase.IGNORED : LetterCase.SENSITIVE;
        return switch (proto.getMatchPatternCase()) {
            case EXACT ->
                    Optional.of(new StringMatcher.Exact(WireText.of(proto.getExact()), letters));
            case PREFIX ->
                    text(proto.getPrefix(), at.field("prefix"))
                            .map(text -> new StringMatcher.Prefix(text, letters));
            case SUFFIX ->
                    text(proto.getSuffix(), at.field("suffix"))
                            .map(text -> new StringMatcher.Suffix(text, letters));
            case CONTAINS ->
                    text(proto.getContains(), at.field("contains"))
                            .map(text -> new StringMatcher.Contains(text, letters));
            case SAFE_REGEX -> regex(proto.getSafeRegex(), at.field("safe_regex"));
            case CUSTOM -> {
                at.field("custom")
                        .add(
                                "a custom matcher",
                                "exact, prefix, suffix, contains or safe_regex",
                                "use one of these; extensions are not implemented");
                yield Optional.empty();
            }
            case MATCHPATTERN_NOT_SET -> {
                at.add(
                        "no pattern",
                        "one of exact, prefix, suffix, contains, safe_regex",
                        "say how the text must be");
                yield Optional.empty();
            }
        };
    }

    /** Reads {@code envoy.type.matcher.v3.RegexMatcher}: RE2 over the whole value. */
    public static Optional<StringMatcher> regex(
            io.envoyproxy.envoy.type.matcher.v3.RegexMatcher proto, Problems at) {
        Problems regex = at.field("regex");
        if (proto.getRegex().isEmpty()) {
            regex.add("''", "at least one character", "give the regular expression");
            return Optional.empty();
        }
        return switch (StringMatcher.Regex.compile(proto.getRegex())) {
            case Parsed.Ok<StringMatcher.Regex>(StringMatcher.Regex matcher) ->
                    Optional.of(matcher);
            case Parsed.Refused<StringMatcher.Regex>(List<Problem> problems) -> {
                problems.forEach(p -> regex.add(p.got(), p.expected(), p.remedy()));
                yield Optional.empty();
            }
        };
    }

    /** Reads {@code envoy.config.route.v3.HeaderMatcher}, its deprecated forms included. */
    public static Optional<HeaderMatcher> header(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher proto, Problems at) {
        Optional<String> name = headerName(proto.getName(), at.field("name"));
        Optional<HeaderMatcher.Test> test = headerTest(proto, at);
        if (name.isEmpty() || test.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new HeaderMatcher(
                        name.get(),
                        test.get(),
                        sense(proto.getInvertMatch()),
                        proto.getTreatMissingHeaderAsEmpty()
                                ? HeaderMatcher.Missing.EMPTY
                                : HeaderMatcher.Missing.ABSENT));
    }

    @SuppressWarnings(
            "deprecation") // Envoy still accepts the forms of its 3.0, so old files hold them
    private static Optional<HeaderMatcher.Test> headerTest(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher proto, Problems at) {
        LetterCase exactly = LetterCase.SENSITIVE;
        return switch (proto.getHeaderMatchSpecifierCase()) {
            case STRING_MATCH ->
                    string(proto.getStringMatch(), at.field("string_match"))
                            .map(HeaderMatcher.Test.Text::new);
            case RANGE_MATCH ->
                    Optional.of(
                            new HeaderMatcher.Test.Range(
                                    proto.getRangeMatch().getStart(),
                                    proto.getRangeMatch().getEnd()));
            case PRESENT_MATCH ->
                    Optional.of(
                            proto.getPresentMatch()
                                    ? new HeaderMatcher.Test.Present()
                                    : new HeaderMatcher.Test.Absent());
            case HEADERMATCHSPECIFIER_NOT_SET -> Optional.of(new HeaderMatcher.Test.Present());
            case EXACT_MATCH ->
                    Optional.of(
                            text(
                                    new StringMatcher.Exact(
                                            WireText.of(proto.getExactMatch()), exactly)));
            case SAFE_REGEX_MATCH ->
                    regex(proto.getSafeRegexMatch(), at.field("safe_regex_match"))
                            .map(MatcherParser::text);
            case PREFIX_MATCH ->
                    text(proto.getPrefixMatch(), at.field("prefix_match"))
                            .map(text -> text(new StringMatcher.Prefix(text, exactly)));
            case SUFFIX_MATCH ->
                    text(proto.getSuffixMatch(), at.field("suffix_match"))
                            .map(text -> text(new StringMatcher.Suffix(text, exactly)));
            case CONTAINS_MATCH ->
                    text(proto.getContainsMatch(), at.field("contains_match"))
                            .map(text -> text(new StringMatcher.Contains(text, exactly)));
        };
    }

    /** Reads {@code envoy.config.route.v3.QueryParameterMatcher}. */
    public static Optional<QueryMatcher> query(
            io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher proto, Problems at) {
        Optional<WireText> name = text(proto.getName(), at.field("name"));
        Optional<QueryMatcher.Test> test =
                switch (proto.getQueryParameterMatchSpecifierCase()) {
                    case STRING_MATCH ->
                            string(proto.getStringMatch(), at.field("string_match"))
                                    .map(QueryMatcher.Test.Text::new);
                    case PRESENT_MATCH ->
                            Optional.of(
                                    proto.getPresentMatch()
                                            ? new QueryMatcher.Test.Present()
                                            : new QueryMatcher.Test.Absent());
                    case QUERYPARAMETERMATCHSPECIFIER_NOT_SET ->
                            Optional.of(new QueryMatcher.Test.Present());
                };
        if (name.isEmpty() || test.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new QueryMatcher(name.get().bytes(), test.get()));
    }

    /** A header name in lower case: a token of RFC 9110, or one of the pseudo headers. */
    public static Optional<String> headerName(String name, Problems at) {
        String token = name.startsWith(":") ? name.substring(1) : name;
        boolean right =
                !token.isEmpty()
                        && token.length() <= LONGEST_NAME
                        && token.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
        if (right) {
            return Optional.of(name.toLowerCase(Locale.ROOT));
        }
        at.add(Problem.quote(name), NO_CONTROL, "name the header");
        return Optional.empty();
    }

    static HeaderMatcher.Sense sense(boolean inverted) {
        return inverted ? HeaderMatcher.Sense.FAILS : HeaderMatcher.Sense.HOLDS;
    }

    private static HeaderMatcher.Test text(StringMatcher matcher) {
        return new HeaderMatcher.Test.Text(matcher);
    }

    private static Optional<WireText> text(String text, Problems at) {
        if (text.isEmpty()) {
            at.add("''", "at least one character", "give the text to look for");
            return Optional.empty();
        }
        return Optional.of(WireText.of(text));
    }
}
