package dev.sluice.proxy.snapshot.route;

import dev.sluice.proxy.snapshot.runtime.RuntimeShare;

/**
 * Copies of requests for another cluster (Envoy {@code RequestMirrorPolicy}). Immutable.
 *
 * @param target which cluster
 * @param share of the requests
 * @param host what the copy is for
 */
public record MirrorSpec(Target target, RuntimeShare share, Host host) {
    /** Which cluster. */
    public sealed interface Target {
        record Single(String cluster) implements Target {}

        /** Named by a header of the request. */
        record ByHeader(String header) implements Target {}
    }

    /** The authority of a copy. */
    public sealed interface Host {
        /** That of the request with {@code -shadow} behind its name (Envoy's default). */
        record Suffixed() implements Host {}

        record Kept() implements Host {}

        record Literal(String host) implements Host {}
    }
}
