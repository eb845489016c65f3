package dev.sluice.control.admin.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.BackUpLogRequest;
import dev.sluice.admin.v1.GetOperationRequest;
import dev.sluice.admin.v1.ListOperationsRequest;
import dev.sluice.admin.v1.ListOperationsResponse;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.OperationServiceGrpc;
import dev.sluice.admin.v1.OperationServiceGrpc.OperationServiceBlockingStub;
import dev.sluice.admin.v1.VerifyLogRequest;
import dev.sluice.admin.v1.WatchOperationRequest;
import dev.sluice.contract.GateName;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.path.Outcome;
import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations over the wire, as people follow them. */
class OperationApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;
    private OperationServiceBlockingStub operations;

    @BeforeEach
    void some_events() throws IOException {
        plane = new AdminPlane(folder);
        operations = OperationServiceGrpc.newBlockingStub(plane.admin());
        for (int i = 0; i < 5; i++) {
            assertThat(
                            Patience.await(
                                    plane.path()
                                            .submit(
                                                    new Command.CreateService(
                                                            Fixtures.service("s" + i)),
                                                    Fixtures.admin()),
                                    "a service"))
                    .isInstanceOf(Outcome.Accepted.class);
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_log_is_verified_while_it_is_written_and_people_follow_it() {
        Operation begun = operations.verifyLog(VerifyLogRequest.getDefaultInstance());
        assertThat(begun.getMetadata().getActor()).isEqualTo("admin");
        assertThat(begun.getMetadata().getTotal()).as("its own beginning too").isEqualTo(6);

        try (var cli = new CommandRun().overTheNetwork()) {
            CommandRun.Result watched =
                    cli.run(
                            "operation",
                            "watch",
                            begun.getName(),
                            "--server",
                            "127.0.0.1:" + plane.port(),
                            "--token",
                            plane.token());

            assertThat(watched.exitCode()).as(watched.err()).isZero();
            assertThat(watched.out().lines().toList().getLast())
                    .startsWith(begun.getName() + " 6/6 whole, digest ");
        } catch (IOException e) {
            throw new AssertionError(e);
        }

        Operation done =
                operations.getOperation(
                        GetOperationRequest.newBuilder().setName(begun.getName()).build());
        assertThat(done.getDone()).isTrue();
        assertThat(done.getLogVerified().getSequence()).isEqualTo(6);
        assertThat(done.getLogVerified().getDigest()).hasSize(64);
        assertThat(done.getMetadata().hasEndTime()).isTrue();
        assertThat(
                        operations
                                .listOperations(ListOperationsRequest.getDefaultInstance())
                                .getOperationsList())
                .containsExactly(done);
    }

    @Test
    void keys_go_back_in_steps_that_people_follow() throws IOException {
        for (Command command :
                List.of(
                        new Command.CreateService(Fixtures.service("orders")),
                        new Command.CreateVersion(Fixtures.version("orders", "v1")),
                        new Command.CreateVersion(Fixtures.version("orders", "v2")),
                        new Command.CreateGate(Fixtures.gate("orders", "orders", 300_000)))) {
            assertThat(Patience.await(plane.path().submit(command, Fixtures.admin()), "a gate"))
                    .isInstanceOf(Outcome.Accepted.class);
        }
        try (var cli = new CommandRun().overTheNetwork()) {
            String[] server = {"--server", "127.0.0.1:" + plane.port(), "--token", plane.token()};
            CommandRun.Result refused =
                    run(cli, server, "gate", "rollback", "orders", "--reason", "x", "--dwell=PT1S");
            assertThat(refused.err()).contains("without --gradual");
            refused = run(cli, server, "gate", "rollback", "none", "--reason", "x", "--gradual");
            assertThat(refused.err()).contains("gates/none");

            CommandRun.Result begun =
                    run(
                            cli,
                            server,
                            "gate",
                            "rollback",
                            "orders",
                            "--gradual",
                            "--steps",
                            "10%",
                            "--dwell",
                            "PT1S",
                            "--reason",
                            "slow");
            assertThat(begun.exitCode()).as(begun.err()).isZero();
            String name =
                    operations
                            .listOperations(ListOperationsRequest.getDefaultInstance())
                            .getOperations(0)
                            .getName();
            CommandRun.Result watched = run(cli, server, "operation", "watch", name);

            assertThat(watched.exitCode()).as(watched.err()).isZero();
            assertThat(watched.out().lines().toList().getLast())
                    .isEqualTo(name + " 2/2 taken back to 0%");
        }
        assertThat(
                        plane.path()
                                .feed()
                                .latest()
                                .gate(new GateName("orders"))
                                .orElseThrow()
                                .content()
                                .share()
                                .isNone())
                .isTrue();
    }

    private static CommandRun.Result run(CommandRun cli, String[] server, String... command) {
        return cli.run(Stream.concat(Stream.of(command), Stream.of(server)).toArray(String[]::new));
    }

    @Test
    void a_backup_is_asked_for_once_by_a_request_and_waited_for() throws IOException {
        var request =
                BackUpLogRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setReason("before the upgrade")
                        .build();
        Operation begun = operations.backUpLog(request);
        assertThat(begun.getMetadata().getKind()).isEqualTo("log.backup");
        assertThat(begun.getMetadata().getReason()).isEqualTo("before the upgrade");
        try (var cli = new CommandRun().overTheNetwork()) {
            String[] server = {"--server", "127.0.0.1:" + plane.port(), "--token", plane.token()};
            CommandRun.Result waited = run(cli, server, "operation", "wait", begun.getName());
            assertThat(waited.exitCode()).as(waited.err()).isZero();
            assertThat(waited.out()).contains("log.backup", " at here");
        }

        assertThat(operations.backUpLog(request).getName())
                .as("a repeated request begins nothing")
                .isEqualTo(begun.getName());
        assertThat(operations.backUpLog(request).getBackedUp().getReplica()).isEqualTo("here");
    }

    @Test
    void operations_are_listed_page_by_page_the_newest_first() {
        List<String> begun = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Operation one = operations.verifyLog(VerifyLogRequest.getDefaultInstance());
            Iterator<Operation> watched =
                    operations
                            .withDeadlineAfter(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)
                            .watchOperation(
                                    WatchOperationRequest.newBuilder()
                                            .setName(one.getName())
                                            .build());
            watched.forEachRemaining(_ -> {});
            begun.addFirst(one.getName());
        }
        ListOperationsResponse first =
                operations.listOperations(
                        ListOperationsRequest.newBuilder().setPageSize(2).build());
        ListOperationsResponse second =
                operations.listOperations(
                        ListOperationsRequest.newBuilder()
                                .setPageSize(2)
                                .setPageToken(first.getNextPageToken())
                                .build());

        List<Operation> both = new ArrayList<>(first.getOperationsList());
        both.addAll(second.getOperationsList());
        assertThat(first.getOperationsList()).hasSize(2);
        assertThat(both).extracting(Operation::getName).containsExactlyElementsOf(begun);
        assertThat(second.getNextPageToken()).isEmpty();
        assertThatThrownBy(() ->
                        operations.listOperations(
                                ListOperationsRequest.newBuilder().setPageToken("bm9uZQ").build()))
                .hasMessageContaining("page_token");
    }

    @Test
    void an_operation_that_is_not_known_is_not_found() {
        assertThatThrownBy(() ->
                        operations.getOperation(
                                GetOperationRequest.newBuilder()
                                        .setName("operations/none")
                                        .build()))
                .hasMessageContaining("NOT_FOUND");
    }
}
