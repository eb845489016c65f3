package dev.sluice.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.contract.GateName;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store does, whatever lies beneath it. */
interface EventStoreContract {
    /** Opens the one log of a test. */
    EventStore open();

    /** Does something to its tables behind the back of the store. */
    void run(String sql) throws SQLException;

    @Test
    default void what_was_appended_is_there_after_a_reopening() {
        List<LoggedEvent> written = new ArrayList<>();
        try (EventStore store = open()) {
            assertThat(store.head()).isEqualTo(Head.EMPTY);
            written.addAll(append(store, 3));
            written.addAll(append(store, 2));
        }

        try (EventStore store = open()) {
            assertThat(store.head().seq()).isEqualTo(5);
            assertThat(store.head().hash()).isEqualTo(written.getLast().hash());
            assertThat(store.read(1, 100)).isEqualTo(written);
            assertThat(store.read(4, 1)).isEqualTo(written.subList(3, 4));
            assertThat(store.read(6, 10)).isEmpty();
        }
    }

    @Test
    default void a_batch_that_does_not_follow_is_refused_whole() {
        try (EventStore store = open()) {
            append(store, 2);
            LoggedEvent skipping =
                    HashChain.link(
                            new Head(7, store.head().hash()),
                            store.epoch(),
                            Fixtures.STAMP,
                            event("gap"));
            LoggedEvent otherEpoch =
                    HashChain.link(store.head(), store.epoch() + 1, Fixtures.STAMP, event("epoch"));

            for (LoggedEvent wrong : List.of(skipping, otherEpoch)) {
                assertThatThrownBy(() -> store.append(List.of(wrong)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("event 3 of epoch " + store.epoch());
            }

            assertThat(store.read(1, 10)).hasSize(2);
            append(store, 1);
            assertThat(store.read(1, 10)).hasSize(3);
        }
    }

    @Test
    default void a_changed_payload_is_refused_naming_the_last_good_event() throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = replace(payload, 'gates/g2', 'gates/x2') WHERE seq = 3");

        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("event 3")
                .hasMessageContaining("last good event is 2")
                .hasMessageContaining("restore a backup");
    }

    @Test
    default void an_event_taken_out_is_refused() throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("DELETE FROM event WHERE seq = 4");

        assertThatThrownBy(this::open).hasMessageContaining("last good event is 3");
    }

    @Test
    default void a_line_that_cannot_be_read_is_refused_naming_the_last_good_event()
            throws SQLException {
        try (EventStore store = open()) {
            append(store, 5);
        }
        run("UPDATE event SET payload = '{' WHERE seq = 5");

        assertThatThrownBy(this::open)
                .hasMessageContaining("event 5")
                .hasMessageContaining("last good event is 4");
    }

    /** Appends so many events after the end, in one batch. */
    static List<LoggedEvent> append(EventStore store, int count) {
        List<LoggedEvent> batch = new ArrayList<>();
        Head at = store.head();
        for (int i = 0; i < count; i++) {
            LoggedEvent event =
                    HashChain.link(at, store.epoch(), Fixtures.STAMP, event("g" + at.seq()));
            batch.add(event);
            at = new Head(event.seq(), event.hash());
        }
        store.append(batch);
        return batch;
    }

    private static Event event(String gate) {
        return new Event.GateDeleted(new GateName(gate));
    }
}
