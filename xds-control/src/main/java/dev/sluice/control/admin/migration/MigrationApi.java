package dev.sluice.control.admin.migration;

import com.google.protobuf.Empty;
import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.CreateMigrationRequest;
import dev.sluice.admin.v1.DeleteMigrationRequest;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.ListBlockersResponse;
import dev.sluice.admin.v1.ListMigrationsRequest;
import dev.sluice.admin.v1.ListMigrationsResponse;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationChange;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.PauseMigrationRequest;
import dev.sluice.admin.v1.PlanMigrationsRequest;
import dev.sluice.admin.v1.PlanMigrationsResponse;
import dev.sluice.admin.v1.ReportStepRequest;
import dev.sluice.admin.v1.ResumeMigrationRequest;
import dev.sluice.admin.v1.RollbackMigrationRequest;
import dev.sluice.admin.v1.UpdateMigrationRequest;
import dev.sluice.admin.v1.WatchMigrationRequest;
import dev.sluice.admin.v1.WatchMigrationsRequest;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Conditions;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.StateStreams;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.QueryCriterion;
import dev.sluice.control.lifecycle.migration.MigrationOutlook;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Migrations over gRPC. Thread-safe. */
public final class MigrationApi extends MigrationServiceImplBase {
    private static final int DEFAULT_DAYS = 14;
    private static final int MOST_DAYS = 92;
    private static final MigrationForm FORM = new MigrationForm(JudgeForm.CONTENT);

    /** For what callers write. */
    private final MigrationForm written;

    private final Desk desk;
    private final StateStreams streams;
    private final Function<dev.sluice.control.catalog.Migration, List<Refusal>> blockers;
    private final InstantSource clock;

    /**
     * @param blockers what stands against the next phase of a migration now
     * @param clock from when on plans are made
     */
    public MigrationApi(
            Desk desk,
            StateStreams streams,
            Function<dev.sluice.control.catalog.Migration, List<Refusal>> blockers,
            Function<QueryCriterion, Optional<Problem>> refusals,
            InstantSource clock) {
        this.written = new MigrationForm(new JudgeForm(refusals));
        this.desk = desk;
        this.streams = streams;
        this.blockers = blockers;
        this.clock = clock;
    }

    /** All of them, to be looked through. */
    public static Stream<Migration> all(Catalog catalog) {
        return catalog.migrations().stream().map(it -> FORM.write(it, catalog));
    }

    @Override
    public void getMigration(GetMigrationRequest request, StreamObserver<Migration> observer) {
        Desk.done(FORM.write(found(request.getName()), desk.now()), observer);
    }

    @Override
    public void listMigrations(
            ListMigrationsRequest request, StreamObserver<ListMigrationsResponse> observer) {
        var catalog = desk.now();
        var page =
                Page.of(
                        catalog.migrations(),
                        request.getPageSize(),
                        request.getPageToken(),
                        dev.sluice.control.catalog.Migration::name,
                        MigrationName::parse);
        var answer = ListMigrationsResponse.newBuilder().setNextPageToken(page.nextToken());
        page.resources().forEach(found -> answer.addMigrations(FORM.write(found, catalog)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void createMigration(
            CreateMigrationRequest request, StreamObserver<Migration> observer) {
        desk.create(
                written,
                request.getMigration().toBuilder()
                        .setName("migrations/" + request.getMigrationId())
                        .build(),
                Command.CreateMigration::new,
                new Conditions(request.getRequestId(), request.getValidateOnly(), "", ""),
                dev.sluice.control.catalog.Migration.class,
                observer);
    }

    @Override
    public void updateMigration(
            UpdateMigrationRequest request, StreamObserver<Migration> observer) {
        Migration wanted = request.getMigration();
        var present = found(wanted.getName());
        desk.update(
                written,
                present,
                wanted,
                request.getUpdateMask(),
                Command.UpdateMigration::new,
                Conditions.ofMerge(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        wanted.getEtag(),
                        present),
                dev.sluice.control.catalog.Migration.class,
                observer);
    }

    @Override
    public void deleteMigration(DeleteMigrationRequest request, StreamObserver<Empty> observer) {
        desk.remove(
                new Command.DeleteMigration(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), request.getEtag(), ""),
                Empty.getDefaultInstance(),
                observer);
    }

    @Override
    public void advanceMigration(
            AdvanceMigrationRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.AdvanceMigration(name(request.getName())),
                new Conditions(
                        request.getRequestId(),
                        request.getValidateOnly(),
                        request.getEtag(),
                        request.getReason()),
                observer);
    }

    @Override
    public void rollbackMigration(
            RollbackMigrationRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.RollbackMigration(name(request.getName())),
                new Conditions(
                        request.getRequestId(), request.getValidateOnly(), "", request.getReason()),
                observer);
    }

    @Override
    public void pauseMigration(PauseMigrationRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.PauseMigration(name(request.getName())),
                new Conditions(request.getRequestId(), false, "", request.getReason()),
                observer);
    }

    @Override
    public void resumeMigration(
            ResumeMigrationRequest request, StreamObserver<Migration> observer) {
        change(
                new Command.ResumeMigration(name(request.getName())),
                new Conditions(request.getRequestId(), false, "", request.getReason()),
                observer);
    }

    @Override
    public void reportStep(ReportStepRequest request, StreamObserver<Migration> observer) {
        Problems problems = Problems.root();
        MigrationReport report =
                MigrationForm.report(request.getReport(), problems.field("report"));
        Desk.refuseIfAny(problems.all());
        change(
                new Command.ReportMigration(name(request.getName()), report),
                new Conditions(request.getRequestId(), false, "", ""),
                observer);
    }

    @Override
    public void listBlockers(
            ListBlockersRequest request, StreamObserver<ListBlockersResponse> observer) {
        var answer = ListBlockersResponse.newBuilder();
        blockers.apply(found(request.getName()))
                .forEach(refusal -> answer.addBlockers(blocker(refusal)));
        Desk.done(answer.build(), observer);
    }

    @Override
    public void planMigrations(
            PlanMigrationsRequest request, StreamObserver<PlanMigrationsResponse> observer) {
        Problems problems = Problems.root();
        int days = Unsigned.orDefault(request.getDays(), DEFAULT_DAYS, problems.field("days"));
        if (days > MOST_DAYS) {
            problems.field("days")
                    .add(Integer.toString(days), "1.." + MOST_DAYS, "look less far ahead");
        }
        Desk.refuseIfAny(problems.all());
        Desk.done(
                OutlookForm.write(
                        MigrationOutlook.of(desk.now(), clock.instant(), Duration.ofDays(days))),
                observer);
    }

    @Override
    public void watchMigration(WatchMigrationRequest request, StreamObserver<Migration> observer) {
        MigrationName name = found(request.getName()).name();
        streams.open(
                observer,
                new StateStreams.Shape<>(
                        catalog ->
                                catalog.migration(name)
                                        .map(it -> Map.of(name.name(), FORM.write(it, catalog)))
                                        .orElse(Map.of()),
                        _ -> Optional.empty(),
                        catalog ->
                                catalog.migration(name)
                                        .filter(it -> it.state().isOpen())
                                        .isEmpty()));
    }

    @Override
    public void watchMigrations(
            WatchMigrationsRequest request, StreamObserver<MigrationChange> observer) {
        Problems problems = Problems.root();
        Optional<ResumeToken> from =
                ResumeToken.read(request.getResumeToken(), problems.field("resume_token"));
        Desk.refuseIfAny(problems.all());
        streams.open(observer, new MigrationChanges(FORM, from).shape());
    }

    static Blocker blocker(Refusal refusal) {
        return Blocker.newBuilder()
                .setSubject(refusal.problem().path())
                .setGot(refusal.problem().got())
                .setExpected(refusal.problem().expected())
                .setRemedy(refusal.problem().remedy())
                .build();
    }

    private dev.sluice.control.catalog.Migration found(String name) {
        MigrationName parsed = name(name);
        return Desk.found(desk.now().migration(parsed), parsed);
    }

    private void change(
            Command command, Conditions conditions, StreamObserver<Migration> observer) {
        desk.change(
                FORM, command, conditions, dev.sluice.control.catalog.Migration.class, observer);
    }

    private static MigrationName name(String text) {
        return Desk.name(MigrationName.parse(text));
    }
}
