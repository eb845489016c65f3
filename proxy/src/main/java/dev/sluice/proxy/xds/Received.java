package dev.sluice.proxy.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.service.discovery.v3.Resource;

/**
 * A resource as it came. Immutable.
 *
 * @param name as the stream says it; empty in state-of-the-world answers, where the resource itself
 *     says it
 * @param version as the stream says it
 * @param content packed
 */
record Received(String name, String version, Any content) {
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
        return new Received(resource.getName(), resource.getVersion(), resource.getResource());
    }
}
