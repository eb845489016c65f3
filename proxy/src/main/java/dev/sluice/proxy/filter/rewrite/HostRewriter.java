package dev.sluice.proxy.filter.rewrite;

import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.snapshot.route.RouteActionSpec.HostRewrite;
import java.util.Optional;

/** Rewrites the authority of a request. Stateless. */
public final class HostRewriter {
    private HostRewriter() {}

    /**
     * The authority to send; empty: the client's stays.
     *
     * @param endpointName name by which DNS knew the chosen endpoint; empty: it was no name
     */
    public static Optional<CharSequence> authority(
            HostRewrite spec, RequestView request, Optional<String> endpointName) {
        return switch (spec) {
            case HostRewrite.Keep() -> Optional.empty();
            case HostRewrite.Literal(String host) -> Optional.of(host);
            case HostRewrite.Auto() -> endpointName.map(name -> name);
            case HostRewrite.FromHeader(String name) ->
                    request.header(name).filter(value -> !value.isEmpty());
        };
    }
}
