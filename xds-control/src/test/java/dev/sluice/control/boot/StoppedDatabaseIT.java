package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.GateServiceGrpc;
import dev.sluice.admin.v1.KillGateRequest;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.contract.GateName;
import dev.sluice.control.audit.LogCheck;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.store.LogReader;
import dev.sluice.control.store.PostgresServer;
import dev.sluice.control.xds.Nodes;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import dev.sluice.testkit.Patience;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server of the database ends under two control planes and comes back with its data. That it
 * may be away for as long as it likes is held on a manual clock ({@code LeaseTest}, {@code
 * OperationRunnerTest}).
 */
class StoppedDatabaseIT {
    private static final GateName ORDERS = Replica.ORDERS;

    @TempDir private Path folder;

    @Test
    void nodes_are_served_and_killed_without_it_and_all_goes_on_with_it() throws Exception {
        try (PostgresServer database = PostgresServer.startIn(folder.resolve("database"));
                Replica leader = Replica.start(folder.resolve("a"), database.port());
                Replica follower = Replica.start(folder.resolve("b"), database.port())) {
            leader.createOrders(250_000);
            Operation rollback = rollBackInSteps(leader);
            follower.await(
                    "the first step",
                    catalog ->
                            catalog.gate(ORDERS)
                                    .filter(gate -> gate.content().share().value() == 100_000)
                                    .isPresent());
            var node = new Node(follower, "node-1");
            node.await("the gate", gate -> gate.getSharePpm() == 100_000);
            long before = leader.catalog().seq();

            database.stop();

            for (Replica replica : List.of(leader, follower)) {
                assertThat(refusal(() -> createService(replica, "while-it-is-away")))
                        .as("a change at either")
                        .isEqualTo(Code.UNAVAILABLE);
            }
            var late = new Node(follower, "node-2");
            late.await("the gate from what the follower knows", gate -> !gate.hasKill());
            kill(follower);
            node.await("the kill", Gate::hasKill);
            late.await("the kill", Gate::hasKill);
            assertThat(refusal(() -> createService(leader, "still-away")))
                    .isEqualTo(Code.UNAVAILABLE);
            assertThat(leader.catalog().seq()).as("recorded by now").isEqualTo(before);

            database.restart();

            for (Replica replica : List.of(leader, follower)) {
                replica.await(
                        "the kill in the log",
                        catalog ->
                                catalog.gate(ORDERS)
                                        .filter(gate -> gate.content().kill().isPresent())
                                        .isPresent());
            }
            createService(follower, "after");
            assertThat(untilDone(follower, rollback).hasRolledBack())
                    .as("a rollback that was on its way")
                    .isTrue();
            long end = leader.catalog().seq();
            follower.await("all of it", catalog -> catalog.seq() >= end);
            try (LogReader log = LogReader.open(database.address())) {
                List<LoggedEvent> all = log.read(1, 1_000);
                var check = new LogCheck(List.of(), Optional.empty());
                assertThat(check.read(all)).as("a whole chain").isTrue();
                assertThat(all)
                        .filteredOn(event -> event.event() instanceof Event.KillPublished)
                        .as("the kill, told before it was recorded, once")
                        .hasSize(1);
                assertThat(all)
                        .filteredOn(event -> event.event() instanceof Event.ServicePut)
                        .extracting(event -> event.stamp().subject())
                        .as("what was refused was not done")
                        .containsExactly("services/orders", "services/after");
            }
            node.close();
            late.close();
        }
    }

    private static Operation rollBackInSteps(Replica at) {
        return OperationServiceGrpc.newBlockingStub(at.admin())
                .rollBack(
                        RollBackRequest.newBuilder()
                                .setTarget("gates/orders")
                                .addSharesPpm(100_000)
                                .setDwell(Duration.newBuilder().setSeconds(1))
                                .setReason("cold caches")
                                .build());
    }

    private static Operation untilDone(Replica at, Operation operation) {
        Iterator<Operation> states =
                OperationServiceGrpc.newBlockingStub(at.admin())
                        .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .watchOperation(
                                WatchOperationRequest.newBuilder()
                                        .setName(operation.getName())
                                        .build());
        Operation last = states.next();
        while (states.hasNext()) {
            last = states.next();
        }
        return last;
    }

    private static void createService(Replica replica, String id) {
        var unused =
                ServiceServiceGrpc.newBlockingStub(replica.admin())
                        .createService(
                                CreateServiceRequest.newBuilder()
                                        .setServiceId(id)
                                        .setService(Service.newBuilder().setOwner("team"))
                                        .build());
    }

    private static void kill(Replica at) {
        var unused =
                GateServiceGrpc.newBlockingStub(at.admin())
                        .killGate(
                                KillGateRequest.newBuilder()
                                        .setName("gates/orders")
                                        .setReason("smoke")
                                        .build());
    }

    private static Code refusal(Runnable call) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).as("a refusal").isNotNull();
        return refused.getStatus().getCode();
    }

    /** A sidecar that keeps what it was sent last. */
    private static final class Node implements StreamObserver<DeltaDiscoveryResponse> {
        private final StreamObserver<DeltaDiscoveryRequest> stream;
        private final List<Waiter> waiters = new ArrayList<>();
        private Gate last = Gate.getDefaultInstance();

        private record Waiter(Predicate<Gate> condition, CompletableFuture<Void> met) {}

        Node(Replica replica, String id) {
            stream = GateDiscoveryServiceGrpc.newStub(replica.nodes()).deltaGates(this);
            stream.onNext(
                    DeltaDiscoveryRequest.newBuilder()
                            .setNode(Nodes.sluice(id, 1))
                            .addResourceNamesSubscribe("gates/orders")
                            .build());
        }

        void await(String what, Predicate<Gate> condition) {
            var met = new CompletableFuture<Void>();
            synchronized (this) {
                waiters.add(new Waiter(condition, met));
                look();
            }
            Patience.await(met, what);
        }

        @Override
        public synchronized void onNext(DeltaDiscoveryResponse response) {
            response.getResourcesList()
                    .forEach(resource -> {
                        try {
                            last = resource.getResource().unpack(Gate.class);
                        } catch (InvalidProtocolBufferException e) {
                            throw new AssertionError(e);
                        }
                    });
            look();
        }

        private void look() {
            if (last.getName().isEmpty()) {
                return;
            }
            waiters.removeIf(waiter -> {
                boolean met = waiter.condition().test(last);
                if (met) {
                    waiter.met().complete(null);
                }
                return met;
            });
        }

        @Override
        public void onError(Throwable broken) {}

        @Override
        public void onCompleted() {}

        void close() {
            stream.onCompleted();
        }
    }
}
