package dev.sluice.control.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.catalog.Operation;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.OperationOutcome.Cause;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.ShareTarget;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OperationRulesTest {
    private static final ShareTarget ORDERS = Fixtures.gateTarget("orders");

    private final World world = World.shop(300_000);

    private static OperationName name(String id) {
        return new OperationName(id);
    }

    private static Command begin(String id, OperationSpec.Work work) {
        return new Command.OfOperation(new OperationOrder.Begin(new OperationSpec(name(id), work)));
    }

    private static Command step(String id, int step) {
        return new Command.OfOperation(new OperationOrder.Step(name(id), step));
    }

    private static Command end(String id, OperationOutcome how) {
        return new Command.OfOperation(new OperationOrder.End(name(id), how));
    }

    private static Command cancel(String id) {
        return new Command.OfOperation(new OperationOrder.Cancel(name(id)));
    }

    private static OperationSpec.RollBack back(ShareTarget target, int... shares) {
        return new OperationSpec.RollBack(
                target,
                IntStream.concat(Arrays.stream(shares), IntStream.of(0))
                        .mapToObj(PartsPerMillion::new)
                        .toList(),
                Duration.ofMinutes(1));
    }

    private List<Event> accept(Command command) {
        return world.accept(command, Fixtures.admin().withReason("slow"));
    }

    private List<Refusal> refuse(Command command) {
        return world.refuse(command, Fixtures.admin().withReason("slow"));
    }

    private Operation operation(String id) {
        return world.catalog().operation(name(id)).orElseThrow();
    }

    private List<String> expected(Command command) {
        return refuse(command).stream().map(refusal -> refusal.problem().expected()).toList();
    }

    @Test
    void a_rollback_begins_with_its_first_step_and_is_found_by_its_name() {
        accept(begin("op", back(ORDERS, 100_000)));

        assertThat(world.share("orders")).isEqualTo(100_000);
        assertThat(world.share("customers")).isEqualTo(300_000);
        assertThat(operation("op").steps()).isEqualTo(1);
        assertThat(operation("op").isRunning()).isTrue();
        assertThat(operation("op").actor()).isEqualTo(Fixtures.admin().principal());
        assertThat(operation("op").reason()).isEqualTo("slow");
        assertThat(world.catalog().find("operations/op").orElseThrow()).isEqualTo(operation("op"));
    }

    @Test
    void one_without_a_step_on_the_way_is_over_at_once() {
        accept(begin("op", back(ORDERS)));

        assertThat(world.share("orders")).isZero();
        assertThat(operation("op").outcome()).contains(new OperationOutcome.RolledBack());
    }

    @Test
    void it_begins_not_at_all_where_something_stands_against_it() {
        assertThat(
                        world.refuse(
                                begin("op", back(ORDERS, 100_000)),
                                Fixtures.admin().withReason("")))
                .as("a reason is required")
                .extracting(refusal -> refusal.problem().path())
                .containsExactly("reason");
        assertThat(expected(begin("op", back(ORDERS, 400_000))))
                .containsExactly("at most 300000, the share in force");
        assertThat(refuse(begin("op", back(Fixtures.gateTarget("none"), 100_000))))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.NOT_FOUND);
        accept(new Command.CreateGateSet(Fixtures.set("both", "orders", "customers")));
        assertThat(refuse(begin("op", back(ORDERS, 100_000))))
                .as("the first step is that of half a set")
                .isNotEmpty();
        assertThat(world.catalog().operations()).isEmpty();
        accept(begin("op", back(Fixtures.setTarget("both"), 100_000)));
        assertThat(world.share("customers")).isEqualTo(100_000);
    }

    @Test
    void one_at_a_time_does_the_same_to_the_same() {
        accept(begin("op", back(ORDERS, 100_000)));
        accept(begin("check", new OperationSpec.VerifyLog()));
        accept(begin("copy", new OperationSpec.BackUpLog()));

        assertThat(expected(begin("op-2", back(ORDERS, 50_000)))).containsExactly("one at a time");
        assertThat(expected(begin("check-2", new OperationSpec.VerifyLog())))
                .containsExactly("one at a time");
        accept(begin("other", back(Fixtures.gateTarget("customers"), 100_000)));
        accept(end("check", new OperationOutcome.Failed(Cause.DATA_LOSS, "cut short")));
        accept(begin("check-2", new OperationSpec.VerifyLog()));
        assertThat(refuse(begin("check", new OperationSpec.BackUpLog())))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.ALREADY_EXISTS, Refusal.Kind.PRECONDITION);
    }

    @Test
    void only_so_many_run() {
        for (int i = 0; i < 50; i++) {
            accept(new Command.CreateGate(Fixtures.gate("g" + i, "orders", 300_000)));
            accept(begin("op-" + i, back(Fixtures.gateTarget("g" + i), 100_000)));
        }

        assertThat(expected(begin("one-more", new OperationSpec.VerifyLog())))
                .containsExactly("fewer than that");
        accept(cancel("op-7"));
        accept(begin("one-more", new OperationSpec.VerifyLog()));
    }

    @Test
    void steps_follow_each_other_and_none_is_done_twice_or_after_the_end() {
        accept(begin("op", back(ORDERS, 100_000, 50_000)));
        assertThat(accept(step("op", 0))).isEmpty();
        assertThat(accept(step("op", 2))).isEmpty();
        assertThat(accept(step("none", 1))).isEmpty();
        accept(step("op", 1));
        assertThat(world.share("orders")).isEqualTo(50_000);
        accept(step("op", 2));

        assertThat(world.share("orders")).isZero();
        assertThat(operation("op").outcome()).contains(new OperationOutcome.RolledBack());
        assertThat(accept(step("op", 3))).isEmpty();
        assertThat(accept(cancel("op"))).isEmpty();
        assertThat(accept(end("op", new OperationOutcome.RolledBack()))).isEmpty();
        accept(begin("check", new OperationSpec.VerifyLog()));
        assertThat(accept(step("check", 0))).as("it has no steps").isEmpty();
    }

    @Test
    void what_stands_against_a_step_ends_it_there_and_says_so() {
        accept(begin("op", back(ORDERS, 100_000)));
        accept(new Command.CreateGateSet(Fixtures.set("both", "orders")));
        accept(step("op", 1));

        assertThat(operation("op").outcome())
                .as("the whole set goes, for the last step takes back all that moves together")
                .contains(new OperationOutcome.RolledBack());
        accept(begin("op-2", back(Fixtures.gateTarget("customers"), 100_000, 50_000)));
        accept(new Command.CreateGateSet(Fixtures.set("late", "customers")));
        accept(step("op-2", 1));

        assertThat(world.share("customers")).isEqualTo(100_000);
        assertThat(operation("op-2").outcome().orElseThrow())
                .isInstanceOfSatisfying(
                        OperationOutcome.Failed.class,
                        failed -> {
                            assertThat(failed.cause()).isEqualTo(Cause.FAILED_PRECONDITION);
                            assertThat(failed.message())
                                    .startsWith("interrupted before step 2: ")
                                    .contains("gateSets/late");
                        });
    }

    @Test
    void who_is_not_there_can_not_be_cancelled_and_who_is_ends() {
        assertThat(refuse(cancel("none")))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.NOT_FOUND);
        accept(begin("op", back(ORDERS, 100_000)));
        accept(cancel("op"));

        assertThat(operation("op").outcome())
                .contains(new OperationOutcome.Failed(Cause.CANCELLED, "cancelled by admin"));
        assertThat(world.share("orders")).isEqualTo(100_000);
    }

    @Test
    void the_newest_hundred_are_kept_and_those_that_run() {
        accept(begin("op", back(ORDERS, 100_000)));
        for (int i = 0; i < 100; i++) {
            accept(begin("check-" + i, new OperationSpec.VerifyLog()));
            accept(cancel("check-" + i));
        }

        assertThat(world.catalog().operations()).hasSize(100);
        assertThat(operation("op").isRunning()).isTrue();
        assertThat(world.catalog().operation(name("check-0"))).isEmpty();
        assertThat(world.catalog().operation(name("check-99"))).isPresent();
    }
}
