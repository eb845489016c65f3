package dev.sluice.contract.match;

import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.v3.Int64Range;

/** Writes our matchers as Envoy's; what MatcherParser reads of it is equal. Stateless. */
public final class MatcherWriter {
    private MatcherWriter() {}

    /** Writes {@code envoy.type.matcher.v3.StringMatcher}. */
    public static io.envoyproxy.envoy.type.matcher.v3.StringMatcher string(StringMatcher matcher) {
        var proto = io.envoyproxy.envoy.type.matcher.v3.StringMatcher.newBuilder();
        return switch (matcher) {
            case StringMatcher.Exact(WireText text, LetterCase letters) ->
                    proto.setExact(text.text()).setIgnoreCase(ignored(letters)).build();
            case StringMatcher.Prefix(WireText text, LetterCase letters) ->
                    proto.setPrefix(text.text()).setIgnoreCase(ignored(letters)).build();
            case StringMatcher.Suffix(WireText text, LetterCase letters) ->
                    proto.setSuffix(text.text()).setIgnoreCase(ignored(letters)).build();
            case StringMatcher.Contains(WireText text, LetterCase letters) ->
                    proto.setContains(text.text()).setIgnoreCase(ignored(letters)).build();
            case StringMatcher.Regex regex ->
                    proto.setSafeRegex(RegexMatcher.newBuilder().setRegex(regex.expression()))
                            .build();
        };
    }

    /** Writes {@code envoy.config.route.v3.HeaderMatcher}. */
    public static io.envoyproxy.envoy.config.route.v3.HeaderMatcher header(HeaderMatcher matcher) {
        var proto =
                io.envoyproxy.envoy.config.route.v3.HeaderMatcher.newBuilder()
                        .setName(matcher.name())
                        .setInvertMatch(matcher.sense() == HeaderMatcher.Sense.FAILS)
                        .setTreatMissingHeaderAsEmpty(
                                matcher.missing() == HeaderMatcher.Missing.EMPTY);
        return switch (matcher.test()) {
            case HeaderMatcher.Test.Text(StringMatcher text) ->
                    proto.setStringMatch(string(text)).build();
            case HeaderMatcher.Test.Range(long start, long end) ->
                    proto.setRangeMatch(Int64Range.newBuilder().setStart(start).setEnd(end))
                            .build();
            case HeaderMatcher.Test.Present() -> proto.setPresentMatch(true).build();
            case HeaderMatcher.Test.Absent() -> proto.setPresentMatch(false).build();
        };
    }

    /** Writes {@code envoy.config.route.v3.QueryParameterMatcher}. */
    public static io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher query(
            QueryMatcher matcher) {
        var proto =
                io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher.newBuilder()
                        .setName(new WireText(matcher.name()).text());
        return switch (matcher.test()) {
            case QueryMatcher.Test.Text(StringMatcher text) ->
                    proto.setStringMatch(string(text)).build();
            case QueryMatcher.Test.Present() -> proto.setPresentMatch(true).build();
            case QueryMatcher.Test.Absent() -> proto.setPresentMatch(false).build();
        };
    }

    private static boolean ignored(LetterCase letters) {
        return letters == LetterCase.IGNORED;
    }
}
