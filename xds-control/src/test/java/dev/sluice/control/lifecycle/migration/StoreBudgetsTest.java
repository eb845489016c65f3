package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Database;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.migration.StoreBudgets.Kind;
import dev.sluice.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What migrations take of their stores, and what becomes of them together. */
class StoreBudgetsTest {
    private final World world = World.shop(0);
    private Instant now = Fixtures.START;

    private void plan(String id, List<String> tables, MigrationProfile profile) {
        if (world.catalog().gate(new GateName(id)).isEmpty()) {
            world.accept(new Command.CreateGate(Fixtures.gate(id, "orders", 0)));
        }
        world.accept(
                new Command.CreateMigration(
                        Fixtures.with(
                                Fixtures.migration(id, id, StoreKind.SHARED, tables),
                                Risk.HIGH,
                                profile)));
    }

    private Decision give(Command command) {
        CommandContext plain = world.careful(command);
        CommandContext at =
                new CommandContext(
                        plain.caller(),
                        plain.requestId(),
                        "because",
                        plain.validation(),
                        plain.etag(),
                        now);
        Decision decision = world.decide(command, at);
        if (decision instanceof Decision.Change(var events)) {
            world.apply(command, at, events);
        }
        return decision;
    }

    private Decision advance(String id) {
        return give(new Command.AdvanceMigration(new MigrationName(id)));
    }

    private Migration migration(String id) {
        return world.catalog().migration(new MigrationName(id)).orElseThrow();
    }

    private Database database(String id) {
        return world.catalog().database(new DatabaseName(id)).orElseThrow();
    }

    private static List<String> paths(Decision decision) {
        return decision instanceof Decision.Refused(var refusals)
                ? refusals.stream().map(refusal -> refusal.problem().path()).toList()
                : List.of();
    }

    private static String got(Decision decision) {
        return ((Decision.Refused) decision).refusals().getFirst().problem().got();
    }

    @Test
    void who_would_need_more_than_is_left_waits_and_is_told_for_whom() {
        world.accept(new Command.CreateDatabase(Fixtures.database("shop", 1, 50, 20)));
        plan("a", List.of("shop/x"), Fixtures.using("shop", 30, 10));
        plan("b", List.of("shop/y"), Fixtures.using("shop", 30, 15));

        assertThat(paths(advance("a"))).isEmpty();
        Decision second = advance("b");

        assertThat(paths(second))
                .containsExactly(
                        "databases/shop.locks",
                        "databases/shop.io_percent",
                        "databases/shop.replication_percent");
        assertThat(got(second)).isEqualTo("1 more, while 1 are taken by [migrations/a]");
        assertThat(StoreBudgets.uses(world.catalog(), database("shop")))
                .containsExactly(new StoreBudgets.Use(new MigrationName("a"), 1, 30, 10));
        give(new Command.RollbackMigration(new MigrationName("a")));

        assertThat(paths(advance("b"))).as("given back").isEmpty();
    }

    @Test
    void another_store_and_a_store_without_a_bound_hold_nobody_up() {
        world.accept(new Command.CreateDatabase(Fixtures.database("shop", 1, 0, 0)));
        plan("a", List.of("shop/x"), Fixtures.using("shop", 900, 900));
        plan("b", List.of("other/x"), MigrationProfile.EMPTY);

        assertThat(paths(advance("a"))).isEmpty();
        assertThat(paths(advance("b"))).isEmpty();
        assertThat(StoreBudgets.uses(world.catalog(), database("shop"))).hasSize(1);
    }

    @Test
    void what_is_more_than_there_is_says_so() {
        world.accept(new Command.CreateDatabase(Fixtures.database("shop", 0, 20, 0)));
        plan("a", List.of("shop/x"), Fixtures.using("shop", 30, 0));

        assertThat(advance("a"))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused ->
                                assertThat(refused.refusals().getFirst().problem().remedy())
                                        .contains("below what this migration needs alone"));
    }

    @Test
    void a_plan_of_all_shows_budgets_that_can_not_serve_them_at_once() {
        world.accept(new Command.CreateDatabase(Fixtures.database("shop", 1, 50, 100)));
        plan("a", List.of("shop/x"), Fixtures.using("shop", 30, 10));
        plan("b", List.of("shop/y"), Fixtures.using("shop", 30, 10));
        plan("c", List.of("other/z"), MigrationProfile.EMPTY);

        List<StoreBudgets.Shortage> shortages =
                MigrationOutlook.of(world.catalog(), now, Duration.ofDays(1)).shortages();

        assertThat(shortages)
                .extracting(StoreBudgets.Shortage::kind)
                .containsExactly(Kind.LOCKS, Kind.IO);
        assertThat(shortages.getLast().needed()).isEqualTo(60);
        assertThat(shortages.getLast().most()).isEqualTo(50);
        assertThat(shortages.getLast().migrations())
                .containsExactly(new MigrationName("a"), new MigrationName("b"));
        assertThat(shortages.getLast().kind().field()).isEqualTo("io_percent");
        world.accept(new Command.UpdateDatabase(Fixtures.database("shop", 2, 60, 100)));
        assertThat(MigrationOutlook.of(world.catalog(), now, Duration.ofDays(1)).shortages())
                .isEmpty();
    }

    @Test
    void a_database_is_of_one_store_and_in_its_ranges() {
        world.accept(new Command.CreateDatabase(Fixtures.database("shop", 1, 50, 0)));
        DatabaseSpec twin =
                new DatabaseSpec(
                        new DatabaseName("twin"),
                        Description.NONE,
                        "shop",
                        new DatabaseSpec.Budget(
                                Optional.of(65), Optional.of(0), Optional.of(1_001)));
        DatabaseSpec slash =
                new DatabaseSpec(
                        new DatabaseName("slash"),
                        Description.NONE,
                        "a/b",
                        Fixtures.database("x", 0, 0, 0).budget());

        assertThat(paths(give(new Command.CreateDatabase(twin))))
                .containsExactly("locks", "io_percent", "replication_percent", "store");
        assertThat(paths(give(new Command.CreateDatabase(slash)))).containsExactly("store");
        assertThat(paths(give(new Command.CreateDatabase(Fixtures.database("shop", 1, 1, 1)))))
                .containsExactly("name");
        assertThat(world.accept(new Command.UpdateDatabase(Fixtures.database("shop", 1, 50, 0))))
                .isEmpty();
        assertThat(paths(give(new Command.UpdateDatabase(Fixtures.database("none", 1, 1, 1)))))
                .containsExactly("name");
        assertThat(world.accept(new Command.DeleteDatabase(new DatabaseName("shop")))).hasSize(1);
        assertThat(paths(give(new Command.DeleteDatabase(new DatabaseName("shop")))))
                .containsExactly("name");
    }

    @Test
    void databases_are_no_more_than_a_thousand() {
        for (int i = 0; i < 1_000; i++) {
            world.accept(new Command.CreateDatabase(Fixtures.database("d" + i, 1, 0, 0)));
        }

        assertThat(world.refuse(new Command.CreateDatabase(Fixtures.database("more", 1, 0, 0))))
                .singleElement()
                .extracting(Refusal::kind)
                .isEqualTo(Refusal.Kind.PRECONDITION);
    }

    /**
     * Many migrations of few tables and tight budgets, moved in any order: none overlaps another in
     * a locking step, no step takes more than there is, and all of them come to their end.
     */
    @Test
    void parallel_migrations_neither_overlap_nor_wait_for_each_other_for_ever() {
        Seeds seeds = Seeds.printed("parallel migrations");
        for (int round = 0; round < 20; round++) {
            new StoreBudgetsTest().walkAll(seeds.generator("" + round));
        }
    }

    private void walkAll(RandomGenerator random) {
        List<String> ids = List.of("a", "b", "c", "d", "e", "f");
        for (String store : List.of("s", "t")) {
            world.accept(
                    new Command.CreateDatabase(
                            Fixtures.database(
                                    store,
                                    1 + random.nextInt(2),
                                    40 + random.nextInt(40),
                                    random.nextInt(2) * 50)));
        }
        for (String id : ids) {
            List<String> tables = new ArrayList<>();
            for (String table : List.of("s/x", "s/y", "t/x", "t/y")) {
                if (random.nextInt(2) == 0) {
                    tables.add(table);
                }
            }
            plan(
                    id,
                    tables.stream().filter(it -> it.startsWith("s/")).toList(),
                    Fixtures.using("s", random.nextInt(41), random.nextInt(41)));
        }
        List<String> open = new ArrayList<>(ids);
        int idle = 0;
        while (!open.isEmpty()) {
            assertThat(idle).as("turns in which nobody moved, with %s left", open).isLessThan(200);
            now = now.plus(Duration.ofMinutes(30));
            String id = open.get(random.nextInt(open.size()));
            idle = turn(id) ? 0 : idle + 1;
            if (!migration(id).state().isOpen()) {
                open.remove(id);
            }
            assertKept();
        }
    }

    /** One thing that a person, a job or the orchestrator would do now; whether it was done. */
    private boolean turn(String id) {
        Migration migration = migration(id);
        Optional<Ramp> ramp =
                migration.ramp().flatMap(world.catalog()::ramp).filter(it -> it.state().isActive());
        List<Command> wishes = new ArrayList<>();
        ramp.ifPresent(it -> {
            wishes.add(new Command.ConfirmStep(it.name(), it.step()));
            wishes.add(new Command.StepRamp(it.name(), it.step()));
        });
        wishes.add(
                new Command.ConfirmMigration(
                        migration.name(), migration.phase(), migration.progress()));
        if (migration.progress() == Progress.RESTING) {
            PhaseRule.of(migration.spec().store(), migration.phase()).reports().stream()
                    .filter(step -> migration.report(step).isEmpty())
                    .forEach(step ->
                            wishes.add(
                                    new Command.ReportMigration(
                                            migration.name(),
                                            new MigrationReport(
                                                    step,
                                                    MigrationReport.Outcome.SUCCEEDED,
                                                    "done"))));
        }
        wishes.add(new Command.AdvanceMigration(migration.name()));
        long before = world.catalog().seq();
        for (Command wish : wishes) {
            give(wish);
            if (world.catalog().seq() > before) {
                return true;
            }
        }
        return false;
    }

    private void assertKept() {
        for (Database database : world.catalog().databases()) {
            List<StoreBudgets.Use> uses = StoreBudgets.uses(world.catalog(), database);
            for (Kind kind : Kind.values()) {
                assertThat(uses.stream().mapToInt(kind::of).sum())
                        .as("%s of %s", kind, database.name())
                        .isLessThanOrEqualTo(kind.most(database).orElse(Integer.MAX_VALUE));
            }
        }
        List<Migration> locking =
                world.catalog().openMigrationList().stream().filter(MigrationLocks::holds).toList();
        for (Migration one : locking) {
            for (Migration other : locking) {
                MigrationSpec spec = other.spec();
                assertThat(MigrationLocks.common(one, other).isNothing())
                        .as("%s and %s lock nothing both", one.name(), spec.name())
                        .isTrue();
            }
        }
    }
}
