package dev.sluice.proxy.resource.read;

import dev.sluice.contract.Problem;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads where requests of the proxy itself go. Stateless. */
public final class HttpUris {
    private HttpUris() {}

    /**
     * A URI that a cluster carries.
     *
     * @param authority host and port
     * @param path with query, at least a slash
     */
    public record Place(String cluster, String authority, String path) {}

    /** Its scheme says nothing: the cluster's transport does. */
    public static Optional<Place> parse(HttpUri proto, String example, Spot at) {
        String cluster = Values.text(proto.getCluster(), at.field("cluster"));
        try {
            URI uri = new URI(proto.getUri());
            if (uri.getRawAuthority() != null && uri.getRawPath() != null) {
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                return cluster.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Place(cluster, uri.getRawAuthority(), path + query));
            }
        } catch (URISyntaxException malformed) {
            // said below
        }
        at.field("uri")
                .add(
                        Problem.quote(proto.getUri()),
                        "a URI with host and path",
                        "write such as " + example);
        return Optional.empty();
    }
}
