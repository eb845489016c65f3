package dev.sluice.control.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HashChainTest {
    private final List<LoggedEvent> log = chain(6);

    @Test
    void an_untouched_log_verifies() {
        assertThat(HashChain.verify(Head.EMPTY, log)).isEmpty();
        assertThat(HashChain.verify(log, end(log))).isEmpty();
        assertThat(HashChain.verify(List.of(), Head.EMPTY)).isEmpty();
    }

    @Test
    void any_changed_character_of_any_payload_is_found_with_the_last_good_event() {
        for (int at = 0; at < log.size(); at++) {
            String payload = log.get(at).payload();
            for (int i = 0; i < payload.length(); i++) {
                char other = payload.charAt(i) == 'x' ? 'y' : 'x';
                LoggedEvent event = log.get(at);
                List<LoggedEvent> forged = new ArrayList<>(log);
                forged.set(
                        at,
                        new LoggedEvent(
                                event.seq(),
                                event.epoch(),
                                event.stamp(),
                                event.event(),
                                payload.substring(0, i) + other + payload.substring(i + 1),
                                event.previous(),
                                event.hash()));

                assertThat(HashChain.verify(Head.EMPTY, forged))
                        .as("event %d, character %d", at + 1, i)
                        .hasValueSatisfying(
                                problem -> {
                                    assertThat(problem.path()).startsWith("event ");
                                    assertThat(problem.remedy()).endsWith("last good event is " + (event.seq() - 1));
                                });
            }
        }
    }

    @Test
    void another_epoch_or_place_is_found() {
        LoggedEvent second = log.get(1);

        assertThat(HashChain.verify(Head.EMPTY, List.of(log.get(0), moved(second, 2, 9))))
                .as("epoch")
                .isPresent();
        assertThat(HashChain.verify(Head.EMPTY, List.of(log.get(0), log.get(2))))
                .as("an event taken out")
                .isPresent();
        assertThat(HashChain.verify(Head.EMPTY, List.of(log.get(0), moved(log.get(2), 2, 1))))
                .as("an event taken out and the others renumbered")
                .isPresent();
    }

    @Test
    void a_cut_end_is_found_by_a_checkpoint_and_by_nothing_else() {
        List<LoggedEvent> cut = log.subList(0, 4);

        assertThat(HashChain.verify(Head.EMPTY, cut)).isEmpty();
        assertThat(HashChain.verify(cut, end(log)))
                .hasValueSatisfying(
                        problem -> assertThat(problem.remedy()).endsWith("last good event is 4"));
        assertThat(HashChain.verify(List.of(), end(log))).isPresent();
    }

    @Test
    void a_log_rewritten_from_some_event_on_is_found_by_a_checkpoint() {
        List<LoggedEvent> rewritten = new ArrayList<>(log.subList(0, 3));
        Head at = end(rewritten);
        while (rewritten.size() < 8) {
            LoggedEvent forged =
                    HashChain.link(
                            at, 1, Fixtures.STAMP, new Event.GateDeleted(new GateName("other")));
            rewritten.add(forged);
            at = new Head(forged.seq(), forged.hash());
        }

        assertThat(HashChain.verify(Head.EMPTY, rewritten)).isEmpty();
        assertThat(HashChain.verify(rewritten, end(log)))
                .hasValueSatisfying(
                        problem -> assertThat(problem.expected()).contains("checkpoint"));
    }

    private static LoggedEvent moved(LoggedEvent event, long seq, long epoch) {
        return new LoggedEvent(
                seq,
                epoch,
                event.stamp(),
                event.event(),
                event.payload(),
                event.previous(),
                event.hash());
    }

    private static Head end(List<LoggedEvent> events) {
        return new Head(events.getLast().seq(), events.getLast().hash());
    }

    private static List<LoggedEvent> chain(int length) {
        List<LoggedEvent> events = new ArrayList<>();
        Head at = new Head(0, Digest.ZERO);
        for (int i = 0; i < length; i++) {
            LoggedEvent event =
                    HashChain.link(
                            at, 1, Fixtures.STAMP, new Event.GateDeleted(new GateName("g" + i)));
            events.add(event);
            at = new Head(event.seq(), event.hash());
        }
        return events;
    }
}
