package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceBlockingStub;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.SetShareRequest;
import io.grpc.StatusRuntimeException;

/** Calls about the gate of {@link Replica#createOrders} at one of several control planes. */
final class ReplicaGates {
    private ReplicaGates() {}

    static void kill(Replica at) {
        var unused =
                gates(at)
                        .killGate(
                                KillGateRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setReason("smoke")
                                        .build());
    }

    static GateServiceBlockingStub gates(Replica replica) {
        return GateServiceGrpc.newBlockingStub(replica.admin());
    }

    static GetGateRequest orders() {
        return GetGateRequest.newBuilder().setName("gates/orders").build();
    }

    static SetShareRequest share(Replica from, int ppm) {
        return SetShareRequest.newBuilder()
                .setName("gates/orders")
                .setEtag(from.gate().meta().etag())
                .setSharePpm(ppm)
                .build();
    }

    static StatusRuntimeException refusedShare(Replica replica, int ppm) {
        StatusRuntimeException refused =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> gates(replica).setShare(share(replica, ppm)));
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }
}
