package dev.sluice.control.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.Problem;
import dev.sluice.control.change.LeaseTable;
import dev.sluice.control.change.StoreException;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private final ManualClock clock = new ManualClock();
    private LeaseTable.Row row = new LeaseTable.Row(0, "", "", 0);
    private final AtomicBoolean gone = new AtomicBoolean();
    private final Lease first = lease("first");
    private final Lease second = lease("second");

    @Test
    void the_first_who_looks_leads_and_the_other_knows_where() {
        first.tick();
        second.tick();

        assertThat(first.leads()).isTrue();
        assertThat(first.leader()).isEmpty();
        assertThat(second.leads()).isFalse();
        assertThat(second.leader()).contains("first:9720");
    }

    @Test
    void while_the_leader_lives_it_stays() {
        first.tick();
        for (int beats = 0; beats < 60; beats++) {
            clock.advance(Lease.BEAT);
            first.tick();
            second.tick();
        }

        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
        assertThat(row.beat()).as("shown once a beat").isEqualTo(60);
    }

    @Test
    void a_silent_leader_is_followed_by_another_and_learns_it_when_it_returns() {
        first.tick();
        second.tick();
        clock.advance(Lease.SILENCE.minusNanos(1));
        second.tick();
        assertThat(second.leads()).as("a moment before").isFalse();

        clock.advance(Duration.ofNanos(1));
        second.tick();

        assertThat(second.leads()).isTrue();
        assertThat(row.epoch()).isEqualTo(2);
        assertThat(first.leads()).as("before it looks").isTrue();
        first.tick();
        assertThat(first.leads()).isFalse();
        first.tick();
        assertThat(first.leader()).contains("second:9720");
    }

    @Test
    void a_lease_that_was_given_up_is_taken_at_once() {
        first.tick();
        second.tick();

        first.release();
        second.tick();

        assertThat(first.leads()).isFalse();
        assertThat(second.leads()).isTrue();
    }

    @Test
    void time_in_which_the_store_did_not_answer_is_no_silence_of_the_leader() {
        first.tick();
        second.tick();
        gone.set(true);
        for (int i = 0; i < 30; i++) {
            clock.advance(Duration.ofSeconds(1));
            assertThatThrownBy(first::tick).isInstanceOf(StoreException.class);
            assertThatThrownBy(second::tick).isInstanceOf(StoreException.class);
        }

        gone.set(false);
        second.tick();
        clock.advance(Lease.BEAT);
        first.tick();
        second.tick();

        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
        assertThat(row.epoch()).isEqualTo(1);
    }

    @Test
    void who_cannot_read_the_log_takes_no_lease_until_it_can() {
        AtomicBoolean unreadable = new AtomicBoolean(true);
        Lease older =
                lease(
                        "older",
                        () -> {
                            if (unreadable.get()) {
                                throw new StoreException(
                                        new Problem("log", "a later event", "one it knows", "-"));
                            }
                        });
        assertThatThrownBy(older::tick).isInstanceOf(StoreException.class);
        assertThat(row.isFree()).isTrue();

        first.tick();
        older.tick();
        assertThat(older.leader()).contains("first:9720");
        clock.advance(Lease.SILENCE);
        assertThatThrownBy(older::tick).isInstanceOf(StoreException.class);
        assertThat(row.epoch()).as("the lease of the silent leader").isEqualTo(1);

        unreadable.set(false);
        clock.advance(Lease.SILENCE);
        older.tick();
        assertThat(older.leads()).isTrue();
    }

    private Lease lease(String name) {
        return lease(name, () -> {});
    }

    private Lease lease(String name, Runnable catchUp) {
        return new Lease(new Table(name), name, () -> name + ":9720", catchUp, clock.ticker());
    }

    /** The row without a database, as one replica reaches it. */
    private final class Table implements LeaseTable {
        private final List<Long> held = new ArrayList<>();
        private final String name;

        Table(String name) {
            this.name = name;
        }

        @Override
        public Row row() {
            answer();
            return row;
        }

        @Override
        public boolean take(Row seen, String holder, String address) {
            answer();
            assertThat(holder).isEqualTo(name);
            held.add(seen.epoch() + 1);
            boolean same = row.equals(seen);
            row = same ? new Row(seen.epoch() + 1, holder, address, 0) : row;
            return same;
        }

        @Override
        public boolean renew() {
            answer();
            boolean ours = holds();
            row = ours ? new Row(row.epoch(), name, row.address(), row.beat() + 1) : row;
            return ours;
        }

        @Override
        public void release() {
            row = holds() ? new Row(row.epoch(), "", "", row.beat()) : row;
        }

        private boolean holds() {
            return !held.isEmpty() && row.epoch() == held.getLast() && row.holder().equals(name);
        }

        private void answer() {
            if (gone.get()) {
                throw new StoreException(new Problem("db", "silence", "an answer", "start it"));
            }
        }
    }
}
