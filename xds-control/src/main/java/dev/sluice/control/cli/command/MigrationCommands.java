package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.PauseMigrationRequest;
import dev.sluice.admin.v1.PlanMigrationsRequest;
import dev.sluice.admin.v1.ReportStepRequest;
import dev.sluice.admin.v1.ResumeMigrationRequest;
import dev.sluice.admin.v1.RollbackMigrationRequest;
import dev.sluice.admin.v1.StepReport;
import dev.sluice.admin.v1.TimelineEntry;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Listed;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.session.EtagOption;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.ReasonOption;
import dev.sluice.control.cli.session.RequiredReasonOption;
import dev.sluice.control.cli.session.Session;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is done with migrations beside the standard methods. For one run. */
@Command(
        name = "migration",
        description = "Migrations: changes of a schema that walk through phases.")
public final class MigrationCommands {
    private static final Migrations MIGRATIONS = new Migrations();
    private static final List<Column<Blocker>> BLOCKERS =
            List.of(
                    new Column<>("SUBJECT", Blocker::getSubject),
                    new Column<>("GOT", Blocker::getGot),
                    new Column<>("EXPECTED", Blocker::getExpected),
                    new Column<>("REMEDY", Blocker::getRemedy));
    private static final List<Column<TimelineEntry>> TIMELINE =
            List.of(
                    new Column<>("SEQ", entry -> Long.toString(entry.getSeq())),
                    new Column<>("TIME", entry -> Words.time(entry.getTime())),
                    new Column<>("BY", TimelineEntry::getPrincipal),
                    new Column<>("WHAT", TimelineEntry::getText));

    private final Session session;

    public MigrationCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Begins, or goes on to the next phase; prints every blocker if refused.")
    int advance(
            @Parameters(paramLabel = "NAME") String name,
            @Mixin EtagOption etag,
            @Mixin ReasonOption reason) {
        String whole = Migrations.SHAPE.expand(name);
        String guard = etag.or(() -> MIGRATIONS.get(session.channel(), whole).getEtag());
        return show(
                stub().advanceMigration(
                                AdvanceMigrationRequest.newBuilder()
                                        .setName(whole)
                                        .setEtag(guard)
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(description = "Goes back to where its phase says.")
    int rollback(@Parameters(paramLabel = "NAME") String name, @Mixin RequiredReasonOption reason) {
        return show(
                stub().rollbackMigration(
                                RollbackMigrationRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(description = "Holds it and its ramp until resumed.")
    int pause(@Parameters(paramLabel = "NAME") String name, @Mixin ReasonOption reason) {
        return show(
                stub().pauseMigration(
                                PauseMigrationRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(description = "Goes on after a pause.")
    int resume(@Parameters(paramLabel = "NAME") String name, @Mixin ReasonOption reason) {
        return show(
                stub().resumeMigration(
                                ResumeMigrationRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setReason(reason.text)
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(description = "Says how a step ended that the present phase awaits.")
    int report(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "STEP", description = "Such as backfill") String step,
            @Option(
                            names = "--outcome",
                            required = true,
                            paramLabel = "OUTCOME",
                            description = "SUCCEEDED or FAILED")
                    Outcome outcome,
            @Option(
                            names = "--summary",
                            required = true,
                            paramLabel = "TEXT",
                            description = "What was done, for people")
                    String summary) {
        return show(
                stub().reportStep(
                                ReportStepRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .setReport(
                                                StepReport.newBuilder()
                                                        .setStep(step)
                                                        .setOutcome(outcome.onWire)
                                                        .setSummary(summary))
                                        .setRequestId(session.requestId())
                                        .build()));
    }

    @Command(
            description = {
                "Lists everything that stands against the next phase.",
                "Exits 1 when there is anything."
            })
    int blockers(@Parameters(paramLabel = "NAME") String name) {
        var answer =
                stub().listBlockers(
                                ListBlockersRequest.newBuilder()
                                        .setName(Migrations.SHAPE.expand(name))
                                        .build());
        session.printer().many(answer.getBlockersList(), BLOCKERS);
        return answer.getBlockersCount() == 0 ? ExitCode.OK.number() : ExitCode.REFUSED.number();
    }

    @Command(
            description = {
                "Lists all that are not over in the order in which they can go, with what each"
                        + " waits",
                "for, the time that it takes at least, and when its windows let it go on next."
            })
    int plan(
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            description = "How far ahead windows are looked at, 1..92. Default: 14")
                    Optional<Integer> days) {
        var answer =
                stub().planMigrations(
                                PlanMigrationsRequest.newBuilder().setDays(days.orElse(0)).build());
        session.printer().answer(answer, MigrationPlanText.lines(answer));
        return ExitCode.OK.number();
    }

    @Command(
            description = {
                "Lists what became of it, the newest last; without NAME, of all together."
            })
    int timeline(@Parameters(arity = "0..1", paramLabel = "NAME") Optional<String> name) {
        List<TimelineEntry> entries =
                name.map(Migrations.SHAPE::expand)
                        .map(whole -> MIGRATIONS.get(session.channel(), whole).getTimelineList())
                        .orElseGet(() -> together(Listed.all(MIGRATIONS, session.channel(), "")));
        session.printer().many(entries, TIMELINE);
        return ExitCode.OK.number();
    }

    /** In the order of the log, each with the migration that it is of. */
    private static List<TimelineEntry> together(List<Migration> migrations) {
        return migrations.stream()
                .flatMap(migration ->
                        migration.getTimelineList().stream()
                                .map(entry ->
                                        entry.toBuilder()
                                                .setText(
                                                        migration.getName()
                                                                + ": "
                                                                + entry.getText())
                                                .build()))
                .sorted(Comparator.comparingLong(TimelineEntry::getSeq))
                .toList();
    }

    /** How a step ended. */
    enum Outcome {
        SUCCEEDED(StepReport.Outcome.SUCCEEDED),
        FAILED(StepReport.Outcome.FAILED);

        private final StepReport.Outcome onWire;

        Outcome(StepReport.Outcome onWire) {
            this.onWire = onWire;
        }
    }

    private int show(Migration migration) {
        session.printer().one(migration, MIGRATIONS.columns(session.words()));
        return ExitCode.OK.number();
    }

    private MigrationServiceBlockingStub stub() {
        return MigrationServiceGrpc.newBlockingStub(session.channel());
    }
}
