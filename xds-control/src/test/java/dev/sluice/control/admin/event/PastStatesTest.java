package dev.sluice.control.admin.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.audit.Replay;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.path.EventLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PastStatesTest {
    private static final int EVENTS = 60_000;

    private final List<LoggedEvent> log = new ArrayList<>();
    private final AtomicLong read = new AtomicLong();
    private final EventLog events =
            (first, limit) -> {
                List<LoggedEvent> page = log.stream().skip(first - 1).limit(limit).toList();
                read.addAndGet(page.size());
                return CompletableFuture.completedFuture(page);
            };

    @Test
    void what_events_changed_is_what_a_replay_of_the_whole_log_says() {
        grow(3_000);
        PastStates past = new PastStates(events, Catalog.EMPTY, Runnable::run);
        Map<Long, List<ChangedResource>> all = new HashMap<>();
        Replay whole = new Replay(Catalog.EMPTY);
        log.forEach(event -> all.put(event.seq(), whole.changes(event)));

        List<LoggedEvent> some = List.of(log.get(7), log.get(1_500), log.get(2_999));

        assertThat(past.changes(some).join())
                .hasValue(
                        Map.of(8L, all.get(8L), 1_501L, all.get(1_501L), 3_000L, all.get(3_000L)));
        assertThat(past.changes(List.of()).join()).hasValue(Map.of());
    }

    @Test
    void a_place_that_is_far_is_reached_by_asking_again() {
        grow(EVENTS);
        PastStates past = new PastStates(events, Catalog.EMPTY, Runnable::run);
        List<LoggedEvent> newest = List.of(log.getLast());

        assertThat(past.changes(newest).join()).as("too far for one question").isEmpty();
        Optional<Map<Long, List<ChangedResource>>> found = past.changes(newest).join();

        assertThat(found.orElseThrow().get((long) EVENTS)).hasSize(1);
        assertThat(read).as("no event was read twice").hasValue(EVENTS);
    }

    @Test
    void what_was_made_is_gone_on_from_and_few_states_are_kept() {
        grow(20_000);
        PastStates past = new PastStates(events, Catalog.EMPTY.applyAll(log), Runnable::run);
        for (long seq = 1_000; seq <= 20_000; seq += 1_000) {
            assertThat(past.before(seq + 1).join().orElseThrow().seq()).isEqualTo(seq);
        }

        assertThat(read).as("each page follows the one before").hasValueLessThanOrEqualTo(20_000);
        assertThat(past.size()).isEqualTo(8);
        assertThat(past.before(1).join()).hasValue(Catalog.EMPTY);
    }

    private void grow(int count) {
        Head head = Head.EMPTY;
        for (int i = 0; i < count; i++) {
            LoggedEvent next =
                    HashChain.link(
                            head,
                            1,
                            Fixtures.STAMP,
                            new Event.ServicePut(Fixtures.service("orders", 1 + i % 60_000)));
            log.add(next);
            head = new Head(next.seq(), next.hash());
        }
    }
}
