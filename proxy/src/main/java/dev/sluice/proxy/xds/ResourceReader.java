package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.Resource;
import dev.sluice.proxy.resource.ResourceParsers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.runtime.v3.Runtime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Reads one resource of a kind, whole or not at all. Stateless. */
final class ResourceReader {
    /** The most bytes that one resource may have. */
    static final int LARGEST = 8 * 1024 * 1024;

    private static final Duration LONGEST_LIFE = Duration.ofDays(3650);

    private ResourceReader() {}

    /** Reads it; the path of each problem begins with kind and name. */
    static Parsed<Accepted> read(ResourceKind kind, Received received) {
        Any content = received.content();
        Optional<Duration> timeToLive = received.timeToLive();
        if (timeToLive.isPresent() && !isLife(timeToLive.get())) {
            return Parsed.refused(
                    new Problem(
                            (kind.what() + " " + received.name()).strip() + ": ttl",
                            timeToLive.get().toString(),
                            "more than 0, at most " + LONGEST_LIFE,
                            "correct it, or leave it out for a resource without an end"));
        }
        if (received.isWithoutContent() && timeToLive.isPresent()) {
            return Parsed.refused(
                    new Problem(
                            (kind.what() + " " + received.name()).strip(),
                            "no content, and version "
                                    + Problem.quote(received.version())
                                    + " of it is not held here",
                            "the resource, or the version that was accepted last",
                            "send it whole"));
        }
        if (received.isWithoutContent()) {
            return Parsed.refused(
                    new Problem(
                            (kind.what() + " " + received.name()).strip(),
                            "no content: it held a private key, which no disk remembers",
                            "the resource",
                            "wait for the management server, or use a secret of its own (SDS)"));
        }
        if (content.getValue().size() > LARGEST) {
            return Parsed.refused(
                    new Problem(
                            (kind.what() + " " + received.name()).strip(),
                            content.getValue().size() + " bytes",
                            "at most " + LARGEST,
                            "split it into several resources"));
        }
        return switch (kind) {
            case RUNTIME ->
                    new Reading<>(kind, received, Runtime.class, Runtime::getName)
                            .read(ResourceParsers::runtime, Accepted.OfRuntime::new);
            case CLUSTER ->
                    new Reading<>(kind, received, Cluster.class, Cluster::getName)
                            .read(ResourceParsers::cluster, Accepted.OfCluster::new);
            case ENDPOINTS ->
                    new Reading<>(
                                    kind,
                                    received,
                                    ClusterLoadAssignment.class,
                                    ClusterLoadAssignment::getClusterName)
                            .read(ResourceParsers::endpoints, Accepted.OfEndpoints::new);
            case SECRET ->
                    new Reading<>(kind, received, Secret.class, Secret::getName)
                            .read(ResourceParsers::secret, Accepted.OfSecret::new);
            case LISTENER ->
                    new Reading<>(kind, received, Listener.class, Listener::getName)
                            .read(ResourceParsers::listener, Accepted.OfListener::new);
            case ROUTES ->
                    new Reading<>(
                                    kind,
                                    received,
                                    RouteConfiguration.class,
                                    RouteConfiguration::getName)
                            .read(ResourceParsers::routes, Accepted.OfRoutes::new);
        };
    }

    private static boolean isLife(Duration time) {
        return time.isPositive() && time.compareTo(LONGEST_LIFE) <= 0;
    }

    /** One resource that is read. */
    private record Reading<M extends Message>(
            ResourceKind kind, Received received, Class<M> type, Function<M, String> name) {
        <T> Parsed<Accepted> read(
                Function<M, Parsed<Resource<T>>> parser,
                BiFunction<Received, Resource<T>, Accepted> accepted) {
            Any content = received.content();
            M message;
            try {
                message = content.unpack(type);
            } catch (InvalidProtocolBufferException e) {
                return Parsed.refused(
                        new Problem(
                                (kind.what() + " " + received.name()).strip(),
                                "'%s' of %d bytes: %s"
                                        .formatted(
                                                content.getTypeUrl(),
                                                content.getValue().size(),
                                                e.getMessage()),
                                "a " + type.getSimpleName(),
                                "send the type that was asked for"));
            }
            String own = name.apply(message);
            if (!received.name().isEmpty() && !received.name().equals(own)) {
                return Parsed.refused(
                        new Problem(
                                kind.what() + " " + received.name(),
                                "a resource named " + Problem.quote(own),
                                "the name under which it is sent",
                                "send it under its own name"));
            }
            return switch (parser.apply(message)) {
                case Parsed.Ok<Resource<T>>(Resource<T> resource) ->
                        Parsed.ok(accepted.apply(received, resource));
                case Parsed.Refused<Resource<T>> refused ->
                        new Parsed.Refused<>(
                                refused.problems().stream().map(one -> placed(one, own)).toList());
            };
        }

        private Problem placed(Problem problem, String own) {
            String resource = kind.what() + " " + own;
            String path = problem.path().isEmpty() ? resource : resource + ": " + problem.path();
            return new Problem(path, problem.got(), problem.expected(), problem.remedy());
        }
    }
}
