package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.control.catalog.Migration;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.RampState;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.World;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EscalationRulesTest {
    private static final MigrationName NAME = new MigrationName("m");
    private static final Command ESCALATE = new Command.EscalateMigration(NAME);

    private final World world = World.shop(0);

    @BeforeEach
    void plan() {
        ask(1, Optional.of(Duration.ofHours(1)));
        world.accept(
                new Command.CreateMigration(
                        Fixtures.migration("m", "orders", StoreKind.SHARED, List.of("db/orders"))));
    }

    @Test
    void who_waits_for_people_for_too_long_calls_them_once() {
        assertThat(world.accept(ESCALATE, at(59))).isEmpty();
        assertThat(isDue(60)).isTrue();

        assertThat(world.accept(ESCALATE, at(60)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Event.MigrationEscalated.class,
                        event -> assertThat(event.message()).contains("no approval that counts"));
        assertThat(isDue(600)).as("once").isFalse();
        assertThat(migration().timeline().getLast().what()).startsWith("people are called");
    }

    @Test
    void without_a_longest_wait_a_missing_word_or_while_something_else_stands_against_it() {
        world.accept(new Command.PauseMigration(NAME));
        assertThat(isDue(60)).as("held").isFalse();
        world.accept(new Command.ResumeMigration(NAME));

        world.accept(new Command.Kill(Fixtures.gateTarget("orders")));
        assertThat(isDue(60)).as("killed: no word of people clears it").isFalse();
        world.accept(new Command.Resume(Fixtures.gateTarget("orders"), List.of()));
        assertThat(isDue(60)).isTrue();

        ask(0, Optional.of(Duration.ofHours(1)));
        assertThat(isDue(60)).as("nobody is asked").isFalse();
        ask(1, Optional.empty());
        assertThat(isDue(60)).as("for ever").isFalse();
    }

    @Test
    void a_ramp_that_waits_for_a_person_calls_one() {
        RampName ramp = new RampName("r");
        happened(
                new Event.RampStarted(Fixtures.ramp("r", Fixtures.gateTarget("orders"), 10_000)),
                new Event.MigrationMoved(
                        NAME, Phase.RAMP, Progress.MOVING, Optional.of(ramp), "moves"));
        assertThat(isDue(600)).as("it runs").isFalse();

        happened(new Event.RampMoved(ramp, RampState.WAITING_FOR_APPROVAL, "UNDECIDED"));
        assertThat(isDue(59)).isFalse();
        world.apply(
                ESCALATE,
                at(50),
                List.of(new Event.RampJudged(ramp, Fixtures.verdict(0, Verdict.Outcome.INVALID))));
        assertThat(world.accept(ESCALATE, at(60)))
                .singleElement()
                .asString()
                .contains("ramps/r: said so");
        assertThat(isDue(600)).as("once").isFalse();
    }

    private void happened(Event... events) {
        world.apply(ESCALATE, Fixtures.admin(), List.of(events));
    }

    private boolean isDue(long minutes) {
        return Lifecycle.isEscalationDue(
                world.catalog(), FleetReport.SILENT, migration(), at(minutes));
    }

    private Migration migration() {
        return world.catalog().migration(NAME).orElseThrow();
    }

    private void ask(int quorum, Optional<Duration> escalateAfter) {
        world.accept(
                new Command.PutApprovalPolicy(
                        new ApprovalPolicySpec(
                                Risk.HIGH,
                                quorum,
                                List.of(),
                                Duration.ofDays(1),
                                Duration.ZERO,
                                Optional.empty(),
                                Optional.empty(),
                                escalateAfter)),
                Fixtures.admin());
    }

    private static CommandContext at(long minutes) {
        return CommandContext.of(Fixtures.ADMIN, Fixtures.START.plus(Duration.ofMinutes(minutes)));
    }
}
