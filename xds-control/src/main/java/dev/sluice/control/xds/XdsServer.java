package dev.sluice.control.xds;

import com.google.common.util.concurrent.MoreExecutors;
import dev.sluice.control.snapshot.Publisher;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.controlplane.server.serializer.DefaultProtoResourcesSerializer;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Everything that nodes talk to: the standard discovery services on java-control-plane, and the gate stream. The services
 * are for boot to bind. Thread-safe.
 */
public final class XdsServer implements AutoCloseable {
    private final ExecutorService streams = Executors.newFixedThreadPool(
            2, Thread.ofPlatform().name("xds-stream-", 0).daemon().factory());
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("xds-publish").daemon().factory());
    private final ExecutorService killLane = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("xds-kill").daemon().factory());
    private final GateHub hub = new GateHub();
    private final NodeLedger ledger;
    private final Publisher publisher;

    public XdsServer(NodeLedger ledger) {
        this.ledger = ledger;
        this.publisher = new XdsPublisher(hub, ledger, worker, killLane);
    }

    /** Where committed state goes. */
    public Publisher publisher() {
        return publisher;
    }

    /** The services that nodes call. */
    public List<ServerServiceDefinition> services() {
        V3DiscoveryServer server = new V3DiscoveryServer(
                List.<DiscoveryServerCallbacks>of(),
                new StructureWatcher(),
                () -> MoreExecutors.newSequentialExecutor(streams),
                new DefaultProtoResourcesSerializer());
        StreamTracking tracking = new StreamTracking(ledger);
        List<ServerServiceDefinition> services = new ArrayList<>();
        for (BindableService service : List.of(
                server.getAggregatedDiscoveryServiceImpl(),
                server.getClusterDiscoveryServiceImpl(),
                server.getEndpointDiscoveryServiceImpl(),
                server.getListenerDiscoveryServiceImpl(),
                server.getRouteDiscoveryServiceImpl())) {
            services.add(ServerInterceptors.intercept(service, tracking));
        }
        services.add(new GateDiscovery(hub, ledger).bindService());
        return services;
    }

    @Override
    public void close() {
        worker.shutdownNow();
        killLane.shutdownNow();
        streams.shutdownNow();
    }
}
