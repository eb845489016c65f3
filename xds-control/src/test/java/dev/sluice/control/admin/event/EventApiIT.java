package dev.sluice.control.admin.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventFilter;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListEventsResponse;
import dev.sluice.admin.v1.WatchEventsRequest;
import dev.sluice.control.admin.AdminPlane;
import dev.sluice.control.admin.Refused;
import dev.sluice.testkit.Mailbox;
import io.grpc.Context;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventApiIT {
    @TempDir private Path folder;
    private AdminPlane plane;

    @BeforeEach
    void start() throws IOException {
        plane = new AdminPlane(folder);
        for (int i = 1; i <= 5; i++) {
            create("s" + i);
        }
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    @Test
    void an_event_says_who_did_what_when_and_why_and_is_linked_to_the_one_before() {
        List<Event> events = list(ListEventsRequest.getDefaultInstance()).getEventsList();

        assertThat(events).extracting(Event::getSequence).containsExactly(1L, 2L, 3L, 4L, 5L);
        Event second = events.get(1);
        assertThat(second.getKind()).isEqualTo("service.put");
        assertThat(second.getSubject()).isEqualTo("services/s2");
        assertThat(second.getActor()).isEqualTo("admin");
        assertThat(second.getAuthMethod()).isEqualTo("TOKEN");
        assertThat(second.getRequestId()).isEqualTo("00000000-0000-0000-0000-000000000002");
        assertThat(second.getEpoch()).isEqualTo(1);
        assertThat(second.hasTime()).isTrue();
        assertThat(second.getBeforeDigest()).isEqualTo(events.getFirst().getAfterDigest());
        assertThat(second.getAfterDigest()).matches("[0-9a-f]{64}");
        assertThat(second.getContent().getFieldsOrThrow("type").getStringValue())
                .isEqualTo("service.put");
    }

    @Test
    void pages_join_without_gaps_in_both_orders() {
        assertThat(all("")).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(all("sequence desc")).containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void all_of_a_filter_must_hold() {
        assertThat(found(EventFilter.newBuilder().setSubject("services/s3"))).containsExactly(3L);
        assertThat(found(EventFilter.newBuilder().addKinds("service.put"))).hasSize(5);
        assertThat(found(EventFilter.newBuilder().addKinds("gate.deleted"))).isEmpty();
        assertThat(found(EventFilter.newBuilder().setActor("admin"))).hasSize(5);
        assertThat(found(EventFilter.newBuilder().setActor("nobody"))).isEmpty();
        assertThat(found(EventFilter.newBuilder().setEndTime(time(1)))).isEmpty();
        assertThat(found(EventFilter.newBuilder().setStartTime(time(1)))).hasSize(5);
        assertThat(found(EventFilter.newBuilder().setStartTime(time(253_000_000_000L)))).isEmpty();
    }

    @Test
    void every_problem_of_a_question_is_told() {
        StatusRuntimeException refusal =
                Refused.by(() ->
                        list(
                                ListEventsRequest.newBuilder()
                                        .setPageSize(-1)
                                        .setPageToken("%")
                                        .setOrderBy("time")
                                        .setFilter(
                                                EventFilter.newBuilder()
                                                        .addKinds("gate.moved")
                                                        .setStartTime(
                                                                Timestamp.newBuilder()
                                                                        .setNanos(-1)))
                                        .build()));

        assertThat(refusal.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal.getStatus().getDescription()).startsWith("5 problems");
        assertThat(
                        Refused.by(() ->
                                        plane.events()
                                                .watchEvents(
                                                        WatchEventsRequest.newBuilder()
                                                                .setAfterSequence(-1)
                                                                .build())
                                                .hasNext())
                                .getStatus()
                                .getDescription())
                .contains("after_sequence");
    }

    @Test
    void a_token_of_another_question_is_refused() {
        String token =
                list(ListEventsRequest.newBuilder().setPageSize(2).build()).getNextPageToken();

        StatusRuntimeException refusal =
                Refused.by(() ->
                        list(
                                ListEventsRequest.newBuilder()
                                        .setPageToken(token)
                                        .setOrderBy("sequence desc")
                                        .build()));

        assertThat(refusal.getStatus().getDescription()).contains("page_token");
    }

    @Test
    void a_watch_tells_what_is_there_and_then_each_event_once() {
        Mailbox<Long> seen = new Mailbox<>("an event");
        Context.CancellableContext watching = Context.current().withCancellation();
        watching.run(() ->
                EventServiceGrpc.newStub(plane.admin())
                        .watchEvents(
                                WatchEventsRequest.newBuilder().setAfterSequence(3).build(),
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(Event event) {
                                        seen.put(event.getSequence());
                                    }

                                    @Override
                                    public void onError(Throwable failure) {
                                        // the test has left
                                    }

                                    @Override
                                    public void onCompleted() {
                                        throw new AssertionError("a watch has no end");
                                    }
                                }));

        assertThat(List.of(seen.next(), seen.next())).containsExactly(4L, 5L);
        create("s6");
        assertThat(seen.next()).isEqualTo(6);
        watching.cancel(null);
    }

    @Test
    void what_an_event_changed_is_told_to_who_asks() {
        List<Event> told =
                list(ListEventsRequest.newBuilder().setWithChanges(true).build()).getEventsList();
        List<Event> newest =
                list(ListEventsRequest.newBuilder()
                                .setWithChanges(true)
                                .setOrderBy("sequence desc")
                                .setPageSize(2)
                                .build())
                        .getEventsList();

        assertThat(told)
                .allSatisfy(event ->
                        assertThat(event.getChangesList())
                                .singleElement()
                                .satisfies(change -> {
                                    assertThat(change.getResource()).isEqualTo(event.getSubject());
                                    assertThat(change.getBeforeDigest()).isEmpty();
                                    assertThat(change.getAfterDigest()).matches("[0-9a-f]{64}");
                                }));
        assertThat(newest).containsExactly(told.get(4), told.get(3));
        assertThat(list(ListEventsRequest.getDefaultInstance()).getEventsList())
                .allMatch(event -> event.getChangesCount() == 0);
        assertThat(
                        plane.events()
                                .watchEvents(
                                        WatchEventsRequest.newBuilder()
                                                .setAfterSequence(3)
                                                .setWithChanges(true)
                                                .build())
                                .next())
                .isEqualTo(told.get(3));
    }

    private void create(String id) {
        var unused =
                plane.services()
                        .createService(
                                CreateServiceRequest.newBuilder()
                                        .setServiceId(id)
                                        .setRequestId(
                                                "00000000-0000-0000-0000-00000000000"
                                                        + id.substring(1))
                                        .build());
    }

    private List<Long> all(String order) {
        List<Long> all = new ArrayList<>();
        String token = "";
        do {
            ListEventsResponse page =
                    list(
                            ListEventsRequest.newBuilder()
                                    .setOrderBy(order)
                                    .setPageSize(2)
                                    .setPageToken(token)
                                    .build());
            assertThat(page.getEventsCount()).isLessThanOrEqualTo(2);
            page.getEventsList().forEach(event -> all.add(event.getSequence()));
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return all;
    }

    private List<Long> found(EventFilter.Builder filter) {
        return list(ListEventsRequest.newBuilder().setFilter(filter).build())
                .getEventsList()
                .stream()
                .map(Event::getSequence)
                .toList();
    }

    private ListEventsResponse list(ListEventsRequest request) {
        return plane.events().listEvents(request);
    }

    private static Timestamp time(long seconds) {
        return Timestamp.newBuilder().setSeconds(seconds).build();
    }
}
