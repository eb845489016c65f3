package dev.sluice.proxy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.FaultName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.FaultLease;
import dev.sluice.contract.fault.Selection;
import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.proxy.fault.FaultBook.Taking;
import dev.sluice.proxy.fault.LeaseState.Phase;
import dev.sluice.testkit.ManualClock;
import io.netty.util.concurrent.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultBookTest {
    private static final GateName ORDERS = new GateName("orders");
    private static final Operation READ = new Operation("get", OperationClass.READ);

    private final ManualClock clock = new ManualClock();
    private final AtomicLong random = new AtomicLong(0xabc);
    private final FaultBook book =
            new FaultBook(new ManualTicker(clock), clock, random::getAndIncrement);

    private record ManualTicker(ManualClock clock) implements Ticker {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return clock.nanos();
        }

        @Override
        public void sleep(long delay, java.util.concurrent.TimeUnit unit) {
            throw new UnsupportedOperationException("tests advance the clock");
        }
    }

    private static FaultLease lease(Optional<FaultName> name) {
        return new FaultLease(
                name,
                ORDERS,
                Arm.NEW,
                Selection.ALL,
                new Fault.HttpStatus(503),
                Duration.ofSeconds(10),
                5,
                OptionalLong.empty(),
                FaultLease.Evidence.COUNTED,
                "");
    }

    private static FaultLease lease(String id) {
        return lease(Optional.of(new FaultName(id)));
    }

    private ArmFaults on(GateName gate, Arm arm) {
        return book.on(gate, arm, READ, PlainRequest.NOTHING, request -> new Identity(1, 1));
    }

    @Test
    void a_lease_without_name_and_seed_gets_both() {
        Taking taken = book.take(lease(Optional.empty()));

        assertThat(taken)
                .isInstanceOfSatisfying(
                        Taking.Taken.class,
                        made -> {
                            assertThat(made.state().name().id()).startsWith("f-");
                            assertThat(made.state().lease().seed()).isPresent();
                            assertThat(made.state().expires())
                                    .isEqualTo(ManualClock.START.plusSeconds(10));
                            assertThat(book.find(made.state().name())).isPresent();
                        });
    }

    @Test
    void only_the_gate_and_arm_of_a_lease_meet_it() {
        book.take(lease("one"));

        assertThat(on(ORDERS, Arm.NEW)).as("its arm").isNotEqualTo(ArmFaults.NONE);
        assertThat(on(ORDERS, Arm.LEGACY)).as("the other arm").isEqualTo(ArmFaults.NONE);
        assertThat(on(new GateName("other"), Arm.NEW)).as("another gate").isEqualTo(ArmFaults.NONE);
    }

    @Test
    void a_lease_ends_by_itself() {
        book.take(lease("one"));
        clock.advance(Duration.ofSeconds(10));

        assertThat(on(ORDERS, Arm.NEW)).isEqualTo(ArmFaults.NONE);
        assertThat(book.active()).isZero();
        assertThat(book.find(new FaultName("one")).orElseThrow().phase()).isEqualTo(Phase.EXPIRED);
    }

    @Test
    void a_renewed_lease_lasts_from_the_moment_of_renewal() {
        FaultName one = new FaultName("one");
        book.take(lease("one"));
        clock.advance(Duration.ofSeconds(9));

        LeaseState renewed = book.renew(one, Duration.ofSeconds(20)).orElseThrow();
        clock.advance(Duration.ofSeconds(19));
        Phase before = book.find(one).orElseThrow().phase();
        clock.advance(Duration.ofSeconds(1));
        LeaseState late = book.renew(one, Duration.ofSeconds(20)).orElseThrow();

        assertThat(renewed.expires()).isEqualTo(ManualClock.START.plusSeconds(29));
        assertThat(before).as("before its new end").isEqualTo(Phase.ACTIVE);
        assertThat(late.phase()).as("renewed too late").isEqualTo(Phase.EXPIRED);
        assertThat(book.renew(new FaultName("two"), Duration.ofSeconds(20))).isEmpty();
    }

    @Test
    void ending_is_final_and_may_be_repeated() {
        book.take(lease("one"));

        assertThat(book.end(new FaultName("one")).orElseThrow().phase()).isEqualTo(Phase.ENDED);
        clock.advance(Duration.ofHours(1));
        assertThat(book.end(new FaultName("one")).orElseThrow().phase()).isEqualTo(Phase.ENDED);
        assertThat(book.end(new FaultName("two"))).isEmpty();
    }

    @Test
    void a_name_is_free_again_when_its_lease_has_ended() {
        book.take(lease("one"));
        assertThat(book.take(lease("one"))).isInstanceOf(Taking.NameTaken.class);
        book.end(new FaultName("one"));

        assertThat(book.take(lease("one"))).isInstanceOf(Taking.Taken.class);
        assertThat(book.all()).hasSize(1);
    }

    @Test
    void active_leases_are_bounded_and_ended_ones_forgotten_in_order() {
        for (int i = 0; i < FaultBook.MOST_ACTIVE; i++) {
            book.take(lease("a" + i));
        }
        assertThat(book.take(lease("more"))).isInstanceOf(Taking.Full.class);

        clock.advance(Duration.ofSeconds(10));
        for (int i = 0; i <= FaultBook.MOST_ENDED; i++) {
            book.take(lease("b" + i));
            book.end(new FaultName("b" + i));
        }

        assertThat(book.all()).hasSize(FaultBook.MOST_ENDED + 1);
        assertThat(book.all().getFirst().name().id()).isEqualTo("b" + FaultBook.MOST_ENDED);
        assertThat(book.find(new FaultName("a0"))).as("the oldest").isEmpty();
    }
}
