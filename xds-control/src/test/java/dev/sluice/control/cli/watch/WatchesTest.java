package dev.sluice.control.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.ApprovalChange;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.PendingApproval;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.WatchApprovalsRequest;
import dev.sluice.admin.v1.WatchMigrationsRequest;
import dev.sluice.control.cli.CommandRun;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private final FakeMigrations migrations = new FakeMigrations();
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(migrations, new FakeApprovals());
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void all_migrations_are_told_as_they_are_and_as_they_change() {
        CommandRun.Result result = cli.run("migration", "watch", "--resume-token", "1-2-3");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(migrations.token).isEqualTo("1-2-3");
        assertThat(result.out().lines())
                .containsExactly(
                        "migrations/names ACTIVE RAMP (MOVING): its keys move",
                        "-- 2 migrations, now watching changes",
                        "migrations/old deleted");
    }

    @Test
    void machines_get_each_token_to_go_on_from() {
        CommandRun.Result result = cli.run("migration", "watch", "-o", "json");

        assertThat(result.out().lines()).hasSize(4).last().asString().contains("\"1-9-3\"");
    }

    @Test
    void a_watch_that_breaks_goes_on_where_it_broke_and_nothing_is_told_twice_or_lost()
            throws IOException {
        var breaking = new BreakingMigrations();
        try (var run = new CommandRun(breaking)) {
            CommandRun.Result result = run.run("migration", "watch");

            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out().lines())
                    .containsExactly(
                            "migrations/a ACTIVE EXPAND (RESTING): first",
                            "migrations/b ACTIVE EXPAND (RESTING): first",
                            "-- 2 migrations, now watching changes",
                            "migrations/a ACTIVE EXPAND (RESTING): second",
                            "-- the connection broke; watching again",
                            "migrations/a ACTIVE EXPAND (RESTING): third",
                            "migrations/b deleted",
                            "migrations/c ACTIVE EXPAND (RESTING): first");
        }
        assertThat(breaking.tokens).containsExactly("", "1-2-3");
    }

    @Test
    void a_watch_that_never_began_or_is_refused_ends_with_the_reason() throws IOException {
        var breaking = new BreakingMigrations();
        breaking.failure = Status.UNAVAILABLE;
        breaking.atOnce = true;
        try (var run = new CommandRun(breaking)) {
            assertThat(run.run("migration", "watch").exitCode()).isNotZero();
            breaking.failure = Status.RESOURCE_EXHAUSTED;
            breaking.atOnce = false;
            assertThat(run.run("migration", "watch").exitCode()).isNotZero();
        }
        assertThat(breaking.tokens).containsExactly("", "");
    }

    /** The first watch breaks after a change, before it says how far it has come. */
    private static final class BreakingMigrations extends MigrationServiceImplBase {
        private final List<String> tokens = new ArrayList<>();
        private Status failure = Status.UNAVAILABLE;
        private boolean atOnce;

        @Override
        public void watchMigrations(
                WatchMigrationsRequest request, StreamObserver<MigrationChange> observer) {
            tokens.add(request.getResumeToken());
            if (atOnce) {
                observer.onError(failure.asRuntimeException());
            } else if (request.getResumeToken().isEmpty()) {
                observer.onNext(migration("a", "first"));
                observer.onNext(migration("b", "first"));
                observer.onNext(inSync("1-2-3", "a", "b"));
                observer.onNext(migration("a", "second"));
                observer.onError(failure.asRuntimeException());
            } else {
                observer.onNext(migration("a", "second"));
                observer.onNext(migration("a", "third"));
                observer.onNext(inSync("1-4-3", "a"));
                observer.onNext(migration("c", "first"));
                observer.onCompleted();
            }
        }

        private static MigrationChange migration(String id, String message) {
            return MigrationChange.newBuilder()
                    .setMigration(
                            Migration.newBuilder()
                                    .setName("migrations/" + id)
                                    .setState(Migration.State.ACTIVE)
                                    .setPhase(Phase.EXPAND)
                                    .setProgress(Migration.Progress.RESTING)
                                    .setStatusMessage(message))
                    .build();
        }

        private static MigrationChange inSync(String token, String... ids) {
            var inSync = MigrationChange.InSync.newBuilder().setResumeToken(token);
            Stream.of(ids).forEach(id -> inSync.addNames("migrations/" + id));
            return MigrationChange.newBuilder().setInSync(inSync).build();
        }
    }

    @Test
    void what_waits_for_people_is_told_with_whose_word_is_missing() {
        assertThat(cli.run("approval", "watch").out().lines())
                .containsExactly(
                        "migrations/names of team-a, risk HIGH, in EXPAND since 2m ago, 0 answers,"
                                + " waits for 1 approvals; the group dba",
                        "-- now watching changes",
                        "migrations/names waits for nobody any more");
    }

    private static final class FakeMigrations extends MigrationServiceImplBase {
        private String token = "";

        @Override
        public void watchMigrations(
                WatchMigrationsRequest request, StreamObserver<MigrationChange> observer) {
            token = request.getResumeToken();
            Stream.of(
                            MigrationChange.newBuilder()
                                    .setMigration(
                                            Migration.newBuilder()
                                                    .setName("migrations/names")
                                                    .setState(Migration.State.ACTIVE)
                                                    .setPhase(Phase.RAMP)
                                                    .setProgress(Migration.Progress.MOVING)
                                                    .setStatusMessage("its keys move")),
                            inSync("1-8-3"),
                            MigrationChange.newBuilder().setDeleted("migrations/old"),
                            inSync("1-9-3"))
                    .forEach(change -> observer.onNext(change.build()));
            observer.onCompleted();
        }

        private static MigrationChange.Builder inSync(String token) {
            return MigrationChange.newBuilder()
                    .setInSync(
                            MigrationChange.InSync.newBuilder()
                                    .setResumeToken(token)
                                    .addAllNames(List.of("migrations/names", "migrations/old")));
        }
    }

    private static final class FakeApprovals extends ApprovalServiceImplBase {
        @Override
        public void watchApprovals(
                WatchApprovalsRequest request, StreamObserver<ApprovalChange> observer) {
            Stream.of(
                            ApprovalChange.newBuilder()
                                    .setPending(
                                            PendingApproval.newBuilder()
                                                    .setMigration("migrations/names")
                                                    .setOwner("team-a")
                                                    .setRisk(Migration.Risk.HIGH)
                                                    .setPhase(Phase.EXPAND)
                                                    .setSince(
                                                            Timestamp.newBuilder()
                                                                    .setSeconds(
                                                                            CommandRun.NOW
                                                                                            .getEpochSecond()
                                                                                    - 120))
                                                    .addMissing(expected("1 approvals"))
                                                    .addMissing(expected("the group dba"))),
                            ApprovalChange.newBuilder().setInSync(Empty.getDefaultInstance()),
                            ApprovalChange.newBuilder().setSettled("migrations/names"))
                    .forEach(change -> observer.onNext(change.build()));
            observer.onCompleted();
        }

        private static Blocker expected(String text) {
            return Blocker.newBuilder().setExpected(text).build();
        }
    }
}
