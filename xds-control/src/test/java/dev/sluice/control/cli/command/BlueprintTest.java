package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.ApprovalAnswer;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceImplBase;
import dev.sluice.admin.v1.GateSet;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceImplBase;
import dev.sluice.admin.v1.GetGateRequest;
import dev.sluice.admin.v1.GetGateSetRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.ListBlockersResponse;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.gate.v1.Mode;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlueprintTest {
    private final Migration.Builder migration =
            Migration.newBuilder()
                    .setName("migrations/names")
                    .setDisplayName("Split <names> | twice")
                    .setOwner("team-a")
                    .setTarget("gateSets/names")
                    .setStore(Migration.StoreKind.SHARED)
                    .setRisk(Migration.Risk.HIGH)
                    .addRiskReasons("hot table")
                    .addTables("db/customers")
                    .setState(Migration.State.ACTIVE)
                    .setPhase(Phase.RAMP)
                    .setProgress(Migration.Progress.RESTING)
                    .setSince(Timestamp.newBuilder().setSeconds(60))
                    .addSteps(
                            RampStep.newBuilder()
                                    .setSharePpm(50_000)
                                    .setSoak(Duration.newBuilder().setSeconds(600))
                                    .setAdvance(RampStep.Advance.JUDGED))
                    .setSoak(RampStep.newBuilder().setSharePpm(1_000_000))
                    .addSoaks(
                            Migration.PhaseSoak.newBuilder()
                                    .setPhase(Phase.VERIFY)
                                    .setLeast(Duration.newBuilder().setSeconds(3_600)));
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        migration
                .addTimelineBuilder()
                .setSeq(7)
                .setPrincipal("ann")
                .setText("began\n# not a title");
        migration
                .addAnswersBuilder()
                .setPrincipal("bob")
                .setAnswer(ApprovalAnswer.Answer.APPROVED)
                .setReason("looks right");
        cli = new CommandRun(new Migrations(), new Sets(), new Gates());
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void a_migration_is_told_in_markdown_with_its_way_gates_blockers_and_owners() {
        String text = printed("migration", "blueprint", "names");

        assertThat(text)
                .startsWith("# Split &lt;names&gt; \\| twice\n")
                .contains("changes db/customers in one shared store")
                .contains("hot table")
                .contains("| reports\\[backfill\\] | none | SUCCEEDED | let the job run |")
                .contains("EXPAND --> BACKFILL --> VERIFY --> RAMP --> SOAK --> DRAIN --> CONTRACT")
                .contains("VERIFY[\"VERIFY<br/>at least 1h\"]")
                .contains("style RAMP stroke-width:4px")
                .contains("CONTRACT is the point of no return")
                .contains("| 5% | 10m | 0 | JUDGED |")
                .contains("| gates/customers | services/c/versions/old |")
                .contains("| owner | team-a |")
                .contains("| APPROVED | bob on 1970-01-01T00:00:00Z: looks right |")
                .contains("| 7 | 1970-01-01T00:00:00Z | ann | began \\# not a title |");
        assertThat(text).doesNotContain("DUAL\\_WRITE", "DUAL_WRITE", "SHADOW");
        assertThat(text.indexOf("  end\n"))
                .as("the box of the way back ends before the point of no return")
                .isBetween(text.indexOf("DRAIN[\""), text.indexOf("CONTRACT[\""));
    }

    @Test
    void a_separate_store_has_all_phases_and_returns_no_more_from_drain() {
        migration.setStore(Migration.StoreKind.SEPARATE);

        String text = printed("migration", "blueprint", "names");

        assertThat(text)
                .contains("EXPAND --> DUAL_WRITE --> BACKFILL --> VERIFY --> SHADOW --> RAMP")
                .contains("DRAIN is the point of no return");
    }

    @Test
    void what_it_means_who_is_told_and_its_days_are_in_it() {
        migration
                .addChanges(Migration.Change.SPLIT)
                .addServices("services/c")
                .addStores(Migration.Store.newBuilder().setName("db"))
                .setThroughput(
                        Migration.Throughput.newBuilder()
                                .setReadsPerSecond(900)
                                .setWritesPerSecond(100)
                                .setAddedPercent(20))
                .addSuccessCriteria("no ticket")
                .addRollbackTriggers("wrong names")
                .addAcceptedSchemas(
                        Migration.AcceptedSchema.newBuilder()
                                .setVersion("services/c/versions/new")
                                .setStore("db")
                                .setMin("1")
                                .setMax("2"))
                .addMilestones(
                        Migration.Milestone.newBuilder().setTitle("half").setDay("2026-12-24"))
                .addCommunication(
                        Migration.Notice.newBuilder()
                                .setAudience("callers")
                                .setChannel("mail")
                                .setPhase(Phase.DRAIN)
                                .setText("move on"))
                .setDeprecation(Migration.DeprecationWindow.newBuilder().setLinkUri("by mail"));

        assertThat(printed("migration", "blueprint", "names"))
                .contains("| change | SPLIT |", "| service | services/c |", "| store | db |")
                .contains("900 reads and 100 writes a second, 20 % more meanwhile")
                .contains("| success | no ticket |", "| taken back | wrong names |")
                .contains("services/c/versions/new: db 1 to 2")
                .contains("| callers | mail | DRAIN | move on |")
                .contains("| 2026-12-24 | half |", "legacy may go away: by mail");
    }

    @Test
    void a_page_of_html_escapes_what_people_wrote_and_loads_nothing() {
        String page = printed("migration", "blueprint", "names", "--format", "html");

        assertThat(page)
                .startsWith("<!doctype html>")
                .contains("<h1>Split &lt;names&gt; | twice</h1>")
                .contains("<pre class=\"mermaid\">")
                .contains("<td>gates/customers</td>")
                .endsWith("</html>\n")
                .doesNotContain("<names>", "<script", "http:", "https:");
    }

    private String printed(String... args) {
        CommandRun.Result result = cli.run(args);
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out();
    }

    private final class Migrations extends MigrationServiceImplBase {
        @Override
        public void getMigration(GetMigrationRequest request, StreamObserver<Migration> observer) {
            observer.onNext(migration.build());
            observer.onCompleted();
        }

        @Override
        public void listBlockers(
                ListBlockersRequest request, StreamObserver<ListBlockersResponse> observer) {
            var answer = ListBlockersResponse.newBuilder();
            answer.addBlockersBuilder()
                    .setSubject("reports[backfill]")
                    .setGot("none")
                    .setExpected("SUCCEEDED")
                    .setRemedy("let the job run");
            observer.onNext(answer.build());
            observer.onCompleted();
        }
    }

    private static final class Sets extends GateSetServiceImplBase {
        @Override
        public void getGateSet(GetGateSetRequest request, StreamObserver<GateSet> observer) {
            observer.onNext(
                    GateSet.newBuilder()
                            .setName(request.getName())
                            .addGates("gates/customers")
                            .build());
            observer.onCompleted();
        }
    }

    private static final class Gates extends GateServiceImplBase {
        @Override
        public void getGate(GetGateRequest request, StreamObserver<Gate> observer) {
            observer.onNext(
                    Gate.newBuilder()
                            .setName(request.getName())
                            .setLegacyVersion("services/c/versions/old")
                            .setNewVersion("services/c/versions/new")
                            .setFrom(Mode.OFF)
                            .setTo(Mode.LIVE)
                            .build());
            observer.onCompleted();
        }
    }
}
