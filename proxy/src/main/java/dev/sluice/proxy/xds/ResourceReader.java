package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.ResourceParsers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.function.Function;

/** Reads one resource of a kind, whole or not at all. Stateless. */
final class ResourceReader {
    private ResourceReader() {}

    static Parsed<Accepted> read(ResourceKind kind, Received received) {
        return switch (kind) {
            case CLUSTER ->
                unpack(received, Cluster.class, cluster ->
                        ResourceParsers.cluster(cluster).map(found -> new Accepted.OfCluster(received, found)));
            case ENDPOINTS ->
                unpack(received, ClusterLoadAssignment.class, load ->
                        ResourceParsers.endpoints(load).map(found -> new Accepted.OfEndpoints(received, found)));
            case LISTENER ->
                unpack(received, Listener.class, listener ->
                        ResourceParsers.listener(listener).map(found -> new Accepted.OfListener(received, found)));
            case ROUTES ->
                unpack(received, RouteConfiguration.class, routes ->
                        ResourceParsers.routes(routes).map(found -> new Accepted.OfRoutes(received, found)));
        };
    }

    private static <M extends Message> Parsed<Accepted> unpack(
            Received received, Class<M> type, Function<M, Parsed<Accepted>> reader) {
        Any content = received.content();
        try {
            return reader.apply(content.unpack(type));
        } catch (InvalidProtocolBufferException e) {
            return Parsed.refused(new Problem(
                    received.name(),
                    content.getTypeUrl() + " of " + content.getValue().size() + " bytes: " + e.getMessage(),
                    "a " + type.getSimpleName(),
                    "send the type that was asked for"));
        }
    }
}
