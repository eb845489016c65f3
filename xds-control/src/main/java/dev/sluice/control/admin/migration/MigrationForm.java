package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.admin.v1.StepReport;
import dev.sluice.admin.v1.TimelineEntry;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.admin.desk.Form;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.JudgePolicy;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Soak;
import dev.sluice.control.change.spec.RampSpec;
import dev.sluice.control.change.spec.ShareTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Migrations on the wire. Immutable. */
final class MigrationForm
        implements Form<Migration, MigrationSpec, dev.sluice.control.catalog.Migration> {
    private static final List<RampSpec.Step> DEFAULT_STEPS =
            IntStream.of(10_000, 50_000, 250_000, 500_000, 990_000)
                    .mapToObj(share -> judged(share, Duration.ofMinutes(10)))
                    .toList();
    private static final RampSpec.Step DEFAULT_SOAK =
            judged(PartsPerMillion.WHOLE, Duration.ofHours(1));

    private final JudgeForm judge;

    /**
     * @param judge reads how its ramps are judged
     */
    MigrationForm(JudgeForm judge) {
        this.judge = judge;
    }

    @Override
    public Migration write(dev.sluice.control.catalog.Migration migration, Catalog catalog) {
        MigrationSpec spec = migration.spec();
        MigrationSpec.Product product = spec.product();
        var message =
                Migration.newBuilder()
                        .setName(spec.name().name())
                        .setEtag(migration.meta().etag())
                        .setCreateTime(Times.write(migration.meta().createTime()))
                        .setUpdateTime(Times.write(migration.meta().updateTime()))
                        .setDisplayName(spec.description().displayName())
                        .setOwner(spec.description().owner())
                        .putAllLabels(spec.description().labels())
                        .setTarget(spec.target().name())
                        .setStore(MigrationWords.write(spec.store()))
                        .setOutcome(product.outcome())
                        .setTicketUri(product.ticketUri())
                        .setRisk(MigrationWords.write(product.risk()))
                        .addAllRiskReasons(product.riskReasons())
                        .setCompatibility(MigrationWords.write(product.compatibility()))
                        .setSchemaVersion(product.schemaVersion())
                        .setArtifactDigest(product.artifactDigest().orElse(""))
                        .addAllTables(spec.tables())
                        .addAllDependsOn(
                                spec.dependsOn().stream().map(MigrationName::name).toList())
                        .addAllSteps(spec.ramp().stream().map(RampForm::step).toList())
                        .setSoak(RampForm.step(spec.soak()))
                        .setJudge(JudgeForm.write(spec.judge()));
        spec.soaks()
                .forEach(soak -> {
                    var written =
                            message.addSoaksBuilder()
                                    .setPhase(MigrationWords.write(soak.phase()))
                                    .setLeast(Times.write(soak.least()));
                    soak.estimate().ifPresent(it -> written.setEstimate(Times.write(it)));
                });
        ProfileForm.write(spec, catalog, message);
        message.setNeeds(ConsentForm.needs(catalog.policyOf(migration), spec.judge()));
        return state(migration, message).build();
    }

    private static Migration.Builder state(
            dev.sluice.control.catalog.Migration migration, Migration.Builder message) {
        message.setState(MigrationWords.write(migration.state()))
                .setPhase(MigrationWords.write(migration.phase()))
                .setProgress(MigrationWords.write(migration.progress()))
                .setSince(Times.write(migration.since()))
                .setRamp(migration.ramp().map(RampName::name).orElse(""))
                .setStatusMessage(migration.message());
        migration
                .reports()
                .forEach(done ->
                        message.addReports(
                                StepReport.newBuilder()
                                        .setStep(done.report().step())
                                        .setOutcome(MigrationWords.write(done.report().outcome()))
                                        .setSummary(done.report().summary())
                                        .setPhase(MigrationWords.write(done.phase()))
                                        .setTime(Times.write(done.time()))
                                        .setPrincipal(done.by().name())));
        migration
                .timeline()
                .forEach(entry ->
                        message.addTimeline(
                                TimelineEntry.newBuilder()
                                        .setSeq(entry.seq())
                                        .setTime(Times.write(entry.time()))
                                        .setPrincipal(entry.by().name())
                                        .setText(entry.what())));
        ConsentForm.write(migration.consent(), message);
        return message;
    }

    @Override
    public Optional<MigrationSpec> read(Migration message, Problems at) {
        int before = at.count();
        Optional<MigrationName> name = MigrationName.parse(message.getName(), at.field("name"));
        Optional<ShareTarget> target = RampForm.target(message.getTarget(), at.field("target"));
        Optional<StoreKind> store = MigrationWords.store(message, at.field("store"));
        List<MigrationName> dependsOn = new ArrayList<>();
        for (int i = 0; i < message.getDependsOnCount(); i++) {
            MigrationName.parse(message.getDependsOn(i), at.field("depends_on").index(i))
                    .ifPresent(dependsOn::add);
        }
        List<RampSpec.Step> steps = RampForm.steps(message.getStepsList(), at);
        RampSpec.Step soak =
                message.hasSoak() ? soak(message.getSoak(), at.field("soak")) : DEFAULT_SOAK;
        JudgePolicy judge =
                message.hasJudge()
                        ? this.judge.read(message.getJudge(), at.field("judge"))
                        : JudgePolicy.DEFAULT;
        List<Soak> soaks = soaks(message, at);
        MigrationSpec.Product product = product(message, at);
        if (at.count() > before) {
            return Optional.empty();
        }
        return Optional.of(
                new MigrationSpec(
                        name.orElseThrow(),
                        new Description(
                                message.getDisplayName(),
                                message.getOwner(),
                                message.getLabelsMap()),
                        target.orElseThrow(),
                        store.orElseThrow(),
                        product,
                        message.getTablesList(),
                        dependsOn,
                        soaks,
                        steps.isEmpty() ? DEFAULT_STEPS : steps,
                        soak,
                        judge));
    }

    private static MigrationSpec.Product product(Migration message, Problems at) {
        return new MigrationSpec.Product(
                message.getOutcome(),
                message.getTicketUri(),
                MigrationWords.risk(message, at.field("risk")),
                message.getRiskReasonsList(),
                MigrationWords.compatibility(message, at.field("compatibility")),
                message.getSchemaVersion(),
                message.getArtifactDigest().isEmpty()
                        ? Optional.empty()
                        : Optional.of(message.getArtifactDigest()),
                ProfileForm.read(message, at));
    }

    private static List<Soak> soaks(Migration message, Problems at) {
        List<Soak> soaks = new ArrayList<>();
        for (int i = 0; i < message.getSoaksCount(); i++) {
            Problems here = at.field("soaks").index(i);
            Migration.PhaseSoak soak = message.getSoaks(i);
            Duration least = Times.read(soak.getLeast(), here.field("least"));
            Optional<Duration> estimate =
                    soak.hasEstimate()
                            ? Optional.of(Times.read(soak.getEstimate(), here.field("estimate")))
                            : Optional.empty();
            MigrationWords.phase(soak.getPhase(), soak.getPhaseValue(), here.field("phase"))
                    .ifPresent(phase -> soaks.add(new Soak(phase, least, estimate)));
        }
        return soaks;
    }

    /** Its share is 100 %, said or not. */
    private static RampSpec.Step soak(RampStep message, Problems at) {
        RampStep whole =
                message.getSharePpm() == 0
                        ? message.toBuilder().setSharePpm(PartsPerMillion.WHOLE).build()
                        : message;
        return RampForm.step(whole, at);
    }

    static MigrationReport report(StepReport message, Problems at) {
        if (message.getStep().isEmpty()) {
            at.field("step").add(Problem.quote(""), "a step such as backfill", "name the step");
        }
        return new MigrationReport(
                message.getStep(),
                MigrationWords.outcome(message, at.field("outcome")),
                message.getSummary());
    }

    private static RampSpec.Step judged(int share, Duration soak) {
        return new RampSpec.Step(
                new PartsPerMillion(share),
                soak,
                RampSpec.Step.defaultMaxSoak(soak),
                RampSpec.Advance.JUDGED);
    }
}
