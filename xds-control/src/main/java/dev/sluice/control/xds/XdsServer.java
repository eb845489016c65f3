package dev.sluice.control.xds;

import com.google.common.util.concurrent.MoreExecutors;
import dev.sluice.contract.NodeName;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.evidence.GateNames;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.controlplane.server.serializer.DefaultProtoResourcesSerializer;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Everything that nodes talk to: the standard discovery services on java-control-plane, and the
 * gate stream. The services are for boot to bind. Thread-safe.
 */
public final class XdsServer implements AutoCloseable {
    /** Services whose messages take microseconds, and wait for nothing. */
    private static final Set<String> SHORT =
            Set.of(GateDiscoveryServiceGrpc.SERVICE_NAME, EvidenceServiceGrpc.SERVICE_NAME);

    private final Lanes lanes;
    private final GateHub hub = new GateHub();
    private final GateNames names = new GateNames();
    private final NodeLedger ledger;
    private final EvidenceTotals evidence;
    private final NodeProof proof;
    private final Clock clock;
    private final XdsPublisher publisher;
    private final EvidenceIntake intake;
    private final RemoteNodes remote;

    /**
     * What the server's work runs on; ended with the server.
     *
     * @param streams calls of nodes, each one step at a time; few threads however many nodes
     * @param publishing committed states; one thread
     * @param kills nothing else; one thread
     */
    public record Lanes(
            ExecutorService streams, ExecutorService publishing, ExecutorService kills) {
        /** Threads of their own. */
        static Lanes threads() {
            return new Lanes(
                    Executors.newFixedThreadPool(
                            Math.max(2, Runtime.getRuntime().availableProcessors()),
                            Thread.ofPlatform().name("xds-stream-", 0).daemon().factory()),
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("xds-publish").daemon().factory()),
                    Executors.newSingleThreadExecutor(
                            Thread.ofPlatform().name("xds-kill").daemon().factory()));
        }
    }

    /** On threads of its own. */
    public XdsServer(NodeLedger ledger, EvidenceTotals evidence, NodeProof proof, Clock clock) {
        this(ledger, evidence, proof, clock, Lanes.threads());
    }

    /**
     * @param ledger where nodes are known
     * @param evidence where reports are added up
     * @param proof what nodes must prove
     */
    public XdsServer(
            NodeLedger ledger, EvidenceTotals evidence, NodeProof proof, Clock clock, Lanes lanes) {
        this.proof = proof;
        this.ledger = ledger;
        this.evidence = evidence;
        this.clock = clock;
        this.lanes = lanes;
        this.publisher = new XdsPublisher(hub, ledger, lanes.publishing(), lanes.kills());
        this.intake = new EvidenceIntake(evidence, ledger, names, clock);
        this.remote = new RemoteNodes(ledger, intake);
    }

    /** Where committed state goes. */
    public Publisher publisher() {
        return publisher;
    }

    /** Nodes of other replicas. */
    public RemoteNodes remote() {
        return remote;
    }

    /**
     * Gives every report of a sidecar to another too, from the next ones on, which are whole.
     *
     * @param other returns at once; a report that it does not ask for is not made
     */
    public void copyEvidence(Consumer<Supplier<EvidenceReport>> other) {
        intake.copyTo(other);
        intake.restart();
    }

    /** Whether a node has accepted its routes as of this place of the log. */
    public boolean hasAccepted(NodeName node, long seq) {
        return ledger.acceptedUpTo(node).orElse(-1) >= seq;
    }

    /** What the nodes have told of themselves by now. */
    public FleetReport fleet() {
        return new FleetReport(
                evidence.applied(),
                evidence.lastHeard(),
                ledger.accepted(),
                ledger::structureAt,
                evidence::callers);
    }

    /**
     * What the server of these services is to call them on: a thread for each call that waits would
     * be thousands when all nodes answer at once.
     */
    public Executor calls() {
        return lanes.streams();
    }

    /**
     * What each call is served on. Gates and reports are small and wait for nothing, so they are
     * served where they are read; a thread between would cost more than they do. Structure may have
     * to be rendered first.
     */
    public ServerCallExecutorSupplier callsByService() {
        return new ServerCallExecutorSupplier() {
            @Override
            public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                String service = call.getMethodDescriptor().getServiceName();
                return SHORT.contains(String.valueOf(service))
                        ? MoreExecutors.directExecutor()
                        : lanes.streams();
            }
        };
    }

    /** The services that nodes call. */
    public List<ServerServiceDefinition> services() {
        V3DiscoveryServer server =
                new V3DiscoveryServer(
                        List.<DiscoveryServerCallbacks>of(),
                        new StructureWatcher(),
                        () -> MoreExecutors.newSequentialExecutor(lanes.streams()),
                        new DefaultProtoResourcesSerializer());
        StreamTracking tracking = new StreamTracking(ledger);
        List<ServerServiceDefinition> services = new ArrayList<>();
        for (BindableService service :
                List.of(
                        server.getAggregatedDiscoveryServiceImpl(),
                        server.getClusterDiscoveryServiceImpl(),
                        server.getEndpointDiscoveryServiceImpl(),
                        server.getListenerDiscoveryServiceImpl(),
                        server.getRouteDiscoveryServiceImpl())) {
            services.add(ServerInterceptors.intercept(service, tracking));
        }
        services.add(new GateDiscovery(hub, ledger, names).bindService());
        services.add(intake.bindService());
        services.add(
                new LoadReports(
                                evidence,
                                ledger,
                                publisher::served,
                                this::hasAccepted,
                                clock,
                                new SecureRandom())
                        .bindService());
        return services.stream()
                .map(service -> ServerInterceptors.intercept(service, ProvenPeer.noting(proof)))
                .toList();
    }

    @Override
    public void close() {
        lanes.publishing().shutdownNow();
        lanes.kills().shutdownNow();
        lanes.streams().shutdownNow();
    }
}
