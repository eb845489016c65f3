package dev.sluice.proxy.match;

import dev.sluice.contract.match.HeaderMatcher;
import dev.sluice.contract.match.LetterCase;
import dev.sluice.contract.match.QueryMatcher;
import dev.sluice.contract.match.RequestView;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.contract.match.WireText;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec;
import dev.sluice.proxy.snapshot.part.RouteMatchSpec.PathMatch;
import java.util.List;

/** Says whether a request is as one route wants it. Immutable. */
public final class RouteMatcher {
    private final RouteMatchSpec spec;
    private final PathTest path;
    private final String indexedText;

    private RouteMatcher(RouteMatchSpec spec, PathTest path, String indexedText) {
        this.spec = spec;
        this.path = path;
        this.indexedText = indexedText;
    }

    /** Compiles what a route says. */
    public static RouteMatcher compile(RouteMatchSpec spec) {
        LetterCase letters = spec.caseSensitive() ? LetterCase.SENSITIVE : LetterCase.IGNORED;
        PathTest path =
                switch (spec.path()) {
                    case PathMatch.Exact(String text) ->
                            new StringMatcher.Exact(WireText.of(text), letters)::matches;
                    case PathMatch.Prefix(String text) ->
                            new StringMatcher.Prefix(WireText.of(text), letters)::matches;
                    case PathMatch.SegmentPrefix(String text) -> segmentPrefix(text, letters);
                    case PathMatch.Regex(String expression) ->
                            StringMatcher.Regex.compile(expression).orThrow()::matches;
                    case PathMatch.Connect() -> CharSequence::isEmpty;
                };
        String text =
                switch (spec.path()) {
                    case PathMatch.Exact(String exact) -> exact;
                    case PathMatch.Prefix(String prefix) -> prefix;
                    case PathMatch.SegmentPrefix(String prefix) -> prefix;
                    case PathMatch.Regex _, PathMatch.Connect _ -> "";
                };
        return new RouteMatcher(spec, path, spec.caseSensitive() ? WireText.of(text).bytes() : "");
    }

    /** What every matching path starts with, as on the wire; empty when that is not known. */
    public String indexedText() {
        return indexedText;
    }

    /**
     * Whether all of it holds.
     *
     * @param path the request's own, read once for all routes
     */
    public boolean matches(RequestView request, CharSequence path) {
        return (!path.isEmpty() || spec.path() instanceof PathMatch.Connect)
                && this.path.holds(path)
                && (!spec.grpc() || request.isGrpc())
                && headersMatch(request, spec.headers())
                && queryMatches(request, spec.queryParameters());
    }

    private static boolean headersMatch(RequestView request, List<HeaderMatcher> headers) {
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private static boolean queryMatches(RequestView request, List<QueryMatcher> parameters) {
        for (int i = 0; i < parameters.size(); i++) {
            if (!parameters.get(i).matches(request)) {
                return false;
            }
        }
        return true;
    }

    private static PathTest segmentPrefix(String text, LetterCase letters) {
        WireText wire = WireText.of(text);
        StringMatcher prefix = new StringMatcher.Prefix(wire, letters);
        int length = wire.bytes().length();
        return path ->
                prefix.matches(path) && (path.length() == length || path.charAt(length) == '/');
    }

    /** What is asked of a path. */
    private interface PathTest {
        boolean holds(CharSequence path);
    }
}
