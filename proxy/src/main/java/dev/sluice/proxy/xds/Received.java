package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.time.Duration;
import java.util.Optional;

/**
 * A resource as it came. Immutable.
 *
 * @param name as the stream says it; empty in state-of-the-world answers that do not wrap it, where
 *     the resource itself says it
 * @param version as the stream says it
 * @param content packed; the default instance: only its name was kept, or it is to live longer
 * @param timeToLive how long it is in force unless it is sent again, {@code Resource.ttl}; empty:
 *     without end
 */
record Received(String name, String version, Any content, Optional<Duration> timeToLive) {
    /** A resource without an end. */
    Received(String name, String version, Any content) {
        this(name, version, content, Optional.empty());
    }

    /** A resource whose content is not to be kept. */
    static Received withoutContent(String name, String version) {
        return new Received(name, version, Any.getDefaultInstance());
    }

    /** Whether only its name was kept. */
    boolean isWithoutContent() {
        return content.equals(Any.getDefaultInstance());
    }

    /** A resource of an incremental answer. */
    static Received of(Resource resource) {
        return of(resource, resource.getVersion());
    }

    /**
     * A resource of a state-of-the-world answer, which has to be wrapped in a {@code Resource} to
     * have a time to live.
     *
     * @param version of the answer
     */
    static Received ofWhole(Any resource, String version) {
        if (resource.is(Resource.class)) {
            try {
                return of(resource.unpack(Resource.class), version);
            } catch (InvalidProtocolBufferException torn) {
                return new Received("", version, resource);
            }
        }
        return new Received("", version, resource);
    }

    private static Received of(Resource resource, String version) {
        Optional<Duration> timeToLive =
                resource.hasTtl()
                        ? Optional.of(
                                Duration.ofSeconds(
                                        resource.getTtl().getSeconds(),
                                        resource.getTtl().getNanos()))
                        : Optional.empty();
        return new Received(resource.getName(), version, resource.getResource(), timeToLive);
    }

    /** The same with another time to live. */
    Received living(Optional<Duration> longer) {
        return new Received(name, version, content, longer);
    }

    /** What is left of it after a time in which nobody spoke; empty: it has ended. */
    Optional<Received> after(Duration silence) {
        Optional<Duration> left = timeToLive.map(time -> time.minus(silence));
        return left.isPresent() && !left.get().isPositive()
                ? Optional.empty()
                : Optional.of(living(left));
    }
}
