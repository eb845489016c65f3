package dev.sluice.control.lifecycle.migration;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Rule;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.decision.Refusals;
import dev.sluice.control.lifecycle.gate.WriteGuards;
import dev.sluice.control.lifecycle.ramp.BaselineFit;
import dev.sluice.control.lifecycle.structure.RingGuards;
import dev.sluice.control.lifecycle.window.WindowRules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What can stand against a move of a migration. Each is one promise of the lifecycle; the test that
 * walks at random shows for each that without it the promise breaks.
 */
enum MigrationGuard {
    /** Nothing goes on while a person holds it, nor after its end. */
    STATE {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            Migration migration = scene.migration();
            if (migration.state() != Migration.State.ACTIVE) {
                refusals.precondition(
                        "state",
                        migration.state(),
                        "ACTIVE",
                        migration.state() == Migration.State.PAUSED
                                ? "resume the migration first"
                                : "plan another migration");
            }
        }
    },
    /** The next step starts only from one that is in force everywhere. */
    RESTING {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            Progress progress = scene.migration().progress();
            if (progress != Progress.RESTING && progress != Progress.PLANNED) {
                refusals.precondition(
                        "progress",
                        scene.migration().phase() + " is " + progress,
                        "RESTING",
                        "wait until it is applied everywhere, and for its ramp if it has one");
            }
        }
    },
    /** A phase is kept for its least stay. */
    SOAK {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            Migration migration = scene.migration();
            Instant end = migration.since().plus(scene.leastStay());
            if (migration.progress() == Progress.RESTING && scene.now().isBefore(end)) {
                refusals.precondition(
                        "soaks[" + migration.phase() + "]",
                        "in force since " + migration.since(),
                        "until " + end,
                        "wait until then");
            }
        }
    },
    /** As many say yes to this very plan as its risk asks for, and nobody says no. */
    APPROVALS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            ApprovalRules.refuseUnapproved(
                    scene.policy(),
                    scene.migration().spec().profile().people().approvers(),
                    scene.next().map(PhaseRule::phase),
                    scene.migration().consent(),
                    scene.now(),
                    refusals);
        }
    },
    /** Who went over missing approvals is vouched for before it goes further. */
    REVIEWS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            scene.migration()
                    .consent()
                    .unreviewed()
                    .forEach(broken ->
                            refusals.precondition(
                                    "unreviewed[" + broken.seq() + "]",
                                    "glass broken by " + broken.by().name(),
                                    "reviewed by somebody else",
                                    "let an approver review event " + broken.seq()));
        }
    },
    /** It goes on when its calendar lets it. */
    WINDOWS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            scene.next()
                    .ifPresent(next ->
                            WindowRules.refuseClosed(
                                    scene.windows(next.phase()),
                                    scene.now(),
                                    scene.migration().spec().estimateOf(next.phase()),
                                    refusals));
        }
    },
    /** No step completes by itself. */
    REPORTS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            if (scene.migration().progress() == Progress.PLANNED) {
                return;
            }
            for (String step : scene.rule().reports()) {
                Optional<MigrationReport> report = scene.migration().report(step);
                if (report.filter(MigrationGuard::succeeded).isEmpty()) {
                    refusals.precondition(
                            "reports[" + step + "]",
                            report.map(made -> made.outcome() + ": " + made.summary())
                                    .orElse("none"),
                            "SUCCEEDED",
                            "let the job run and report the step");
                }
            }
        }
    },
    /** At most two neighbouring modes are in force. */
    APPLIED {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            for (GateState gate : scene.gates()) {
                scene.shares().guards().refuseLagging("gates", gate, gate.presentEntry(), refusals);
                RingGuards.refuseBehind(scene.catalog(), "gates", gate, refusals);
            }
            List<?> silent =
                    scene.shares().fleet().silent(scene.catalog(), scene.gates(), scene.now());
            if (scene.next().map(PhaseRule::phase).filter(Phase.CONTRACT::equals).isPresent()
                    && !silent.isEmpty()) {
                refusals.precondition(
                        "gates",
                        "no report lately from " + silent,
                        "every sidecar heard: one that is silent may still call legacy",
                        "wait for them, or forget the nodes that are gone for good");
            }
        }
    },
    /** Writes are where the keys are, and sidecars can take them on. */
    WRITES {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            WriteGuards writes = scene.shares().guards().writes();
            for (GateState gate : scene.gates()) {
                writes.refuseMoving("gates", gate, refusals);
                if (scene.next().filter(PhaseRule::movesWrites).isPresent()) {
                    writes.refuseUnable("gates", gate, refusals);
                    writes.refuseUnreadable(
                            "gates", gate, Gate.WriteAuthority.CONTRACT_VERSION, refusals);
                }
            }
        }
    },
    /** The gates are where the phase says, whatever was done to them by hand. */
    IN_STEP {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            for (GateState gate : scene.gates()) {
                if (!scene.isInStep(gate)) {
                    refusals.precondition(
                            "gates",
                            gate.name()
                                    + " is "
                                    + gate.content().from()
                                    + " to "
                                    + gate.content().to()
                                    + " at "
                                    + gate.content().share(),
                            scene.inStep(),
                            "put the gate back by hand if it was moved by hand, or roll the"
                                    + " migration back");
                }
            }
        }
    },
    /** Nothing goes on over a kill or a trip. */
    TAKEN_BACK {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            scene.gates()
                    .forEach(gate ->
                            scene.shares().guards().refuseTakenBack("gates", gate, refusals));
        }
    },
    /** Whom a rule keeps on legacy would be cut off. */
    LEGACY_RULES {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            if (scene.next().map(PhaseRule::phase).filter(Phase.DRAIN::equals).isEmpty()) {
                return;
            }
            for (GateState gate : scene.gates()) {
                if (gate.content().rules().stream().anyMatch(MigrationGuard::keepsOnLegacy)) {
                    refusals.precondition(
                            "gates",
                            gate.name() + " has a rule that fixes LEGACY",
                            "no such rule",
                            "remove the rule; its callers move to the new version then");
                }
            }
        }
    },
    /** Nobody calls the old side any more, as its own sidecars count. */
    CALLERS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            if (scene.next().map(PhaseRule::phase).filter(Phase.CONTRACT::equals).isPresent()) {
                scene.gates().forEach(gate -> LegacyUse.refuse(scene, gate, refusals));
            }
        }
    },
    /** The old side stays for as long as its callers were told. */
    SUNSET {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            if (scene.next().map(PhaseRule::phase).filter(Phase.CONTRACT::equals).isEmpty()) {
                return;
            }
            scene.migration()
                    .spec()
                    .profile()
                    .deprecation()
                    .filter(window -> scene.now().isBefore(window.sunset()))
                    .ifPresent(window ->
                            refusals.precondition(
                                    "deprecation.sunset_time",
                                    "callers were told that legacy stays until " + window.sunset(),
                                    "a time from then on",
                                    "wait until then, or announce another end and set it"));
        }
    },
    /** Two migrations of one table or contract are never both in a locking phase. */
    LOCKS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            MigrationLocks.refuseHeld(scene, refusals);
        }
    },
    /** What 100 % is judged against is there and tells of the present before keys move. */
    BASELINE {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            MigrationSpec spec = scene.migration().spec();
            scene.next()
                    .filter(PhaseRule::isJudged)
                    .ifPresent(_ ->
                            new BaselineFit(scene.catalog(), scene.now())
                                    .refuseUnfit(spec.judge(), spec.target(), refusals));
        }
    },
    /** What migrations take of a store together stays within its budget. */
    BUDGETS {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            scene.next()
                    .ifPresent(next ->
                            StoreBudgets.refuseShort(
                                    scene.catalog(), scene.migration(), next, refusals));
        }
    },
    /** What it builds on is there. */
    DEPENDENCIES {
        @Override
        void check(MigrationScene scene, Refusals refusals) {
            if (scene.migration().progress() != Progress.PLANNED) {
                return;
            }
            scene.migration()
                    .spec()
                    .dependsOn()
                    .forEach(name -> {
                        Optional<Migration.State> state =
                                scene.catalog().migration(name).map(Migration::state);
                        if (state.filter(Migration.State.DONE::equals).isEmpty()) {
                            refusals.precondition(
                                    "depends_on",
                                    name + " is " + state.map(Object::toString).orElse("not there"),
                                    "DONE",
                                    "finish it first, or take it out of depends_on");
                        }
                    });
        }
    };

    /** Notes what stands against going on to the next phase. */
    abstract void check(MigrationScene scene, Refusals refusals);

    /** Whether people made it, and an admin can break the glass over it. */
    boolean isOfPeople() {
        return this == APPROVALS || this == REVIEWS || this == WINDOWS;
    }

    static boolean succeeded(MigrationReport report) {
        return report.outcome() == MigrationReport.Outcome.SUCCEEDED;
    }

    private static boolean keepsOnLegacy(Rule rule) {
        return rule.outcome().equals(new Rule.Outcome.Fixed(Arm.LEGACY));
    }
}
