package dev.sluice.proxy.resource.filter;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapMatch.Part;
import io.envoyproxy.envoy.config.common.matcher.v3.HttpHeadersMatch;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads which exchanges a tap records; after a problem a stand-in that is never used. Stateless.
 */
final class TapMatchParser {
    private TapMatchParser() {}

    static TapMatch parse(MatchPredicate proto, Spot at) {
        return switch (proto.getRuleCase()) {
            case OR_MATCH -> new TapMatch.Either(rules(proto.getOrMatch(), at.field("or_match")));
            case AND_MATCH -> new TapMatch.All(rules(proto.getAndMatch(), at.field("and_match")));
            case NOT_MATCH -> new TapMatch.Not(parse(proto.getNotMatch(), at.field("not_match")));
            case ANY_MATCH -> any(proto, at.field("any_match"));
            case HTTP_REQUEST_HEADERS_MATCH ->
                    fields(
                            Part.REQUEST_HEADERS,
                            proto.getHttpRequestHeadersMatch(),
                            at.field("http_request_headers_match"));
            case HTTP_REQUEST_TRAILERS_MATCH ->
                    fields(
                            Part.REQUEST_TRAILERS,
                            proto.getHttpRequestTrailersMatch(),
                            at.field("http_request_trailers_match"));
            case HTTP_RESPONSE_HEADERS_MATCH ->
                    fields(
                            Part.RESPONSE_HEADERS,
                            proto.getHttpResponseHeadersMatch(),
                            at.field("http_response_headers_match"));
            case HTTP_RESPONSE_TRAILERS_MATCH ->
                    fields(
                            Part.RESPONSE_TRAILERS,
                            proto.getHttpResponseTrailersMatch(),
                            at.field("http_response_trailers_match"));
            // the guard has refused these already
            case HTTP_REQUEST_GENERIC_BODY_MATCH, HTTP_RESPONSE_GENERIC_BODY_MATCH -> TapMatch.NONE;
            case RULE_NOT_SET -> {
                at.add("no rule", "one rule", "say any_match: true to record every exchange");
                yield TapMatch.NONE;
            }
        };
    }

    private static TapMatch any(MatchPredicate proto, Spot at) {
        if (!proto.getAnyMatch()) {
            at.add("false", "true", "write true, or not_match around it");
        }
        return TapMatch.ANY;
    }

    private static List<TapMatch> rules(MatchPredicate.MatchSet proto, Spot at) {
        List<TapMatch> rules = new ArrayList<>();
        Spot spot = at.field("rules");
        for (int i = 0; i < proto.getRulesCount(); i++) {
            rules.add(parse(proto.getRules(i), spot.index(i)));
        }
        if (rules.size() < 2) {
            spot.add(rules.size() + " rules", "at least 2", "add rules, or write the one alone");
        }
        return rules;
    }

    private static TapMatch fields(Part part, HttpHeadersMatch proto, Spot at) {
        List<HeaderMatcher> headers = new ArrayList<>();
        Spot spot = at.field("headers");
        for (int i = 0; i < proto.getHeadersCount(); i++) {
            MatcherParser.header(proto.getHeaders(i), spot.index(i).problems())
                    .ifPresent(headers::add);
        }
        return new TapMatch.Fields(part, headers);
    }
}
