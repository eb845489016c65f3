package dev.sluice.e2e.chaos;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.contract.gate.Gate;
import dev.sluice.testkit.grpc.GrpcClient;
import dev.sluice.testkit.grpc.GrpcClientCall;
import dev.sluice.testkit.grpc.GrpcEvent;
import dev.sluice.testkit.grpc.GrpcMethods;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The gate streams of many sidecars, each over a connection of its own. One that breaks is opened
 * again at once, without the patience of a real sidecar: the worst that can come. Thread-safe.
 */
final class Crowd implements AutoCloseable {
    private static final String TYPE = "type.googleapis.com/sluice.gate.v1.Gate";
    private static final MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> GATES =
            GrpcMethods.proto(
                    "sluice.gate.v1.GateDiscoveryService/DeltaGates",
                    DeltaDiscoveryRequest.getDefaultInstance(),
                    DeltaDiscoveryResponse.getDefaultInstance());
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Member> members = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** Connects so many; {@link #heard} says how far they are. */
    Crowd(int size, int port, String gate) {
        for (int i = 1; i <= size; i++) {
            Member member = new Member("crowd-" + i, GrpcClient.connect(port), gate);
            members.add(member);
            threads.add(Thread.ofVirtual().start(member::live));
        }
    }

    /** How many have heard of the gate on at least so many streams, one after the other. */
    long heard(int streams) {
        return members.stream().filter(member -> member.waits().size() >= streams).count();
    }

    /** How long each waited for the gate on the last stream, in milliseconds, sorted. */
    List<Long> lastWaits() {
        return members.stream()
                .filter(member -> !member.waits().isEmpty())
                .map(member -> TimeUnit.NANOSECONDS.toMillis(member.waits().getLast()))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        over.set(true);
        members.forEach(member -> member.client.close());
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One sidecar. */
    private final class Member {
        private final String id;
        private final GrpcClient client;
        private final String gate;
        private final List<Long> waits = new ArrayList<>(); // guarded by itself

        Member(String id, GrpcClient client, String gate) {
            this.id = id;
            this.client = client;
            this.gate = gate;
        }

        List<Long> waits() {
            synchronized (waits) {
                return List.copyOf(waits);
            }
        }

        void live() {
            while (!over.get()) {
                stream();
                LockSupport.parkNanos(PAUSE);
            }
        }

        /** From its opening to its end. */
        private void stream() {
            GrpcClientCall<DeltaDiscoveryRequest, DeltaDiscoveryResponse> call =
                    client.open(GATES, new Metadata());
            call.send(
                    DeltaDiscoveryRequest.newBuilder()
                            .setNode(node())
                            .setTypeUrl(TYPE)
                            .addResourceNamesSubscribe(gate)
                            .build());
            long asked = System.nanoTime();
            boolean first = true;
            while (true) {
                switch (call.awaitEvent()) {
                    case GrpcEvent.Message<DeltaDiscoveryResponse>(var response) -> {
                        call.send(
                                DeltaDiscoveryRequest.newBuilder()
                                        .setTypeUrl(TYPE)
                                        .setResponseNonce(response.getNonce())
                                        .build());
                        if (first && response.getResourcesCount() == 1) {
                            first = false;
                            synchronized (waits) {
                                waits.add(System.nanoTime() - asked);
                            }
                        }
                    }
                    case GrpcEvent.Closed<DeltaDiscoveryResponse> _ -> {
                        return;
                    }
                    default -> {}
                }
            }
        }

        private Node node() {
            Struct place =
                    Struct.newBuilder()
                            .putFields("service", text("services/edge"))
                            .putFields("bind_address", text("127.0.0.1"))
                            .putFields(
                                    "gate_contract_version",
                                    Value.newBuilder()
                                            .setNumberValue(Gate.CONTRACT_VERSION)
                                            .build())
                            .build();
            return Node.newBuilder()
                    .setId(id)
                    .setCluster("edge")
                    .setMetadata(
                            Struct.newBuilder()
                                    .putFields(
                                            "sluice",
                                            Value.newBuilder().setStructValue(place).build()))
                    .build();
        }

        private static Value text(String value) {
            return Value.newBuilder().setStringValue(value).build();
        }
    }
}
