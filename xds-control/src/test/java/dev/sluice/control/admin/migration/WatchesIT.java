package dev.sluice.control.admin.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.WatchApprovalsRequest;
import dev.sluice.admin.v1.WatchMigrationsRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.governance.User;
import dev.sluice.control.path.Outcome;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.Patience;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watches of migrations and of what waits for people. */
class WatchesIT {
    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void two_migrations() throws IOException {
        plane =
                new AdminPlane(
                        folder,
                        List.of(new User("ada", new Rights(Set.of(Role.APPROVER), Set.of()))));
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        for (String id : List.of("a", "b")) {
            give(new Command.CreateGate(Fixtures.gate(id, "orders", 0)));
            plan(id, id);
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void a_watch_that_comes_back_gets_only_what_changed_and_all_names() {
        try (var first = new Watch("")) {
            assertThat(first.nextMigration()).isEqualTo("migrations/a");
            assertThat(first.nextMigration()).isEqualTo("migrations/b");
            MigrationChange.InSync begun = first.nextInSync();
            assertThat(begun.getNamesList()).containsExactly("migrations/a", "migrations/b");

            give(new Command.AdvanceMigration(new MigrationName("a")));
            assertThat(first.nextMigration()).isEqualTo("migrations/a");
            String token = first.nextInSync().getResumeToken();
            assertThat(token).isNotEqualTo(begun.getResumeToken());

            try (var same = new Watch(token)) {
                assertThat(same.changes.next().hasInSync()).as("nothing changed").isTrue();
            }
            give(new Command.DeleteMigration(new MigrationName("b")));
            assertThat(first.changes.next().getDeleted()).isEqualTo("migrations/b");
            plan("c", "b");
            try (var later = new Watch(token)) {
                assertThat(later.nextMigration()).isEqualTo("migrations/c");
                assertThat(later.nextInSync().getNamesList())
                        .containsExactly("migrations/a", "migrations/c");
            }
        }
    }

    @Test
    void what_migrations_are_shown_with_counts_as_their_change() {
        String token;
        try (var watch = new Watch("")) {
            token = watch.inSync().getResumeToken();
        }
        ask(1);

        try (var later = new Watch(token)) {
            assertThat(later.nextMigration()).isEqualTo("migrations/a");
            assertThat(later.nextMigration()).isEqualTo("migrations/b");
        }
        try (var other = new Watch("7-1-1")) {
            assertThat(other.nextMigration()).as("another life").isEqualTo("migrations/a");
        }
    }

    @Test
    void a_token_that_is_none_is_refused() {
        assertThatThrownBy(() ->
                        MigrationServiceGrpc.newBlockingStub(plane.admin())
                                .watchMigrations(
                                        WatchMigrationsRequest.newBuilder()
                                                .setResumeToken("yesterday")
                                                .build())
                                .next())
                .hasMessageContaining("INVALID_ARGUMENT: resume_token");
    }

    @Test
    void what_waits_for_people_is_told_until_they_have_said_it() {
        Mailbox<ApprovalChange> changes = new Mailbox<>("a change of approvals");
        try (var call = Context.current().withCancellation()) {
            call.run(() ->
                    ApprovalServiceGrpc.newStub(plane.admin())
                            .watchApprovals(
                                    WatchApprovalsRequest.getDefaultInstance(), into(changes)));
            assertThat(changes.next().hasInSync()).as("nobody is asked").isTrue();

            ask(1);
            var pending = changes.next().getPending();
            assertThat(pending.getMigration()).isEqualTo("migrations/a");
            assertThat(pending.getPlanDigest()).hasSize(64);
            assertThat(pending.getMissing(0).getExpected()).startsWith("1 approvals of plan");
            assertThat(changes.next().getPending().getMigration()).isEqualTo("migrations/b");

            give(
                    new Command.AnswerMigration(
                            new MigrationName("a"),
                            plane.path()
                                    .feed()
                                    .latest()
                                    .migration(new MigrationName("a"))
                                    .orElseThrow()
                                    .consent()
                                    .plan(),
                            Answer.APPROVED,
                            Set.of()),
                    CommandContext.of(
                            new Principal("ada", Principal.AuthMethod.TOKEN),
                            InstantSource.system().instant()));
            assertThat(changes.next().getSettled()).isEqualTo("migrations/a");
        }
    }

    private final class Watch implements AutoCloseable {
        private final Mailbox<MigrationChange> changes = new Mailbox<>("a change of migrations");
        private final Context.CancellableContext call = Context.current().withCancellation();

        Watch(String token) {
            call.run(() ->
                    MigrationServiceGrpc.newStub(plane.admin())
                            .watchMigrations(
                                    WatchMigrationsRequest.newBuilder()
                                            .setResumeToken(token)
                                            .build(),
                                    into(changes)));
        }

        String nextMigration() {
            return changes.next().getMigration().getName();
        }

        MigrationChange.InSync nextInSync() {
            return changes.next().getInSync();
        }

        MigrationChange.InSync inSync() {
            return changes.next("in sync", MigrationChange::hasInSync).getInSync();
        }

        @Override
        public void close() {
            call.cancel(null);
        }
    }

    private static <T> StreamObserver<T> into(Mailbox<T> changes) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T change) {
                changes.put(change);
            }

            @Override
            public void onError(Throwable failure) {
                // its end, which the test asked for
            }

            @Override
            public void onCompleted() {}
        };
    }

    private void plan(String id, String gate) {
        give(
                new Command.CreateMigration(
                        Fixtures.migration(id, gate, StoreKind.SHARED, List.of("db/" + id))));
    }

    private void ask(int quorum) {
        give(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                Risk.HIGH, quorum, List.of(), Duration.ofDays(1), Duration.ZERO)));
    }

    private void give(Command command) {
        give(command, Fixtures.admin());
    }

    private void give(Command command, CommandContext context) {
        Optional<String> etag =
                command instanceof Command.AdvanceMigration(var name)
                        ? plane.path()
                                .feed()
                                .latest()
                                .migration(name)
                                .map(migration -> migration.meta().etag())
                        : Optional.empty();
        CommandContext whole = etag.map(context::withEtag).orElse(context);
        assertThat(Patience.await(plane.path().submit(command, whole), command.toString()))
                .as(command.toString())
                .isInstanceOf(Outcome.Accepted.class);
    }
}
