package dev.sluice.control.xds;

import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/** {@code GateDiscoveryService}: a {@link GateStream} for each call. Thread-safe. */
final class GateDiscovery extends GateDiscoveryServiceGrpc.GateDiscoveryServiceImplBase {
    private final GateHub hub;
    private final NodeLedger ledger;

    GateDiscovery(GateHub hub, NodeLedger ledger) {
        this.hub = hub;
        this.ledger = ledger;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaGates(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        GateStream stream =
                new GateStream(
                        hub, ledger, (ServerCallStreamObserver<DeltaDiscoveryResponse>) responses);
        hub.add(stream);
        return stream;
    }
}
