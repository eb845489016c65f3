package dev.sluice.proxy.resource;

import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.proxy.resource.cluster.ClusterParser;
import dev.sluice.proxy.resource.cluster.EndpointParser;
import dev.sluice.proxy.resource.listener.ListenerParser;
import dev.sluice.proxy.resource.part.Addresses;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.route.RouteConfigurationParser;
import dev.sluice.proxy.resource.runtime.RuntimeParser;
import dev.sluice.proxy.resource.tls.SecretParser;
import dev.sluice.proxy.snapshot.cluster.ClusterSpec;
import dev.sluice.proxy.snapshot.cluster.LoadAssignmentSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.route.RouteConfigurationSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import dev.sluice.proxy.snapshot.tls.SecretSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Reads the resources of a management server, one at a time: a resource is accepted whole, or
 * refused with all its problems, each with its path in the resource. What another resource must be
 * there for (a cluster, a gate) is not checked here. Stateless.
 */
public final class ResourceParsers {
    private ResourceParsers() {}

    /** Reads a listener (LDS). */
    public static Parsed<Resource<ListenerSpec>> listener(Listener proto) {
        return parse(proto, proto.getName(), ListenerParser::parse);
    }

    /** Reads a secret (SDS); problems never show what is in it. */
    public static Parsed<Resource<SecretSpec>> secret(Secret proto) {
        return parse(proto, proto.getName(), SecretParser::parse);
    }

    /** Reads a route configuration (RDS). */
    public static Parsed<Resource<RouteConfigurationSpec>> routes(RouteConfiguration proto) {
        return parse(proto, proto.getName(), RouteConfigurationParser::parse);
    }

    /** Reads a cluster (CDS). */
    public static Parsed<Resource<ClusterSpec>> cluster(Cluster proto) {
        return parse(proto, proto.getName(), ClusterParser::parse);
    }

    /** Reads a layer of runtime values (RTDS), by dotted key. */
    public static Parsed<Resource<Map<String, RuntimeValue>>> runtime(Runtime proto) {
        return parse(proto, proto.getName(), RuntimeParser::layer);
    }

    /** Reads the endpoints of a cluster (EDS); they have IP addresses. */
    public static Parsed<Resource<LoadAssignmentSpec>> endpoints(ClusterLoadAssignment proto) {
        return parse(
                proto,
                proto.getClusterName(),
                (load, at) -> EndpointParser.parse(load, Addresses::endpoint, at));
    }

    private static <P extends Message, T> Parsed<Resource<T>> parse(
            P proto, String name, BiFunction<P, Spot, Optional<T>> parser) {
        Spot root = Spot.root();
        root.guard(proto);
        if (name.isEmpty()) {
            root.add("no name", "the name of a resource", "name it");
        }
        Optional<T> spec = parser.apply(proto, root);
        return root.problems()
                .finish(() ->
                        new Resource<>(
                                name, spec.orElseThrow(), root.inertPaths(), root.holdsKey()));
    }
}
