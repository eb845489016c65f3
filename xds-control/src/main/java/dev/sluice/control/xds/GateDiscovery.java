package dev.sluice.control.xds;

import dev.sluice.control.evidence.GateNames;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** {@code GateDiscoveryService}: a {@link GateStream} for each call. Thread-safe. */
final class GateDiscovery extends GateDiscoveryServiceGrpc.GateDiscoveryServiceImplBase {
    private final GateHub hub;
    private final NodeLedger ledger;
    private final GateNames names;

    GateDiscovery(GateHub hub, NodeLedger ledger, GateNames names) {
        this.hub = hub;
        this.ledger = ledger;
        this.names = names;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaGates(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        GateStream stream =
                new GateStream(
                        hub,
                        ledger,
                        names,
                        (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses);
        hub.add(stream);
        return stream;
    }
}
