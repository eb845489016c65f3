package dev.sluice.control.lifecycle;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Window;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.WindowSpec;
import java.time.Duration;
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
        void check(Scene scene, Refusals refusals) {
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
        void check(Scene scene, Refusals refusals) {
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
        void check(Scene scene, Refusals refusals) {
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
        void check(Scene scene, Refusals refusals) {
            ApprovalRules.refuseUnapproved(
                    scene.policy(), scene.migration().consent(), scene.now(), refusals);
        }
    },
    /** Who went over missing approvals is vouched for before it goes further. */
    REVIEWS {
        @Override
        void check(Scene scene, Refusals refusals) {
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
        void check(Scene scene, Refusals refusals) {
            scene.next()
                    .ifPresent(next ->
                            WindowRules.refuseClosed(
                                    scene.windows(next.phase()), scene.now(), refusals));
        }
    },
    /** No step completes by itself. */
    REPORTS {
        @Override
        void check(Scene scene, Refusals refusals) {
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
        void check(Scene scene, Refusals refusals) {
            for (GateState gate : scene.gates()) {
                scene.shares().refuseLagging("gates", gate, gate.presentEntry(), refusals);
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
    /** The gates are where the phase says, whatever was done to them by hand. */
    IN_STEP {
        @Override
        void check(Scene scene, Refusals refusals) {
            for (GateState gate : scene.gates()) {
                if (!isInStep(scene, gate)) {
                    refusals.precondition(
                            "gates",
                            gate.name()
                                    + " is "
                                    + gate.content().from()
                                    + " to "
                                    + gate.content().to()
                                    + " at "
                                    + gate.content().share(),
                            expected(scene),
                            "put the gate back by hand if it was moved by hand, or roll the"
                                    + " migration back");
                }
            }
        }
    },
    /** Nothing goes on over a kill or a trip. */
    TAKEN_BACK {
        @Override
        void check(Scene scene, Refusals refusals) {
            scene.gates().forEach(gate -> scene.shares().refuseTakenBack("gates", gate, refusals));
        }
    },
    /** Whom a rule keeps on legacy would be cut off. */
    LEGACY_RULES {
        @Override
        void check(Scene scene, Refusals refusals) {
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
    /** Two migrations of one table are never both in a locking phase. */
    LOCKS {
        @Override
        void check(Scene scene, Refusals refusals) {
            if (scene.next().filter(PhaseRule::locks).isEmpty()) {
                return;
            }
            for (Migration other : scene.catalog().openMigrationList()) {
                List<String> common = MigrationLocks.common(scene.migration(), other);
                if (MigrationLocks.holds(other) && !common.isEmpty()) {
                    refusals.precondition(
                            "tables",
                            other.name() + " is in " + other.phase() + " on " + common,
                            "no other migration that changes them now",
                            "wait until it has left that phase");
                }
            }
        }
    },
    /** What it builds on is there. */
    DEPENDENCIES {
        @Override
        void check(Scene scene, Refusals refusals) {
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
    abstract void check(Scene scene, Refusals refusals);

    /** Whether people made it, and an admin can break the glass over it. */
    boolean isOfPeople() {
        return this == APPROVALS || this == REVIEWS || this == WINDOWS;
    }

    static boolean succeeded(MigrationReport report) {
        return report.outcome() == MigrationReport.Outcome.SUCCEEDED;
    }

    private static boolean isInStep(Scene scene, GateState gate) {
        Migration migration = scene.migration();
        if (migration.progress() == Progress.PLANNED) {
            return gate.content().share().isNone()
                    && gate.content().from() == scene.rule().from()
                    && scene.catalog().activeRamp(migration.spec().target()).isEmpty();
        }
        return scene.rule().keys() == PhaseRule.Keys.RAMP
                ? scene.rule().hasModesOf(gate.content())
                        && gate.content().share().equals(migration.spec().ramp().getLast().share())
                : PhaseRule.allIn(scene.rule().rest(), gate.content());
    }

    private static String expected(Scene scene) {
        PhaseRule rule = scene.rule();
        if (scene.migration().progress() == Progress.PLANNED) {
            return rule.from() + " at 0 %, and no ramp at work";
        }
        return rule.keys() == PhaseRule.Keys.RAMP
                ? "the share of the last step of the ramp"
                : "every key in " + rule.rest();
    }

    private static boolean keepsOnLegacy(Rule rule) {
        return rule.outcome().equals(new Rule.Outcome.Fixed(Arm.LEGACY));
    }

    /** What a guard looks at. Immutable. */
    record Scene(Migration migration, ShareRules shares) {
        StoreKind store() {
            return migration.spec().store();
        }

        dev.sluice.control.catalog.Catalog catalog() {
            return shares.catalog();
        }

        Instant now() {
            return shares.context().time();
        }

        List<GateState> gates() {
            return catalog().gatesOf(migration.spec().target());
        }

        /** What the risk of the migration asks for. */
        ApprovalPolicySpec policy() {
            return catalog().approvalPolicy(migration.spec().product().risk()).spec();
        }

        /** Those that have a say in going on to a phase. */
        List<WindowSpec> windows(Phase next) {
            return catalog().windows().stream()
                    .map(Window::spec)
                    .filter(window -> window.appliesTo(migration.spec().product().risk(), next))
                    .toList();
        }

        /** In the present phase, once it is in force. */
        Duration leastStay() {
            Duration planned = migration.spec().soakOf(migration.phase());
            Duration asked = migration.phase() == Phase.SOAK ? policy().leastSoak() : Duration.ZERO;
            return planned.compareTo(asked) > 0 ? planned : asked;
        }

        /** Of the present phase. */
        PhaseRule rule() {
            return PhaseRule.of(store(), migration.phase());
        }

        /** What an advance leads to; empty at the end. */
        Optional<PhaseRule> next() {
            return migration.progress() == Progress.PLANNED
                    ? Optional.of(rule())
                    : PhaseRule.after(store(), migration.phase());
        }
    }
}
