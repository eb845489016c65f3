package dev.sluice.proxy.resource.route;

import dev.sluice.proxy.snapshot.route.MirrorSpec;
import dev.sluice.proxy.snapshot.route.RetrySpec;
import dev.sluice.proxy.snapshot.route.RouteActionSpec;
import java.util.List;
import java.util.Optional;

/**
 * What routes have that say nothing about it. Immutable.
 *
 * @param retry of the virtual host
 * @param slow what the virtual host says of slow attempts
 * @param mirrors of the virtual host, or else of the route configuration
 * @param numbering of the virtual host
 */
record Inherited(
        Optional<RetrySpec> retry,
        RetrySpec.Slow slow,
        List<MirrorSpec> mirrors,
        RouteActionSpec.Numbering numbering) {
    Inherited {
        mirrors = List.copyOf(mirrors);
    }
}
