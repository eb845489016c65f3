package dev.sluice.control.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateChange;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceImplBase;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.Node;
import dev.sluice.admin.v1.NodeServiceGrpc.NodeServiceImplBase;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceImplBase;
import dev.sluice.admin.v1.PendingApproval;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceImplBase;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.RolledBack;
import dev.sluice.admin.v1.Rollout;
import dev.sluice.admin.v1.WatchApprovalsRequest;
import dev.sluice.admin.v1.WatchGatesRequest;
import dev.sluice.admin.v1.WatchMigrationRequest;
import dev.sluice.admin.v1.WatchNodesRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.admin.v1.WatchRampRequest;
import dev.sluice.control.cli.CommandRun;
import io.grpc.BindableService;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Watches whose connection breaks: nothing is told twice, and nothing is lost. */
class BrokenWatchesTest {
    private static final String AGAIN = "-- the connection broke; watching again";

    @Test
    void gates_that_changed_or_went_away_meanwhile_are_told() throws IOException {
        var connections =
                new Connections<>(
                        List.of(
                                List.of(gate("a", 1, 1), gate("b", 1, 1), gatesInSync()),
                                List.of(gate("a", 1, 1)), // breaks before it told everything
                                List.of(gate("a", 2, 2), gatesInSync(), gate("c", 3, 3))));

        CommandRun.Result result =
                run(
                        new GateServiceImplBase() {
                            @Override
                            public void watchGates(
                                    WatchGatesRequest request,
                                    StreamObserver<GateChange> observer) {
                                connections.tell(observer);
                            }
                        },
                        "gate",
                        "watch");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" 0%.*applied", "")))
                .containsExactly(
                        "gates/a 1/1",
                        "gates/b 1/1",
                        "-- now watching changes",
                        AGAIN,
                        AGAIN,
                        "gates/a 2/2",
                        "gates/b deleted",
                        "gates/c 3/3");
    }

    @Test
    void a_gate_is_waited_for_until_it_is_applied_over_a_broken_connection() throws IOException {
        var connections =
                new Connections<>(
                        List.of(
                                List.of(gate("a", 0, 1), gate("b", 0, 1), gatesInSync()),
                                List.of(gate("a", 1, 1), gatesInSync())));

        CommandRun.Result result =
                run(
                        new GateServiceImplBase() {
                            @Override
                            public void watchGates(
                                    WatchGatesRequest request,
                                    StreamObserver<GateChange> observer) {
                                connections.tell(observer);
                            }
                        },
                        "gate",
                        "watch",
                        "--until-applied");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains(AGAIN, "gates/b deleted");
    }

    @Test
    void approvals_that_were_settled_meanwhile_are_told() throws IOException {
        var inSync = ApprovalChange.newBuilder().setInSync(Empty.getDefaultInstance()).build();
        var connections =
                new Connections<>(
                        List.of(
                                List.of(pending("a"), pending("b"), inSync),
                                List.of(pending("b"), inSync)));

        CommandRun.Result result =
                run(
                        new ApprovalServiceImplBase() {
                            @Override
                            public void watchApprovals(
                                    WatchApprovalsRequest request,
                                    StreamObserver<ApprovalChange> observer) {
                                connections.tell(observer);
                            }
                        },
                        "approval",
                        "watch");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll(" of .*", "")))
                .containsExactly(
                        "migrations/a",
                        "migrations/b",
                        "-- now watching changes",
                        AGAIN,
                        "migrations/a waits for nobody any more");
    }

    @Test
    void nodes_that_are_told_again_are_printed_where_they_changed() throws IOException {
        var connections =
                new Connections<>(
                        List.of(
                                List.of(node("a", Node.Connection.CONNECTED)),
                                List.of(
                                        node("a", Node.Connection.CONNECTED).toBuilder()
                                                .setLastSeenTime(Timestamps.fromSeconds(9))
                                                .build(),
                                        node("a", Node.Connection.LOST))));

        CommandRun.Result result =
                run(
                        new NodeServiceImplBase() {
                            @Override
                            public void watchNodes(
                                    WatchNodesRequest request, StreamObserver<Node> observer) {
                                connections.tell(observer);
                            }
                        },
                        "node",
                        "watch");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out().lines().map(line -> line.replaceAll("^nodes/a \\S+ |,.*", "")))
                .containsExactly("CONNECTED", AGAIN, "LOST");
    }

    @Test
    void a_ramp_a_migration_and_an_operation_are_followed_to_their_end() throws IOException {
        var ramps =
                new Connections<>(
                        List.of(
                                List.of(ramp(RampState.RUNNING)),
                                List.of(ramp(RampState.RUNNING), ramp(RampState.ROLLED_BACK))));
        CommandRun.Result ramp =
                run(
                        new RampServiceImplBase() {
                            @Override
                            public void watchRamp(
                                    WatchRampRequest request, StreamObserver<Ramp> observer) {
                                ramps.tell(observer);
                            }
                        },
                        "ramp",
                        "watch",
                        "r");
        assertThat(ramp.exitCode()).as(ramp.err()).isEqualTo(1);
        assertThat(ramp.out().lines()).hasSize(3);

        var migrations =
                new Connections<>(
                        List.of(
                                List.of(migration(Migration.State.ACTIVE)),
                                List.of(migration(Migration.State.ABANDONED))));
        CommandRun.Result migration =
                run(
                        new MigrationServiceImplBase() {
                            @Override
                            public void watchMigration(
                                    WatchMigrationRequest request,
                                    StreamObserver<Migration> observer) {
                                migrations.tell(observer);
                            }
                        },
                        "migration",
                        "watch",
                        "m");
        assertThat(migration.exitCode()).as(migration.err()).isEqualTo(1);
        assertThat(migration.out().lines()).hasSize(3);

        Operation running = Operation.newBuilder().setName("operations/o").build();
        var operations =
                new Connections<>(
                        List.of(
                                List.of(running),
                                List.of(
                                        running,
                                        running.toBuilder()
                                                .setDone(true)
                                                .setRolledBack(RolledBack.getDefaultInstance())
                                                .build())));
        CommandRun.Result operation =
                run(
                        new OperationServiceImplBase() {
                            @Override
                            public void watchOperation(
                                    WatchOperationRequest request,
                                    StreamObserver<Operation> observer) {
                                operations.tell(observer);
                            }
                        },
                        "operation",
                        "wait",
                        "o");
        assertThat(operation.exitCode()).as(operation.err()).isZero();
        assertThat(operation.out()).contains(AGAIN, "taken back to 0%").doesNotContain("running");
    }

    @Test
    void a_watch_that_told_nothing_ends_with_its_failure() throws IOException {
        var connections = new Connections<Node>(List.of(List.of(), List.of()));

        CommandRun.Result result =
                run(
                        new NodeServiceImplBase() {
                            @Override
                            public void watchNodes(
                                    WatchNodesRequest request, StreamObserver<Node> observer) {
                                connections.tell(observer);
                            }
                        },
                        "node",
                        "watch");

        assertThat(result.exitCode()).isNotZero();
        assertThat(connections.left()).isTrue();
    }

    private static CommandRun.Result run(BindableService service, String... command)
            throws IOException {
        try (var run = new CommandRun(service)) {
            return run.run(command);
        }
    }

    private static GateChange gate(String id, int applied, int nodes) {
        return GateChange.newBuilder()
                .setGate(
                        Gate.newBuilder()
                                .setName("gates/" + id)
                                .setRollout(
                                        Rollout.newBuilder().setApplied(applied).setNodes(nodes)))
                .build();
    }

    private static GateChange gatesInSync() {
        return GateChange.newBuilder().setInSync(Empty.getDefaultInstance()).build();
    }

    private static ApprovalChange pending(String id) {
        return ApprovalChange.newBuilder()
                .setPending(PendingApproval.newBuilder().setMigration("migrations/" + id))
                .build();
    }

    private static Node node(String id, Node.Connection connection) {
        return Node.newBuilder().setName("nodes/" + id).setConnection(connection).build();
    }

    private static Ramp ramp(RampState state) {
        return Ramp.newBuilder().setName("ramps/r").setState(state).build();
    }

    private static Migration migration(Migration.State state) {
        return Migration.newBuilder().setName("migrations/m").setState(state).build();
    }

    /** What each connection tells; each but the last breaks after it. */
    private static final class Connections<A> {
        private final Iterator<List<A>> all;

        Connections(List<List<A>> all) {
            this.all = all.iterator();
        }

        void tell(StreamObserver<A> observer) {
            all.next().forEach(observer::onNext);
            if (all.hasNext()) {
                observer.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                observer.onCompleted();
            }
        }

        /** Whether there is one that nobody watched. */
        boolean left() {
            return all.hasNext();
        }
    }
}
