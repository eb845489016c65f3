package dev.sluice.chaos.xds;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import java.util.Optional;

/**
 * How the proxy speaks on both sides. Immutable.
 *
 * @param nodes to those that connect to it
 * @param upstream to the control plane
 * @param upstreamName name that the control plane's certificate must have; empty for its host
 */
public record Tls(
        ServerCredentials nodes, ChannelCredentials upstream, Optional<String> upstreamName) {
    /** In the clear on both sides. */
    public static final Tls NONE =
            new Tls(
                    InsecureServerCredentials.create(),
                    InsecureChannelCredentials.create(),
                    Optional.empty());
}
