package dev.sluice.proxy.resource.part;

import dev.sluice.contract.Problem;
import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.MatcherParser;
import dev.sluice.contract.match.QueryMatcher;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads route matches; empty after a problem. Stateless. */
public final class RouteMatchParser {
    private static final Pattern SEGMENTS = Pattern.compile("[^?#]*[^?#/]");

    private RouteMatchParser() {}

    /** The match of one route; empty after a problem. */
    public static Optional<RouteMatchSpec> parse(RouteMatch proto, Spot at) {
        int before = at.problems().count();
        Optional<PathMatch> path = path(proto, at);
        List<HeaderMatcher> headers = new ArrayList<>();
        for (int i = 0; i < proto.getHeadersCount(); i++) {
            Spot spot = at.field("headers").index(i);
            MatcherParser.header(proto.getHeaders(i), spot.problems()).ifPresent(headers::add);
        }
        List<QueryMatcher> query = new ArrayList<>();
        for (int i = 0; i < proto.getQueryParametersCount(); i++) {
            Spot spot = at.field("query_parameters").index(i);
            MatcherParser.query(proto.getQueryParameters(i), spot.problems()).ifPresent(query::add);
        }
        boolean caseSensitive = !proto.hasCaseSensitive() || proto.getCaseSensitive().getValue();
        return at.problems().count() > before
                ? Optional.empty()
                : path.map(
                        p -> new RouteMatchSpec(p, caseSensitive, headers, query, proto.hasGrpc()));
    }

    private static Optional<PathMatch> path(RouteMatch proto, Spot at) {
        return switch (proto.getPathSpecifierCase()) {
            case PREFIX -> Optional.of(new PathMatch.Prefix(proto.getPrefix()));
            case PATH -> Optional.of(new PathMatch.Exact(proto.getPath()));
            case PATH_SEPARATED_PREFIX ->
                    segments(proto.getPathSeparatedPrefix(), at.field("path_separated_prefix"));
            case SAFE_REGEX ->
                    MatcherParser.regex(proto.getSafeRegex(), at.field("safe_regex").problems())
                            .map(regex -> new PathMatch.Regex(proto.getSafeRegex().getRegex()));
            case CONNECT_MATCHER -> Optional.of(new PathMatch.Connect());
            case PATH_MATCH_POLICY -> Optional.empty(); // a refused field, already said
            case PATHSPECIFIER_NOT_SET -> {
                at.add(
                        "no path",
                        "prefix, path, path_separated_prefix, safe_regex or connect_matcher",
                        "write `prefix: /` for every path");
                yield Optional.empty();
            }
        };
    }

    private static Optional<PathMatch> segments(String prefix, Spot at) {
        if (!SEGMENTS.matcher(prefix).matches()) {
            at.add(
                    Problem.quote(prefix),
                    "a path without ? and #, and without / at its end",
                    "remove these; /a matches /a and /a/b");
            return Optional.empty();
        }
        return Optional.of(new PathMatch.SegmentPrefix(prefix));
    }

    /** The share of the requests it matches that a match is for. */
    public static RuntimeShare share(RouteMatch proto) {
        return proto.hasRuntimeFraction()
                ? Values.share(proto.getRuntimeFraction())
                : RuntimeShare.ALL;
    }
}
