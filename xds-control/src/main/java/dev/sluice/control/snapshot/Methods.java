package dev.sluice.control.snapshot;

import dev.sluice.control.change.spec.NodeSpec;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Optional;

/** Methods of HTTP in the matchers of a kind of node. Pure. */
final class Methods {
    private Methods() {}

    /**
     * Narrows a match to some methods, or to none when there are none. Calls of a gRPC client are
     * all POST and have no query, which it can't match.
     *
     * @return empty when no call of such a node matches
     */
    static Optional<RouteMatch.Builder> narrow(
            RouteMatch.Builder match, List<String> methods, NodeSpec.Kind kind) {
        if (kind == NodeSpec.Kind.GRPC) {
            boolean canMatch =
                    match.getQueryParametersCount() == 0
                            && (methods.isEmpty() || methods.contains("POST"));
            return canMatch ? Optional.of(match) : Optional.empty();
        }
        if (!methods.isEmpty()) {
            StringMatcher.Builder any =
                    StringMatcher.newBuilder()
                            .setSafeRegex(
                                    RegexMatcher.newBuilder().setRegex(String.join("|", methods)));
            match.addHeaders(HeaderMatcher.newBuilder().setName(":method").setStringMatch(any));
        }
        return Optional.of(match);
    }
}
