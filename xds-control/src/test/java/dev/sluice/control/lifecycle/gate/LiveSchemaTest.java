package dev.sluice.control.lifecycle.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.ShareTarget;
import dev.sluice.control.change.spec.VersionSpec;
import dev.sluice.control.change.spec.VersionSpec.SchemaRange;
import dev.sluice.control.lifecycle.World;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys that would go back to a version which can't work on the schema that the store has. */
class LiveSchemaTest {
    private static final MigrationName NAME = new MigrationName("m");
    private static final ShareTarget TARGET = Fixtures.gateTarget("orders");
    private static final Command ROLLBACK = new Command.Rollback(TARGET);
    private static final Command LOWER = new Command.SetShare(TARGET, new PartsPerMillion(10_000));

    private final World world = World.shop(500_000);

    @Test
    void no_rollback_goes_to_a_version_that_can_not_work_on_the_schema_in_force() {
        begin("2.0.0");
        in(Phase.RAMP);
        legacyAccepts("1", "1.9");

        for (Command back : List.of(ROLLBACK, LOWER, new Command.RollbackMigration(NAME))) {
            assertThat(world.refuse(back))
                    .as("%s", back)
                    .singleElement()
                    .satisfies(refusal ->
                            assertThat(refusal.problem().message())
                                    .startsWith(
                                            "accepted_schema: services/orders/versions/v1 accepts"
                                                    + " 1 to 1.9 of db (expected 2.0.0, which the"
                                                    + " store has since EXPAND of migrations/m)"));
        }
        world.accept(new Command.Kill(TARGET));
        assertThat(world.gate("orders").content().isKilled()).as("the last resort").isTrue();
    }

    @Test
    void a_degraded_ramp_waits_for_a_person_where_legacy_can_not_serve() {
        world.accept(new Command.CreateRamp(Fixtures.ramp("r", TARGET, 500_000, 990_000)));
        begin("2.0.0");
        in(Phase.RAMP);
        legacyAccepts("1", "1.9");
        RampName ramp = new RampName("r");

        world.accept(
                new Command.RecordVerdict(ramp, Fixtures.verdict(0, Verdict.Outcome.DEGRADED)));

        assertThat(world.ramp("r").state()).isEqualTo(RampState.WAITING_FOR_APPROVAL);
        assertThat(world.ramp("r").message())
                .startsWith("said so; not taken back: accepted_schema: ");
        assertThat(world.share("orders")).isEqualTo(500_000);
        assertThat(world.refuse(new Command.AbortRamp(ramp))).hasSize(1);
    }

    @Test
    void where_legacy_accepts_it_says_nothing_or_nothing_has_changed_yet_keys_go_back() {
        begin("2.0.0");
        legacyAccepts("1", "1.9");
        assertThat(world.decide(ROLLBACK, world.careful(ROLLBACK)))
                .as("before EXPAND is over")
                .isInstanceOf(dev.sluice.control.lifecycle.decision.Decision.Change.class);
        in(Phase.RAMP);
        legacyAccepts("1", "2");
        world.accept(ROLLBACK);
        assertThat(world.share("orders")).isZero();
    }

    private void begin(String schema) {
        MigrationSpec plain =
                Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.with(
                                plain,
                                new MigrationSpec.Product(
                                        "",
                                        "",
                                        MigrationSpec.Risk.LOW,
                                        List.of(),
                                        MigrationSpec.Compatibility.FULL,
                                        schema,
                                        Optional.empty(),
                                        Optional.empty()))));
    }

    private void in(Phase phase) {
        world.apply(
                new Command.PauseMigration(NAME),
                Fixtures.admin(),
                List.of(
                        new Event.MigrationMoved(
                                NAME, phase, Phase.Progress.RESTING, Optional.empty(), "so")));
    }

    private void legacyAccepts(String min, String max) {
        VersionSpec plain = Fixtures.version("orders", "v1");
        world.accept(
                new Command.UpdateVersion(
                        new VersionSpec(
                                plain.name(),
                                plain.labels(),
                                plain.endpoints(),
                                plain.protocol(),
                                plain.tls(),
                                plain.healthCheck(),
                                Optional.of(new SchemaRange("db", min, max)),
                                plain.connectTimeout(),
                                plain.inbound())));
    }
}
