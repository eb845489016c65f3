package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.RouteGate;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.HttpProtocol;
import dev.sluice.proxy.exchange.Peer;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.StreamReset;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Writes that wait for a hold to end, in virtual time. */
class WriteWaitTest {
    private static final Duration FOR_EVER = Duration.ZERO;
    private static final Gate ORDERS = TestGates.writes(1, 0, gate -> gate);
    private static final Optional<RouteGate> ROUTE =
            Optional.of(
                    new RouteGate(
                            new RouteGate.Source.Named(ORDERS.name()),
                            new Operation("put", OperationClass.UNSAFE_WRITE)));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Timers timers = new Timers(channel.eventLoop());
    private final GateTable table = new GateTable();
    private final GateStep step = new GateStep(table, new TraceDecisions(), () -> 0);
    private final List<GateAnswer> answers = new ArrayList<>();
    private final List<Consumer<StreamReset>> onGone = new ArrayList<>();

    @BeforeEach
    void freezeTime() {
        channel.freezeTime();
    }

    @AfterEach
    void closeChannel() {
        channel.finishAndReleaseAll();
    }

    /** A client of which only that it goes away matters. */
    private ServerStream client() {
        return (ServerStream)
                Proxy.newProxyInstance(
                        ServerStream.class.getClassLoader(),
                        new Class<?>[] {ServerStream.class},
                        (self, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("onClientGone");
                            @SuppressWarnings("unchecked") // its only parameter
                            Consumer<StreamReset> gone = (Consumer<StreamReset>) arguments[0];
                            onGone.add(gone);
                            return null;
                        });
    }

    private static ExchangeView request() {
        HeaderBlock headers = new HeaderBlock();
        headers.add("x-user", "alice");
        InetSocketAddress somewhere = InetSocketAddress.createUnresolved("c", 1);
        Peer peer =
                new Peer(
                        somewhere,
                        somewhere,
                        HttpProtocol.HTTP_1_1,
                        /* secure= */ false,
                        Optional.empty(),
                        Optional.empty());
        return new ExchangeView(new RequestHead("PUT", "http", "", "/", headers), "/", peer);
    }

    private void offer(Gate gate) {
        var unused = table.offer(gate, Instant.EPOCH);
    }

    private GateReply ask() {
        return step.decide(ROUTE, Optional.empty(), request());
    }

    private void hold(Duration longest) {
        ((WriteWait) ask()).hold(client(), timers, longest, answers::add);
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    private GateAnswer.Decided decided() {
        assertThat(answers).hasSize(1);
        return (GateAnswer.Decided) answers.getFirst();
    }

    @Test
    void a_held_write_is_decided_anew_by_the_revision_that_holds_it_no_more() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);
        assertThat(table.heldWrites().waiting()).isEqualTo(1);

        offer(TestGates.holding(3, 0, 0, 1_000_000));
        pass(Duration.ofMillis(300));
        assertThat(answers).as("while it is held").isEmpty();
        offer(TestGates.writes(4, 1_000_000, gate -> gate));
        pass(Duration.ZERO);

        assertThat(decided().decision().arm()).isEqualTo(Arm.NEW);
        assertThat(decided().decision().revision()).isEqualTo(revision(4));
        assertThat(decided().write().heldNanos()).isEqualTo(300_000_000);
        assertThat(table.heldWrites().waiting()).isZero();
        assertThat(table.heldWrites().released()).isEqualTo(1);
        pass(Duration.ofSeconds(3));
        assertThat(answers).as("its time is over, too late").hasSize(1);
    }

    private static Optional<dev.sluice.contract.gate.GateRevision> revision(int number) {
        return Optional.of(new dev.sluice.contract.gate.GateRevision(1, number));
    }

    @Test
    void a_released_write_is_under_way_until_it_is_over() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);
        offer(TestGates.writes(3, 0, gate -> gate));
        pass(Duration.ZERO);
        offer(TestGates.holding(4, 0, 0, 1_000_000));

        assertThat(table.underWay(table.all().getFirst())).isEqualTo(1);
        step.hold(decided(), Optional.empty(), request()).release();
        assertThat(table.underWay(table.all().getFirst())).isZero();
    }

    @Test
    void a_revision_that_came_before_the_wait_began_counts() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        GateReply reply = ask();
        offer(TestGates.writes(3, 0, gate -> gate));

        ((WriteWait) reply).hold(client(), timers, FOR_EVER, answers::add);

        assertThat(decided().decision().arm()).isEqualTo(Arm.LEGACY);
    }

    @Test
    void a_write_that_waited_as_long_as_the_hold_says_is_refused() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);

        pass(Duration.ofMillis(1_999));
        assertThat(answers).isEmpty();
        pass(Duration.ofMillis(1));

        assertThat(answers)
                .singleElement()
                .isInstanceOfSatisfying(
                        GateAnswer.Held.class,
                        held -> assertThat(held.detail()).contains("gates/orders", "PT2S"));
        assertThat(table.heldWrites().timedOut()).isEqualTo(1);
        offer(TestGates.writes(3, 0, gate -> gate));
        pass(Duration.ZERO);
        assertThat(answers).as("released, too late").hasSize(1);
    }

    @Test
    void a_write_waits_no_longer_than_its_own_times_allow() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(Duration.ofMillis(500));

        pass(Duration.ofMillis(500));

        assertThat(answers).singleElement().isInstanceOf(GateAnswer.Held.class);
    }

    @Test
    void a_client_that_leaves_ends_the_wait() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);
        StreamReset reset = StreamReset.local("gone");

        onGone.getFirst().accept(reset);
        offer(TestGates.writes(3, 0, gate -> gate));
        pass(Duration.ofSeconds(3));

        assertThat(answers).containsExactly(new GateAnswer.Left(reset));
        assertThat(table.heldWrites().left()).isEqualTo(1);
        assertThat(table.heldWrites().waiting()).isZero();
    }

    @Test
    void a_gate_that_is_gone_answers_too() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);

        table.remove(ORDERS.name());
        pass(Duration.ZERO);

        assertThat(answers).containsExactly(new GateAnswer.Unknown(ORDERS.name()));
    }

    @Test
    void a_write_that_finds_no_room_is_refused_at_once_and_room_is_given_back() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        for (int i = 0; i < HeldWrites.MOST; i++) {
            assertThat(table.heldWrites().enter()).isTrue();
        }

        hold(FOR_EVER);

        assertThat(answers).singleElement().isInstanceOf(GateAnswer.Held.class);
        assertThat(table.heldWrites().turnedAway()).isEqualTo(1);
        assertThat(table.heldWrites().waiting()).isEqualTo(HeldWrites.MOST);
        answers.clear();
        table.heldWrites().leave(HeldWrites.End.LEFT);
        hold(FOR_EVER);
        assertThat(answers).as("it waits").isEmpty();
    }

    @Test
    void what_was_taken_back_is_a_killed_arm_or_a_held_write_of_new() {
        offer(TestGates.writes(2, 1_000_000, gate -> gate));
        GateAnswer.Decided onNew = (GateAnswer.Decided) ask();
        offer(TestGates.writes(3, 0, gate -> gate));
        GateAnswer.Decided onLegacy = (GateAnswer.Decided) ask();

        assertThat(step.isTakenBack(onNew)).as("no hold, no kill").isFalse();
        offer(TestGates.holding(4, 1_000_000, 0, 1_000_000));
        assertThat(step.isTakenBack(onNew)).as("held on its way back").isTrue();
        assertThat(step.isTakenBack(onLegacy)).as("held on its way forward").isFalse();
        offer(
                TestGates.writes(
                        5,
                        1_000_000,
                        gate -> gate.setKill(dev.sluice.gate.v1.Kill.newBuilder().setReason("x"))));
        assertThat(step.isTakenBack(onNew)).as("killed").isTrue();
        assertThat(step.isTakenBack(onLegacy)).isFalse();
    }

    @Test
    void nobody_waits_in_a_proxy_that_is_about_to_end() {
        offer(TestGates.holding(2, 0, 0, 1_000_000));
        hold(FOR_EVER);

        table.endWaits();
        pass(Duration.ZERO);
        hold(FOR_EVER);

        assertThat(answers).hasSize(2).allMatch(GateAnswer.Held.class::isInstance);
        assertThat(table.heldWrites().waiting()).isZero();
        assertThat(table.heldWrites().timedOut()).isEqualTo(2);
    }
}
