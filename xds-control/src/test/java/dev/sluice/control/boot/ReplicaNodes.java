package dev.sluice.control.boot;

import dev.sluice.control.xds.Nodes;
import dev.sluice.evidence.v1.AppliedGate;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceReport;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import dev.sluice.gate.v1.GateRevision;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Nodes of one of several control planes, by the streams that they hold. */
final class ReplicaNodes {
    private ReplicaNodes() {}

    static StreamObserver<DeltaDiscoveryRequest> connect(Replica replica, String id) {
        return connect(replica, id, new CompletableFuture<>());
    }

    static StreamObserver<DeltaDiscoveryRequest> connect(
            Replica replica, String id, CompletableFuture<DeltaDiscoveryResponse> first) {
        return subscribe(
                replica,
                id,
                response -> {
                    first.complete(response);
                });
    }

    static StreamObserver<DeltaDiscoveryRequest> connectToHearOfKill(
            Replica replica, CompletableFuture<DeltaDiscoveryResponse> killed) {
        var has = new CompletableFuture<Void>();
        StreamObserver<DeltaDiscoveryRequest> stream =
                subscribe(
                        replica,
                        "node-3",
                        response -> {
                            if (has.isDone()) {
                                killed.complete(response);
                            }
                            has.complete(null);
                        });
        Patience.await(has, "the gate before the kill");
        return stream;
    }

    static StreamObserver<DeltaDiscoveryRequest> subscribe(
            Replica replica, String id, Consumer<DeltaDiscoveryResponse> heard) {
        StreamObserver<DeltaDiscoveryRequest> stream =
                GateDiscoveryServiceGrpc.newStub(replica.nodes())
                        .deltaGates(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(DeltaDiscoveryResponse response) {
                                        heard.accept(response);
                                    }

                                    @Override
                                    public void onError(Throwable broken) {}

                                    @Override
                                    public void onCompleted() {}
                                });
        stream.onNext(
                DeltaDiscoveryRequest.newBuilder()
                        .setNode(Nodes.sluice(id, 1))
                        .addResourceNamesSubscribe("gates/orders")
                        .build());
        return stream;
    }

    static StreamObserver<EvidenceReport> report(Replica replica) {
        return EvidenceServiceGrpc.newStub(replica.nodes())
                .streamEvidence(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(EvidenceReceipt receipt) {}

                            @Override
                            public void onError(Throwable broken) {}

                            @Override
                            public void onCompleted() {}
                        });
    }

    static EvidenceReport applied(long number) {
        return EvidenceReport.newBuilder()
                .setNodeId("node-1")
                .setBootId("0a".repeat(16))
                .setSequence(1)
                .addApplied(
                        AppliedGate.newBuilder()
                                .setGate("gates/orders")
                                .setRevision(
                                        GateRevision.newBuilder().setEpoch(1).setNumber(number)))
                .build();
    }
}
