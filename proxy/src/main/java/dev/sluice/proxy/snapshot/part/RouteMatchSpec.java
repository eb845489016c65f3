package dev.sluice.proxy.snapshot.part;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.QueryMatcher;
import java.util.List;

/**
 * When a route applies: all of it must hold (Envoy {@code RouteMatch}). Immutable.
 *
 * @param path what the path must be like
 * @param caseSensitive of path and prefix; default true
 * @param headers all must hold; {@code :method}, {@code :authority} and {@code :path} are headers
 *     here
 * @param queryParameters all must hold
 * @param grpc only requests with content-type {@code application/grpc} or {@code
 *     application/grpc+…}
 */
public record RouteMatchSpec(
        PathMatch path,
        boolean caseSensitive,
        List<HeaderMatcher> headers,
        List<QueryMatcher> queryParameters,
        boolean grpc) {
    /** Every request. */
    public static final RouteMatchSpec ALL =
            new RouteMatchSpec(new PathMatch.Prefix("/"), true, List.of(), List.of(), false);

    public RouteMatchSpec {
        headers = List.copyOf(headers);
        queryParameters = List.copyOf(queryParameters);
    }

    /** What the path, without query, must be like. */
    public sealed interface PathMatch {
        record Exact(String path) implements PathMatch {}

        record Prefix(String prefix) implements PathMatch {}

        /** Equal, or followed by {@code /}. */
        record SegmentPrefix(String prefix) implements PathMatch {}

        /** CONNECT, which has no path; all others match nothing else but paths. */
        record Connect() implements PathMatch {}

        /** The whole path matches an RE2 expression. */
        record Regex(String expression) implements PathMatch {}
    }
}
