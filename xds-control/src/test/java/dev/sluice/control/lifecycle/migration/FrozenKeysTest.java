package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.WindowSpec;
import dev.sluice.control.lifecycle.World;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a freeze does to keys of a phase that was entered before it. */
class FrozenKeysTest {
    private static final MigrationName NAME = new MigrationName("m");
    private static final Duration HOUR = Duration.ofHours(1);

    private final World world = World.shop(0);
    private Instant now = Fixtures.START;

    @Test
    void the_first_step_of_a_ramp_waits_for_the_end_of_a_freeze_that_came_meanwhile() {
        plan("orders", StoreKind.SHARED);
        enter(Phase.RAMP);
        freeze();

        refuseConfirmation();
        assertThat(migration().progress()).isEqualTo(Progress.STEPPING);
        assertThat(world.share("orders")).isZero();

        now = now.plus(HOUR);
        confirm();
        assertThat(migration().ramp()).isPresent();
        assertThat(world.share("orders")).isPositive();
    }

    @Test
    void so_do_keys_that_move_all_at_once() {
        world.accept(
                new Command.CreateGate(
                        new GateSpec(
                                Fixtures.content(
                                        "g",
                                        "orders",
                                        0,
                                        "seed",
                                        Mode.OFF,
                                        Mode.DUAL_WRITE,
                                        TakeBack.FROM),
                                Description.NONE)));
        plan("g", StoreKind.SEPARATE);
        enter(Phase.DUAL_WRITE);
        freeze();

        refuseConfirmation();
        assertThat(world.share("g")).isZero();

        now = now.plus(HOUR);
        confirm();
        assertThat(world.share("g")).isEqualTo(1_000_000);
    }

    @Test
    void over_a_broken_glass_they_move_in_the_freeze() {
        plan("orders", StoreKind.SHARED);
        enter(Phase.VERIFY);
        settle();
        pass();
        freeze();
        Command advance = new Command.AdvanceMigration(NAME);
        assertThat(world.refuse(advance, careful(advance)))
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("windows");

        Command glass = new Command.BreakGlass(NAME);
        world.accept(glass, careful(glass));
        assertThat(migration().phase()).isEqualTo(Phase.RAMP);
        confirm();

        assertThat(world.share("orders")).isPositive();
    }

    /** Walks until the modes of a phase are on their way. */
    private void enter(Phase phase) {
        while (true) {
            Command advance = new Command.AdvanceMigration(NAME);
            world.accept(advance, careful(advance));
            if (migration().phase() == phase) {
                return;
            }
            settle();
            pass();
        }
    }

    private void settle() {
        while (migration().progress() != Progress.RESTING) {
            confirm();
        }
    }

    private void pass() {
        now = now.plus(HOUR);
        PhaseRule.of(migration().spec().store(), migration().phase())
                .reports()
                .forEach(step ->
                        world.accept(
                                new Command.ReportMigration(
                                        NAME,
                                        new MigrationReport(
                                                step, MigrationReport.Outcome.SUCCEEDED, "done")),
                                at(Fixtures.admin())));
    }

    private void plan(String gate, StoreKind store) {
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", gate, store, List.of("db/orders"))),
                at(Fixtures.admin()));
    }

    /** For an hour from now on. */
    private void freeze() {
        world.accept(
                new Command.CreateWindow(
                        new WindowSpec(
                                new WindowName("fair"),
                                Description.NONE,
                                WindowSpec.Kind.FREEZE,
                                LocalDateTime.ofInstant(now, ZoneOffset.UTC),
                                "UTC",
                                HOUR,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of())),
                at(Fixtures.admin()));
    }

    private void refuseConfirmation() {
        assertThat(world.refuse(confirmation(), at(Fixtures.admin())))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.problem().path()).isEqualTo("gates");
                    assertThat(refusal.problem().got()).contains("windows/fair");
                    assertThat(refusal.problem().expected()).contains(now.plus(HOUR).toString());
                });
    }

    private void confirm() {
        world.accept(confirmation(), at(Fixtures.admin()));
    }

    private Command confirmation() {
        return new Command.ConfirmMigration(NAME, migration().phase(), migration().progress());
    }

    private Migration migration() {
        return world.catalog().migration(NAME).orElseThrow();
    }

    private CommandContext careful(Command command) {
        return at(world.careful(command).withReason("the fair waits for it"));
    }

    private CommandContext at(CommandContext context) {
        return new CommandContext(
                context.caller(),
                context.requestId(),
                context.reason(),
                context.validation(),
                context.etag(),
                now);
    }
}
