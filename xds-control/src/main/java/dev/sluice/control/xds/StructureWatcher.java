package dev.sluice.control.xds;

import dev.sluice.control.snapshot.ResourceType;
import dev.sluice.control.xds.structure.OpenWatch;
import dev.sluice.control.xds.structure.StructureStream;
import io.envoyproxy.controlplane.cache.ConfigWatcher;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.XdsRequest;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What java-control-plane's server asks for resources. Each question goes to the {@link
 * StructureStream} of its stream, which {@link StreamTracking} has put into the gRPC context; the
 * library's own record of versions and names is not used, since it knows neither reconnects nor
 * refusals. Thread-safe.
 */
final class StructureWatcher implements ConfigWatcher {
    @Override
    public Watch createWatch(
            boolean ads,
            XdsRequest request,
            Set<String> knownResourceNames,
            Consumer<Response> responseConsumer,
            boolean hasClusterChanged,
            boolean allowDefaultEmptyEdsUpdate) {
        Watch watch = new Watch(ads, allowDefaultEmptyEdsUpdate, request, responseConsumer);
        open(request.getTypeUrl(), new OpenWatch.Whole(watch));
        return watch;
    }

    @Override
    public DeltaWatch createDeltaWatch(
            DeltaXdsRequest request,
            String requesterVersion,
            Map<String, String> resourceVersions,
            Set<String> pendingResources,
            boolean isWildcard,
            Consumer<DeltaResponse> responseConsumer,
            boolean hasClusterChanged) {
        DeltaWatch watch =
                new DeltaWatch(
                        request,
                        resourceVersions,
                        pendingResources,
                        requesterVersion,
                        isWildcard,
                        responseConsumer);
        open(request.getTypeUrl(), new OpenWatch.Delta(watch));
        return watch;
    }

    /** Types that we never serve, such as secrets, wait for ever. */
    private static void open(String typeUrl, OpenWatch watch) {
        ResourceType.of(typeUrl).ifPresent(type -> StreamTracking.current().open(type, watch));
    }
}
