package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport.Outcome;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a plan may say, and how plans wait for one another. */
class MigrationPlansTest {
    private final WalkedMigrations shop = new WalkedMigrations();

    @Test
    void a_plan_takes_a_free_name_and_every_other_command_a_taken_one() {
        Command.CreateMigration create =
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders")));
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("name");
        assertThat(shop.paths(new Command.UpdateMigration(create.spec()))).containsExactly("name");
        assertThat(
                        shop.paths(
                                new Command.ConfirmMigration(
                                        WalkedMigrations.NAME,
                                        Phase.EXPAND,
                                        Phase.Progress.MOVING)))
                .containsExactly("name");

        shop.world.accept(create);

        assertThat(shop.paths(create)).contains("name");
        assertThat(
                        shop.paths(
                                new Command.ConfirmMigration(
                                        WalkedMigrations.NAME,
                                        Phase.SOAK,
                                        shop.migration("m").progress())))
                .as("of a phase that it is not in")
                .containsExactly("progress");
        assertThat(
                        shop.paths(
                                new Command.ConfirmMigration(
                                        WalkedMigrations.NAME,
                                        shop.migration("m").phase(),
                                        Phase.Progress.MOVING)))
                .as("of a progress that it is not in")
                .containsExactly("progress");
    }

    @Test
    void a_risk_can_ask_for_a_longer_stay_at_the_end_than_the_plan() {
        shop.plan("m", "orders", StoreKind.SHARED);
        shop.world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                MigrationSpec.Risk.HIGH,
                                0,
                                List.of(),
                                ApprovalPolicySpec.DEFAULT_VALIDITY,
                                Duration.ofDays(2))));
        shop.walkTo(Phase.SOAK);

        shop.now = shop.migration("m").since().plus(Duration.ofDays(2)).minusNanos(1);
        assertThat(shop.paths(new Command.AdvanceMigration(WalkedMigrations.NAME)))
                .containsExactly("soaks[SOAK]");
        shop.now = shop.now.plusNanos(1);
        shop.advance("m");
    }

    @Test
    void dependencies_come_first_and_never_in_a_circle() {
        shop.plan("a", "orders", StoreKind.SHARED);
        shop.world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("b", "customers", StoreKind.SHARED, List.of(), "a")));

        assertThat(shop.paths(new Command.AdvanceMigration(new MigrationName("b"))))
                .containsExactly("depends_on");
        assertThat(
                        shop.paths(
                                new Command.UpdateMigration(
                                        Fixtures.migration(
                                                "a", "orders", StoreKind.SHARED, List.of(), "b"))))
                .containsExactly("depends_on");
        assertThat(shop.paths(new Command.DeleteMigration(new MigrationName("a"))))
                .containsExactly("name");
        assertThat(
                        shop.paths(
                                new Command.CreateMigration(
                                        Fixtures.migration(
                                                "c", "orders", StoreKind.SHARED, List.of(), "c"))))
                .containsExactly("target", "depends_on");
    }

    @Test
    void two_migrations_never_change_one_table_at_once() {
        shop.world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(
                                "a", "orders", StoreKind.SHARED, List.of("db/x", "db/y"))));
        shop.world.accept(
                new Command.CreateMigration(
                        Fixtures.migration(
                                "b", "customers", StoreKind.SHARED, List.of("db/y", "db/z"))));
        shop.begin("a");

        List<Refusal> refused =
                shop.world.refuse(
                        new Command.AdvanceMigration(new MigrationName("b")), shop.careful("b"));
        assertThat(refused)
                .singleElement()
                .satisfies(refusal ->
                        assertThat(refusal.problem().message()).contains("db/y").contains("a"));

        shop.world.accept(shop.report("a", "expand", Outcome.SUCCEEDED), shop.admin());
        shop.advance("a");
        shop.begin("b");
    }

    @Test
    void two_migrations_never_change_one_contract_at_once() {
        changing("a", "orders", "shop.orders.v1", "shop.users.v1");
        changing("b", "customers", "shop.users.v1");
        shop.begin("a");

        assertThat(
                        shop.world.refuse(
                                new Command.AdvanceMigration(new MigrationName("b")),
                                shop.careful("b")))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("contracts");
                    assertThat(refusal.problem().got())
                            .isEqualTo("migrations/a is in EXPAND on [shop.users.v1]");
                });
        assertThat(
                        shop.world.refuse(
                                new Command.UpdateMigration(contracts("a", "orders", "another.v1")),
                                shop.careful("a")))
                .as("what it locks stays while it walks")
                .extracting(refusal -> refusal.problem().path())
                .contains("steps");

        shop.world.accept(shop.report("a", "expand", Outcome.SUCCEEDED), shop.admin());
        shop.advance("a");
        shop.begin("b");
    }

    private void changing(String id, String gate, String... contracts) {
        shop.world.accept(new Command.CreateMigration(contracts(id, gate, contracts)));
    }

    private static MigrationSpec contracts(String id, String gate, String... contracts) {
        return Fixtures.with(
                Fixtures.migration(id, gate, StoreKind.SHARED, List.of()),
                MigrationSpec.Risk.LOW,
                Fixtures.changing(contracts));
    }

    @Test
    void a_plan_is_checked_as_a_whole() {
        MigrationSpec good =
                Fixtures.migration(
                        "m", "orders", StoreKind.SEPARATE, List.of("", "db/x"), "nobody");
        MigrationSpec wrong =
                new MigrationSpec(
                        new MigrationName("m".repeat(41)),
                        good.description(),
                        good.target(),
                        good.store(),
                        good.product(),
                        good.tables(),
                        good.dependsOn(),
                        List.of(
                                new MigrationSpec.Soak(
                                        Phase.SOAK, Duration.ofDays(91), Optional.empty()),
                                new MigrationSpec.Soak(
                                        Phase.SOAK,
                                        Duration.ZERO,
                                        Optional.of(Duration.ofDays(91)))),
                        List.of(good.soak()),
                        good.ramp().getFirst(),
                        good.judge());

        assertThat(shop.paths(new Command.CreateMigration(wrong)))
                .containsExactlyInAnyOrder(
                        "name",
                        "tables",
                        "soaks[SOAK]",
                        "soaks[SOAK].estimate",
                        "store",
                        "steps",
                        "soak.share_ppm",
                        "depends_on",
                        "soaks");
    }

    @Test
    void a_plan_can_be_changed_until_it_has_begun() {
        shop.plan("m", "orders", StoreKind.SHARED);
        MigrationSpec other =
                Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/other"));
        shop.world.accept(new Command.UpdateMigration(other));
        assertThat(shop.world.accept(new Command.UpdateMigration(other))).isEmpty();
        shop.begin("m");

        assertThat(
                        shop.paths(
                                new Command.UpdateMigration(
                                        Fixtures.migration(
                                                "m", "orders", StoreKind.SHARED, List.of()))))
                .containsExactly("steps");
        assertThat(shop.paths(new Command.DeleteMigration(WalkedMigrations.NAME)))
                .containsExactly("state");
    }
}
