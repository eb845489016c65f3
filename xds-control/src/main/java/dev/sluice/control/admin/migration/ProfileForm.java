package dev.sluice.control.admin.migration;

import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Migration.AcceptedSchema;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.admin.desk.Unsigned;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Version;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationProfile.Change;
import dev.sluice.control.change.spec.MigrationProfile.DeprecationWindow;
import dev.sluice.control.change.spec.MigrationProfile.Goals;
import dev.sluice.control.change.spec.MigrationProfile.Impact;
import dev.sluice.control.change.spec.MigrationProfile.Milestone;
import dev.sluice.control.change.spec.MigrationProfile.Notice;
import dev.sluice.control.change.spec.MigrationProfile.People;
import dev.sluice.control.change.spec.MigrationProfile.Scope;
import dev.sluice.control.change.spec.MigrationProfile.Store;
import dev.sluice.control.change.spec.MigrationProfile.Throughput;
import dev.sluice.control.change.spec.MigrationProfile.Use;
import dev.sluice.control.change.spec.MigrationSpec;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What is known of a migration as a product, on the wire. Stateless. */
final class ProfileForm {
    private ProfileForm() {}

    static void write(MigrationSpec spec, Catalog catalog, Migration.Builder message) {
        MigrationProfile profile = spec.profile();
        Impact impact = profile.impact();
        message.addAllChanges(profile.scope().changes().stream().map(ProfileForm::write).toList())
                .addAllContracts(profile.scope().contracts())
                .addAllServices(profile.scope().services().stream().map(ServiceName::name).toList())
                .addAllAccessPatterns(impact.accessPatterns())
                .addAllCouplingPoints(impact.couplingPoints())
                .addAllPhysicalImplications(impact.physical())
                .addAllLogicalImplications(impact.logical())
                .addAllSuccessCriteria(profile.goals().successCriteria())
                .addAllRollbackTriggers(profile.goals().rollbackTriggers())
                .addAllApprovers(profile.people().approvers())
                .addAllAcceptedSchemas(accepted(spec, catalog));
        profile.scope()
                .stores()
                .forEach(store ->
                        message.addStoresBuilder()
                                .setName(store.name())
                                .setTechnology(store.technology())
                                .setIoPercent(store.use().map(Use::ioPercent).orElse(0))
                                .setReplicationPercent(
                                        store.use().map(Use::replicationPercent).orElse(0)));
        impact.throughput()
                .ifPresent(load ->
                        message.getThroughputBuilder()
                                .setReadsPerSecond(load.readsPerSecond())
                                .setWritesPerSecond(load.writesPerSecond())
                                .setAddedPercent(load.addedPercent()));
        profile.people()
                .milestones()
                .forEach(one ->
                        message.addMilestonesBuilder()
                                .setTitle(one.title())
                                .setDay(one.day().toString()));
        profile.people()
                .communication()
                .forEach(notice ->
                        message.addCommunicationBuilder()
                                .setAudience(notice.audience())
                                .setChannel(notice.channel())
                                .setPhase(MigrationWords.write(notice.phase()))
                                .setText(notice.text()));
        profile.deprecation()
                .ifPresent(window ->
                        message.getDeprecationBuilder()
                                .setDeprecateTime(Times.write(window.from()))
                                .setSunsetTime(Times.write(window.sunset()))
                                .setLinkUri(window.link().orElse("")));
    }

    /** Of the versions of its services, of the stores that it changes. */
    private static List<AcceptedSchema> accepted(MigrationSpec spec, Catalog catalog) {
        Set<ServiceName> services = new TreeSet<>(spec.profile().scope().services());
        catalog.gatesOf(spec.target()).stream()
                .flatMap(gate ->
                        VersionName.parse(gate.content().cluster(Arm.NEW)).toOptional().stream())
                .forEach(version -> services.add(version.service()));
        List<AcceptedSchema> accepted = new ArrayList<>();
        for (Version version : catalog.versions()) {
            if (services.contains(version.name().service())) {
                version.spec()
                        .acceptedSchema()
                        .filter(range -> spec.storeNames().contains(range.store()))
                        .ifPresent(range ->
                                accepted.add(
                                        AcceptedSchema.newBuilder()
                                                .setVersion(version.name().name())
                                                .setStore(range.store())
                                                .setMin(range.min())
                                                .setMax(range.max())
                                                .build()));
            }
        }
        return accepted;
    }

    /** Empty where nothing is said. */
    static Optional<MigrationProfile> read(Migration message, Problems at) {
        MigrationProfile profile =
                new MigrationProfile(
                        scope(message, at),
                        people(message, at),
                        impact(message, at),
                        new Goals(
                                message.getSuccessCriteriaList(),
                                message.getRollbackTriggersList()),
                        deprecation(message, at.field("deprecation")));
        return profile.equals(MigrationProfile.EMPTY) ? Optional.empty() : Optional.of(profile);
    }

    private static Scope scope(Migration message, Problems at) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < message.getChangesCount(); i++) {
            Migration.Change said = message.getChanges(i);
            Problems here = at.field("changes").index(i);
            int number = message.getChangesValue(i);
            Stream.of(Change.values())
                    .filter(change -> write(change) == said)
                    .findFirst()
                    .ifPresentOrElse(
                            changes::add,
                            () ->
                                    here.add(
                                            Integer.toString(number),
                                            "one of " + List.of(Change.values()),
                                            "choose one of these"));
        }
        List<ServiceName> services = new ArrayList<>();
        for (int i = 0; i < message.getServicesCount(); i++) {
            ServiceName.parse(message.getServices(i), at.field("services").index(i))
                    .ifPresent(services::add);
        }
        return new Scope(
                changes, services, stores(message, at.field("stores")), message.getContractsList());
    }

    private static List<Store> stores(Migration message, Problems at) {
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < message.getStoresCount(); i++) {
            Migration.Store store = message.getStores(i);
            Problems here = at.index(i);
            int io = Unsigned.orDefault(store.getIoPercent(), 0, here.field("io_percent"));
            int replication =
                    Unsigned.orDefault(
                            store.getReplicationPercent(), 0, here.field("replication_percent"));
            stores.add(
                    new Store(
                            store.getName(),
                            store.getTechnology(),
                            io == 0 && replication == 0
                                    ? Optional.empty()
                                    : Optional.of(new Use(io, replication))));
        }
        return stores;
    }

    private static People people(Migration message, Problems at) {
        List<Milestone> milestones = new ArrayList<>();
        for (int i = 0; i < message.getMilestonesCount(); i++) {
            Migration.Milestone one = message.getMilestones(i);
            day(one.getDay(), at.field("milestones").index(i).field("day"))
                    .ifPresent(day -> milestones.add(new Milestone(one.getTitle(), day)));
        }
        List<Notice> notices = new ArrayList<>();
        for (int i = 0; i < message.getCommunicationCount(); i++) {
            Migration.Notice notice = message.getCommunication(i);
            MigrationWords.phase(
                            notice.getPhase(),
                            notice.getPhaseValue(),
                            at.field("communication").index(i).field("phase"))
                    .ifPresent(phase ->
                            notices.add(
                                    new Notice(
                                            notice.getAudience(),
                                            notice.getChannel(),
                                            phase,
                                            notice.getText())));
        }
        return new People(message.getApproversList(), milestones, notices);
    }

    private static Impact impact(Migration message, Problems at) {
        Migration.Throughput load = message.getThroughput();
        return new Impact(
                message.hasThroughput()
                        ? Optional.of(
                                new Throughput(
                                        load.getReadsPerSecond(),
                                        load.getWritesPerSecond(),
                                        Unsigned.orDefault(
                                                load.getAddedPercent(),
                                                0,
                                                at.field("throughput").field("added_percent"))))
                        : Optional.empty(),
                message.getAccessPatternsList(),
                message.getCouplingPointsList(),
                message.getPhysicalImplicationsList(),
                message.getLogicalImplicationsList());
    }

    private static Optional<DeprecationWindow> deprecation(Migration message, Problems at) {
        if (!message.hasDeprecation()) {
            return Optional.empty();
        }
        Migration.DeprecationWindow window = message.getDeprecation();
        return Optional.of(
                new DeprecationWindow(
                        Times.read(window.getDeprecateTime(), at.field("deprecate_time")),
                        Times.read(window.getSunsetTime(), at.field("sunset_time")),
                        window.getLinkUri().isEmpty()
                                ? Optional.empty()
                                : Optional.of(window.getLinkUri())));
    }

    private static Optional<LocalDate> day(String text, Problems at) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException e) {
            at.add(Problem.quote(text), "a day such as 2026-12-24", "correct it");
            return Optional.empty();
        }
    }

    private static Migration.Change write(Change change) {
        return switch (change) {
            case ADD -> Migration.Change.ADD;
            case REMOVE -> Migration.Change.REMOVE;
            case RENAME -> Migration.Change.RENAME;
            case RETYPE -> Migration.Change.RETYPE;
            case SPLIT -> Migration.Change.SPLIT;
            case MERGE -> Migration.Change.MERGE;
            case MOVE -> Migration.Change.MOVE;
            case INDEX -> Migration.Change.INDEX;
            case CONSTRAINT -> Migration.Change.CONSTRAINT;
            case STORAGE -> Migration.Change.STORAGE;
        };
    }
}
