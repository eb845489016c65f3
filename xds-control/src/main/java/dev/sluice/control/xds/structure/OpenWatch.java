package dev.sluice.control.xds.structure;

import dev.sluice.control.snapshot.Versioned;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.VersionedResource;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.WatchCancelledException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A question of java-control-plane that waits for its one answer; one that was replaced takes none.
 * Thread-safe.
 */
public sealed interface OpenWatch {
    /**
     * Answers with whole resources and the names of those that are gone; a state-of-the-world watch
     * ignores the latter.
     *
     * @return false when a newer request of the stream has replaced the question, whose own watch
     *     is about to come
     */
    boolean answer(String version, Collection<Versioned> resources, Collection<String> removed);

    /** State of the world. */
    record Whole(Watch watch) implements OpenWatch {
        @Override
        public boolean answer(
                String version, Collection<Versioned> resources, Collection<String> removed) {
            try {
                watch.respond(
                        Response.create(
                                watch.request(),
                                resources.stream().map(Versioned::message).toList(),
                                version));
                return true;
            } catch (WatchCancelledException e) {
                return false;
            }
        }
    }

    /** Incremental. */
    record Delta(DeltaWatch watch) implements OpenWatch {
        @Override
        public boolean answer(
                String version, Collection<Versioned> resources, Collection<String> removed) {
            Map<String, VersionedResource<?>> changed = new HashMap<>();
            resources.forEach(resource ->
                    changed.put(
                            resource.name(),
                            VersionedResource.create(
                                    resource.message(),
                                    Claim.versionOf(version, resource.version()))));
            List<String> gone = new ArrayList<>(removed);
            try {
                watch.respond(DeltaResponse.create(watch.request(), changed, gone, version));
                return true;
            } catch (WatchCancelledException e) {
                return false;
            }
        }
    }
}
