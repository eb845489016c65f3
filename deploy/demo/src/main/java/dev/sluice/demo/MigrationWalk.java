package dev.sluice.demo;

import dev.sluice.admin.v1.AdvanceMigrationRequest;
import dev.sluice.admin.v1.ApprovalServiceGrpc;
import dev.sluice.admin.v1.ApproveMigrationRequest;
import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.GetMigrationRequest;
import dev.sluice.admin.v1.GetRampRequest;
import dev.sluice.admin.v1.ListBlockersRequest;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.MigrationServiceGrpc;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceBlockingStub;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.admin.v1.RampServiceGrpc;
import dev.sluice.admin.v1.RampState;
import dev.sluice.admin.v1.ReportStepRequest;
import dev.sluice.admin.v1.StepReport;
import dev.sluice.demo.JobsOfPhases.Done;
import dev.sluice.demo.load.Findings;
import dev.sluice.demo.load.Ledger;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.demo.stage.Control;
import dev.sluice.demo.view.PhaseLine;
import dev.sluice.demo.view.RampView;
import dev.sluice.demo.view.Screen;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The change as a migration: {@code ada} plans it by files and leads it from phase to phase, {@code
 * grace} approves the plan, {@code migrator} does what each phase awaits and reports it. Used by
 * one thread.
 */
final class MigrationWalk {
    private static final String NAME = "migrations/customer-names";
    private static final Duration LONGEST_PHASE = Duration.ofMinutes(8);
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final Control control;
    private final Screen screen;
    private final Ledger ledger;
    private final JobsOfPhases jobs;
    private final List<Phase> walked = new ArrayList<>();

    /** Which a phase still has when it begins, until it starts its own; none has no name. */
    private final Set<String> rampsOfBefore = new HashSet<>(Set.of(""));

    private final List<String> violations = new ArrayList<>();

    /** What a person does before a phase is entered. Implementations may take their time. */
    interface Before {
        void phase(Phase next) throws IOException, InterruptedException;
    }

    MigrationWalk(Control control, Screen screen, Ledger ledger, JobsOfPhases jobs) {
        this.control = control;
        this.screen = screen;
        this.ledger = ledger;
        this.jobs = jobs;
    }

    /** Plans it by its files, has it approved, and walks it until it is over or does not go on. */
    void walk(ChangeFiles files, Before before)
            throws IOException, InterruptedException, SQLException {
        control.sluice("apply", "-f", files.calendar().toString());
        control.sluiceAs("ada", "migration", "apply", "-f", files.migration().toString());
        screen.line("planned by ada: sluice migration apply -f " + files.migration());
        try (AdminApi ada = control.as("ada");
                AdminApi grace = control.as("grace");
                AdminApi migrator = control.as("migrator")) {
            MigrationServiceBlockingStub lead = MigrationServiceGrpc.newBlockingStub(ada.channel());
            approve(lead, grace);
            while (violations.isEmpty() && goOn(lead, before)) {
                work(lead, migrator);
            }
        }
    }

    /** The phases that were entered, whether it ended as it must, and whether the log is whole. */
    Findings findings() throws InterruptedException {
        List<String> audit = new ArrayList<>();
        try {
            screen.line("audit verify: " + control.verifyAudit());
        } catch (IOException e) {
            audit.add(String.valueOf(e.getMessage()));
        }
        return new Findings(
                List.of(
                        new Findings.Check(
                                "the migration walked all its phases, approved and in its window",
                                walked.size(),
                                violations),
                        new Findings.Check("the audit verifies", 1, audit)));
    }

    private void approve(MigrationServiceBlockingStub lead, AdminApi grace) {
        List<Blocker> held = blockers(lead);
        if (held.stream().noneMatch(blocker -> blocker.getSubject().equals("answers"))) {
            violations.add("nothing asked for an approval before it was given: " + held);
        }
        held.forEach(blocker ->
                screen.line(
                        "held: %s, got %s (expected %s)"
                                .formatted(
                                        blocker.getSubject(),
                                        blocker.getGot(),
                                        blocker.getExpected())));
        Migration approved =
                ApprovalServiceGrpc.newBlockingStub(grace.channel())
                        .approveMigration(
                                ApproveMigrationRequest.newBuilder()
                                        .setName(NAME)
                                        .setPlanDigest(get(lead).getPlanDigest())
                                        .setReason("read the plan and the scripts")
                                        .build());
        screen.line("approved by grace: plan " + approved.getPlanDigest().substring(0, 12));
    }

    /** Enters the next phase; false when there is none. */
    private boolean goOn(MigrationServiceBlockingStub lead, Before before)
            throws IOException, InterruptedException {
        before.phase(PhaseLine.after(get(lead)));
        Instant end = Instant.now().plus(LONGEST_HOLD);
        List<Blocker> held = blockers(lead);
        while (!held.isEmpty() && Instant.now().isBefore(end)) {
            Thread.sleep(LOOK);
            held = blockers(lead);
        }
        if (!held.isEmpty()) {
            violations.add("held: " + held);
            return false;
        }
        Migration entered =
                lead.advanceMigration(
                        AdvanceMigrationRequest.newBuilder()
                                .setName(NAME)
                                .setEtag(get(lead).getEtag())
                                .build());
        walked.add(entered.getPhase());
        screen.line("phase " + entered.getPhase());
        return entered.getState() == Migration.State.ACTIVE;
    }

    /** Waits until the phase is in force, shows its ramp meanwhile, and does what it awaits. */
    private void work(MigrationServiceBlockingStub lead, AdminApi migrator)
            throws InterruptedException, SQLException {
        Phase phase = walked.getLast();
        Migration migration = settled(lead, phase);
        if (migration.getPhase() != phase
                || migration.getProgress() != Migration.Progress.RESTING) {
            violations.add(
                    "%s of %s is %s: %s"
                            .formatted(
                                    migration.getProgress(),
                                    phase,
                                    migration.getPhase(),
                                    migration.getStatusMessage()));
            return;
        }
        Optional<Done> done = jobs.run(phase);
        if (done.isPresent()) {
            report(migrator, done.get());
        }
    }

    private Migration settled(MigrationServiceBlockingStub lead, Phase phase)
            throws InterruptedException {
        Instant end = Instant.now().plus(LONGEST_PHASE);
        RampView view = null;
        Migration migration = get(lead);
        while (isOnItsWay(migration, phase) && Instant.now().isBefore(end)) {
            Optional<Ramp> ramp = ramp(migration);
            if (ramp.isPresent()) {
                view = view == null ? new RampView(screen, ledger) : view;
                view.show(ramp.get(), PhaseLine.of(migration), Instant.now());
            }
            if (ramp.filter(MigrationWalk::asksSomebody).isPresent()) {
                return migration;
            }
            Thread.sleep(LOOK);
            migration = get(lead);
        }
        Optional<Ramp> ended = ramp(migration);
        if (view != null && ended.isPresent()) {
            view.show(ended.get(), PhaseLine.of(migration), Instant.now());
        }
        rampsOfBefore.add(migration.getRamp());
        return migration;
    }

    private static boolean isOnItsWay(Migration migration, Phase phase) {
        return migration.getPhase() == phase
                && migration.getState() == Migration.State.ACTIVE
                && migration.getProgress() != Migration.Progress.RESTING;
    }

    private static boolean asksSomebody(Ramp ramp) {
        return ramp.getState() == RampState.WAITING_FOR_APPROVAL;
    }

    /** The one that drives the keys in this phase. */
    private Optional<Ramp> ramp(Migration migration) {
        boolean driven = migration.getPhase() == Phase.RAMP || migration.getPhase() == Phase.SOAK;
        return !driven || rampsOfBefore.contains(migration.getRamp())
                ? Optional.empty()
                : Optional.of(
                        RampServiceGrpc.newBlockingStub(control.admin().channel())
                                .getRamp(
                                        GetRampRequest.newBuilder()
                                                .setName(migration.getRamp())
                                                .build()));
    }

    private void report(AdminApi migrator, Done done) {
        Migration unused =
                MigrationServiceGrpc.newBlockingStub(migrator.channel())
                        .reportStep(
                                ReportStepRequest.newBuilder()
                                        .setName(NAME)
                                        .setReport(
                                                StepReport.newBuilder()
                                                        .setStep(done.step())
                                                        .setOutcome(
                                                                done.succeeded()
                                                                        ? StepReport.Outcome
                                                                                .SUCCEEDED
                                                                        : StepReport.Outcome.FAILED)
                                                        .setSummary(done.summary()))
                                        .build());
        screen.line("reported by migrator: " + done.step() + ": " + done.summary());
        if (!done.succeeded()) {
            violations.add(done.step() + ": " + done.summary());
        }
    }

    private static Migration get(MigrationServiceBlockingStub lead) {
        return lead.getMigration(GetMigrationRequest.newBuilder().setName(NAME).build());
    }

    private static List<Blocker> blockers(MigrationServiceBlockingStub lead) {
        return lead.listBlockers(ListBlockersRequest.newBuilder().setName(NAME).build())
                .getBlockersList();
    }
}
