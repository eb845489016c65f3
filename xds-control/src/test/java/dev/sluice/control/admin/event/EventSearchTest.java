package dev.sluice.control.admin.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.EventFilter;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.path.EventLog;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class EventSearchTest {
    private final List<LoggedEvent> log = new ArrayList<>();
    private final EventLog events =
            (first, limit) ->
                    CompletableFuture.completedFuture(
                            log.stream().skip(first - 1).limit(limit).toList());

    @Test
    void a_search_that_costs_too_much_gives_a_short_page_and_goes_on_from_there() {
        grow(25_000);
        grow(1, "gates.revised");
        EventQuery query = query("gates/orders", "");

        EventSearch.Found first = search(query, 10, 0);

        assertThat(first.events()).isEmpty();
        assertThat(first.next()).hasValue(20_000);
        EventSearch.Found second = search(query, 10, 20_000);
        assertThat(second.events()).extracting(LoggedEvent::seq).containsExactly(25_001L);
        assertThat(second.next()).isEmpty();
    }

    @Test
    void the_newest_are_found_first_when_asked_for() {
        grow(2_500);

        EventSearch.Found found = search(query("", "sequence desc"), 1_500, 2_501);

        assertThat(found.events()).hasSize(1_500);
        assertThat(found.events().getFirst().seq()).isEqualTo(2_500);
        assertThat(found.events().getLast().seq()).isEqualTo(1_001);
        assertThat(found.next()).hasValue(1_001);
        assertThat(search(query("", "sequence desc"), 1_500, 1_001).events()).hasSize(1_000);
    }

    @Test
    void a_gate_is_found_where_its_set_was_the_subject() {
        grow(1, "gates.revised");

        assertThat(log.getFirst().stamp().subject()).isNotEqualTo("gates/orders");
        assertThat(search(query("gates/orders", ""), 10, 0).events()).hasSize(1);
    }

    @Test
    void a_log_that_cannot_be_read_is_told_with_its_remedy() {
        var damaged = new StoreException(new Problem("log", "damage", "a log", "restore it"));

        assertThat(EventApi.unreadable(new CompletionException(damaged)).getStatus())
                .returns(Status.Code.UNAVAILABLE, Status::getCode)
                .returns(
                        true, status -> String.valueOf(status.getDescription()).contains("damage"));
        assertThat(EventApi.unreadable(new IllegalStateException()).getStatus().getCode())
                .isEqualTo(Status.Code.INTERNAL);
    }

    @Test
    void answers_do_not_change_afterwards() {
        grow(1);
        EventSearch.Found found = search(query("", ""), 10, 0);

        assertThatThrownBy(() -> found.events().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private void grow(int count) {
        for (int i = 0; i < count; i++) {
            add(new Event.NodeLost(new dev.sluice.contract.NodeName("web-1")));
        }
    }

    private void grow(int count, String kind) {
        assertThat(kind).isEqualTo("gates.revised");
        for (int i = 0; i < count; i++) {
            add(
                    new Event.GatesRevised(
                            Event.GatesRevised.Action.SHARE_SET,
                            List.of(Fixtures.gate("orders", "orders", 0))));
        }
    }

    private void add(Event event) {
        Head head =
                log.isEmpty() ? Head.EMPTY : new Head(log.getLast().seq(), log.getLast().hash());
        log.add(HashChain.link(head, 1, Fixtures.STAMP, event));
    }

    private EventSearch.Found search(EventQuery query, int size, long after) {
        return new EventSearch(events, query, size, Runnable::run).from(after).join();
    }

    private static EventQuery query(String subject, String order) {
        Problems problems = Problems.root();
        EventQuery query =
                EventQuery.read(
                        EventFilter.newBuilder().setSubject(subject).build(), order, problems);
        assertThat(problems.all()).isEmpty();
        return query;
    }
}
