package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestMatch;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.lifecycle.gate.ShareRules;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Migrations that share tables and wait for each other, walked at random by people, jobs and the
 * orchestrator, and checked by {@link MigrationModel}, which reads the log alone.
 */
class MigrationWalkTest {
    private static final Rule KEEP =
            new Rule("keep", RequestMatch.EVERY, new Rule.Outcome.Fixed(Arm.LEGACY));

    /** Hours between which migrations of the risk that has a policy are frozen. */
    static final int NOON = 12;

    static final int EVENING = 18;
    private static final int STEPS = 100_000;
    private static final int LONGEST_WALK = 9;
    private static final int STEPS_WITHOUT_A_GUARD = 200_000;
    private static final List<String> IDS = List.of("a", "b", "c");

    /** Those that the log alone can show; nodes, which lag or hold writes, and callers are not. */
    private static final Set<MigrationGuard> SHOWN =
            EnumSet.complementOf(
                    EnumSet.of(
                            MigrationGuard.APPLIED, MigrationGuard.CALLERS, MigrationGuard.WRITES));

    @Test
    void no_walk_breaks_what_the_lifecycle_promises() {
        RandomGenerator random = Seeds.printed("migration walk").generator();
        Walk walk = new Walk(random, EnumSet.allOf(MigrationGuard.class));

        walk.go(STEPS);
        for (int more = 0; more < LONGEST_WALK && walk.model.finished() == 0; more++) {
            walk.go(STEPS);
        }

        assertThat(walk.model.finished())
                .as("migrations that were walked to their end")
                .isPositive();
        assertThat(CatalogImage.read(CatalogImage.write(walk.world.catalog())))
                .as("the state from its image")
                .isEqualTo(walk.world.catalog());
    }

    @TestFactory
    Stream<DynamicTest> without_a_guard_its_promise_breaks() {
        return SHOWN.stream()
                .map(guard ->
                        DynamicTest.dynamicTest(
                                guard.name(),
                                () ->
                                        assertThatThrownBy(() -> without(guard))
                                                .isInstanceOf(AssertionError.class)
                                                .hasMessageContaining(guard.name())));
    }

    /** What raises a share beside a migration's own advance: steps, resumed ramps, people. */
    @Test
    void without_the_guard_of_freezes_a_share_goes_up_in_one() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        Walk blind = new Walk(random, EnumSet.allOf(MigrationGuard.class), Sight.OF_NO_FREEZE);

        assertThatThrownBy(() -> blind.go(STEPS_WITHOUT_A_GUARD))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("FREEZE");
    }

    /** Whether shares are decided by the time that it is, or by one at which nothing is frozen. */
    private enum Sight {
        OF_THE_CLOCK,
        OF_NO_FREEZE
    }

    private static void without(MigrationGuard guard) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        Set<MigrationGuard> others = EnumSet.complementOf(EnumSet.of(guard));
        new Walk(random, others).go(STEPS_WITHOUT_A_GUARD);
    }

    private static final class Walk {
        private final RandomGenerator random;
        private final Set<MigrationGuard> guards;
        private final World world = World.shop(0);
        private final MigrationModel model = new MigrationModel();
        private final Sight sight;
        private Instant now = Fixtures.START;

        Walk(RandomGenerator random, Set<MigrationGuard> guards) {
            this(random, guards, Sight.OF_THE_CLOCK);
        }

        Walk(RandomGenerator random, Set<MigrationGuard> guards, Sight sight) {
            this.random = random;
            this.guards = guards;
            this.sight = sight;
            world.accept(new Command.PutApprovalPolicy(asking(1)));
            world.accept(new Command.CreateDatabase(Fixtures.database("db", 2, 50, 0)));
            world.accept(
                    new Command.CreateWindow(
                            new WindowSpec(
                                    new WindowName("afternoons"),
                                    Description.NONE,
                                    WindowSpec.Kind.FREEZE,
                                    LocalDateTime.of(2026, 1, 1, NOON, 0),
                                    "UTC",
                                    Duration.ofHours(EVENING - NOON),
                                    Optional.of("FREQ=DAILY"),
                                    Optional.empty(),
                                    List.of(Risk.MEDIUM),
                                    List.of())));
            world.log().forEach(model::read);
        }

        private static ApprovalPolicySpec asking(int quorum) {
            return new ApprovalPolicySpec(
                    Risk.MEDIUM, quorum, List.of(), Duration.ofDays(3), Duration.ZERO);
        }

        void go(int steps) {
            for (int step = 0; step < steps; step++) {
                now = now.plus(Duration.ofMinutes(random.nextInt(40)));
                String id = IDS.get(random.nextInt(IDS.size()));
                give(anything(id));
            }
        }

        private void give(Command command) {
            CommandContext plain = world.careful(command);
            CommandContext context =
                    new CommandContext(
                            Identity.of(by(command)),
                            plain.requestId(),
                            "walked",
                            plain.validation(),
                            plain.etag(),
                            now);
            if (decide(command, context) instanceof Decision.Change(var events)) {
                int from = world.log().size();
                world.apply(command, context, events);
                for (LoggedEvent event : world.log().subList(from, world.log().size())) {
                    model.read(event);
                }
            }
        }

        private Decision decide(Command command, CommandContext context) {
            if (!(command instanceof Command.OfMigration migration)) {
                return world.decide(command, seen(context));
            }
            Catalog catalog = world.catalog();
            ShareRules shares = new ShareRules(catalog, FleetReport.SILENT, context, 1);
            return new MigrationRules(catalog, context, shares, guards).decide(migration);
        }

        private CommandContext seen(CommandContext context) {
            return switch (sight) {
                case OF_THE_CLOCK -> context;
                case OF_NO_FREEZE ->
                        new CommandContext(
                                context.caller(),
                                context.requestId(),
                                context.reason(),
                                context.validation(),
                                context.etag(),
                                context.time()
                                        .atZone(ZoneOffset.UTC)
                                        .withHour(EVENING)
                                        .toInstant());
            };
        }

        private Command anything(String id) {
            MigrationName name = new MigrationName(id);
            Optional<Migration> present = world.catalog().migration(name);
            if (world.catalog().gate(new GateName(id)).isEmpty()) {
                return new Command.CreateGate(gate(id, 0));
            }
            if (present.isEmpty()) {
                return plan(id);
            }
            Migration migration = present.get();
            if (!migration.state().isOpen()) {
                return random.nextInt(4) == 0
                        ? new Command.DeleteGate(new GateName(id))
                        : new Command.DeleteMigration(name);
            }
            return switch (random.nextInt(id.equals("c") ? 51 : 40)) {
                case 0 ->
                        random.nextInt(5) == 0
                                ? new Command.RollbackMigration(name)
                                : new Command.AdvanceMigration(name);
                case 1 ->
                        random.nextInt(8) == 0
                                ? new Command.Rollback(Fixtures.gateTarget(id))
                                : new Command.Kill(Fixtures.gateTarget(id));
                case 2 -> new Command.PauseMigration(name);
                case 3, 4, 5 -> new Command.ResumeMigration(name);
                case 6, 7, 8, 9, 10, 11 ->
                        new Command.Resume(
                                Fixtures.gateTarget(id), List.of("n/b/0", "n/b/1", "n/b/2"));
                case 12 ->
                        random.nextBoolean()
                                ? new Command.RecordTrip(Fixtures.trip(id, random.nextInt(3)))
                                : new Command.RecordLocalKill(
                                        Fixtures.localKill(id, random.nextInt(3)));
                case 13 -> ruled(id);
                case 14 ->
                        new Command.SetShare(
                                Fixtures.gateTarget(id),
                                new PartsPerMillion(random.nextInt(3) * 500_000));
                case 15, 16, 17, 18, 19, 20, 21, 22 -> report(migration);
                case 23, 24, 25, 26, 27, 28 -> ramp(migration);
                case 29, 30, 31, 32, 33 ->
                        new Command.ConfirmMigration(name, migration.phase(), migration.progress());
                case 40, 41, 42, 43, 44 ->
                        new Command.AnswerMigration(
                                name,
                                migration.consent().plan(),
                                random.nextInt(5) == 0 ? Answer.REJECTED : Answer.APPROVED,
                                Set.of());
                case 39 -> baseline(id);
                case 45 -> new Command.WithdrawAnswer(name);
                case 46, 47 -> new Command.BreakGlass(name);
                case 48 ->
                        migration.consent().unreviewed().stream()
                                .findFirst()
                                .<Command>map(
                                        broken -> new Command.ReviewBreakGlass(name, broken.seq()))
                                .orElseGet(() -> new Command.AdvanceMigration(name));
                case 50 -> new Command.PutApprovalPolicy(asking(random.nextInt(2)));
                default -> new Command.AdvanceMigration(name);
            };
        }

        /** Answers come from two approvers and, against the rules, from the author. */
        private Principal by(Command command) {
            boolean ofApprovers =
                    command instanceof Command.AnswerMigration
                            || command instanceof Command.WithdrawAnswer
                            || command instanceof Command.ReviewBreakGlass;
            return ofApprovers
                    ? new Principal(
                            List.of("ada", "bob", "admin").get(random.nextInt(3)),
                            Principal.AuthMethod.TOKEN)
                    : Fixtures.ADMIN;
        }

        private Command plan(String id) {
            MigrationSpec plain = planned(id);
            boolean announces = id.equals("b") && random.nextBoolean();
            return new Command.CreateMigration(
                    switch (id) {
                        case "c" -> Fixtures.with(plain, Risk.MEDIUM, Fixtures.using("db", 30, 0));
                        case "a" ->
                                Fixtures.with(
                                        plain,
                                        Risk.HIGH,
                                        random.nextInt(4) == 0
                                                ? Fixtures.using("db", 30, 0)
                                                : MigrationProfile.EMPTY);
                        default ->
                                announces
                                        ? Fixtures.with(plain, Risk.HIGH, announced())
                                        : Fixtures.against(plain, id);
                    });
        }

        /** Callers are told to be gone later than any walk is there. */
        private MigrationProfile announced() {
            MigrationProfile nothing = MigrationProfile.EMPTY;
            return new MigrationProfile(
                    nothing.scope(),
                    nothing.people(),
                    nothing.impact(),
                    nothing.goals(),
                    Optional.of(
                            new MigrationProfile.DeprecationWindow(
                                    now, now.plus(Duration.ofDays(20_000)), Optional.empty())));
        }

        private MigrationSpec planned(String id) {
            return Fixtures.migration(
                    id,
                    id,
                    id.equals("a") ? StoreKind.SEPARATE : StoreKind.SHARED,
                    id.equals("c") ? List.of("db/y") : List.of("db/x", "db/y"),
                    id.equals("c") && random.nextBoolean() ? new String[] {"b"} : new String[0]);
        }

        private Command baseline(String id) {
            return random.nextInt(8) == 0
                    ? new Command.DeleteBaseline(new BaselineName(id))
                    : new Command.RecordBaseline(
                            Fixtures.baseline(id, id),
                            Fixtures.recording(id, world.gate(id).revision(), now));
        }

        private Command report(Migration migration) {
            List<String> awaited =
                    PhaseRule.of(migration.spec().store(), migration.phase()).reports();
            String step =
                    awaited.isEmpty() || random.nextInt(6) == 0
                            ? PhaseRule.MIRROR
                            : awaited.getFirst();
            return new Command.ReportMigration(
                    migration.name(),
                    new MigrationReport(
                            step,
                            random.nextInt(4) == 0
                                    ? MigrationReport.Outcome.FAILED
                                    : MigrationReport.Outcome.SUCCEEDED,
                            "done"));
        }

        private Command ramp(Migration migration) {
            return migration
                    .ramp()
                    .flatMap(world.catalog()::ramp)
                    .<Command>map(ramp ->
                            switch (random.nextInt(24)) {
                                case 0 -> new Command.AbortRamp(ramp.name());
                                case 1 -> new Command.PauseRamp(ramp.name());
                                case 2, 3, 4 -> new Command.ResumeRamp(ramp.name());
                                case 5, 6, 7, 8, 9, 10, 11 ->
                                        new Command.ConfirmStep(ramp.name(), ramp.step());
                                default -> new Command.StepRamp(ramp.name(), ramp.step());
                            })
                    .orElseGet(() -> new Command.PauseMigration(migration.name()));
        }

        private Command ruled(String id) {
            GateSpec present = world.gate(id).spec();
            return new Command.UpdateGate(
                    gateWith(present.content(), random.nextInt(3)), Command.BackMoves.ALLOWED);
        }

        private static GateSpec gate(String id, int rules) {
            boolean separate = id.equals("a");
            return gateWith(
                    Fixtures.content(
                            id,
                            "orders",
                            0,
                            "seed",
                            Mode.OFF,
                            separate ? Mode.DUAL_WRITE : Mode.COMPLETE,
                            TakeBack.FROM),
                    rules);
        }

        private static GateSpec gateWith(Gate gate, int rules) {
            return new GateSpec(
                    new Gate(
                            gate.name(),
                            gate.contractVersion(),
                            gate.revision(),
                            gate.gateSet(),
                            gate.legacyCluster(),
                            gate.newCluster(),
                            gate.storeKind(),
                            gate.from(),
                            gate.to(),
                            gate.share(),
                            gate.bucketing(),
                            rules == 1 ? List.of(KEEP) : List.of(),
                            gate.takeBack(),
                            gate.maxStale(),
                            gate.kill(),
                            gate.acknowledgedTrips(),
                            gate.trip(),
                            gate.writeAuthority(),
                            gate.writeHold(),
                            gate.fallback()),
                    Description.NONE);
        }
    }
}
