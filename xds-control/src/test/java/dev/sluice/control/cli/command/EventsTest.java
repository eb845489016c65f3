package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventServiceGrpc.EventServiceImplBase;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListEventsResponse;
import dev.sluice.admin.v1.WatchEventsRequest;
import dev.sluice.control.cli.CommandRun;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.gate.v1.GateRevision;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
    private final FakeEvents events = new FakeEvents();
    private CommandRun commands;

    @BeforeEach
    void start() throws IOException {
        commands = new CommandRun(events);
    }

    @AfterEach
    void stop() {
        commands.close();
    }

    @Test
    void the_newest_events_are_printed_with_the_newest_last() {
        CommandRun.Result result = commands.run("events", "--limit", "3");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out().lines())
                .containsExactly(
                        "EVENT  TIME                  ACTOR  KIND           SUBJECT       REVISIONS"
                                + "   REASON",
                        "3      1970-01-01T00:00:03Z  admin  gates.revised  gates/orders  orders@1.3"
                                + "  why",
                        "4      1970-01-01T00:00:04Z  admin  gates.revised  gates/orders  orders@1.4"
                                + "  why",
                        "5      1970-01-01T00:00:05Z  admin  gates.revised  gates/orders  orders@1.5"
                                + "  why");
        assertThat(events.asked.getFirst().getOrderBy()).isEqualTo("sequence desc");
        assertThat(events.asked).as("pages of two").hasSize(2);
    }

    @Test
    void a_filter_is_handed_on() {
        var unused =
                commands.run(
                        "events",
                        "--subject",
                        "gates/orders",
                        "--kind",
                        "gates.revised,gate.deleted",
                        "--actor",
                        "admin",
                        "--since",
                        "2h",
                        "--until",
                        "2026-11-01T11:00:00Z");

        var filter = events.asked.getFirst().getFilter();
        long now = CommandRun.NOW.getEpochSecond();
        assertThat(filter.getSubject()).isEqualTo("gates/orders");
        assertThat(filter.getKindsList()).containsExactly("gates.revised", "gate.deleted");
        assertThat(filter.getActor()).isEqualTo("admin");
        assertThat(filter.getStartTime().getSeconds()).isEqualTo(now - 7_200);
        assertThat(filter.getEndTime().getSeconds()).isEqualTo(now - 3_600);
    }

    @Test
    void ages_have_units() {
        for (String age : List.of("90s", "15m", "7d")) {
            assertThat(commands.run("events", "--since", age).exitCode()).isZero();
        }
        assertThat(events.asked)
                .extracting(asked -> asked.getFilter().getStartTime().getSeconds())
                .contains(
                        CommandRun.NOW.getEpochSecond() - 90,
                        CommandRun.NOW.getEpochSecond() - 900,
                        CommandRun.NOW.getEpochSecond() - 604_800);
    }

    @Test
    void following_goes_on_after_the_newest() {
        CommandRun.Result result = commands.run("events", "--limit", "1", "--follow");

        assertThat(events.watched.getFirst().getAfterSequence()).isEqualTo(5);
        assertThat(result.out().lines())
                .containsExactly(
                        "5 1970-01-01T00:00:05Z admin gates.revised gates/orders orders@1.5 why",
                        "6 1970-01-01T00:00:06Z admin gates.revised gates/orders orders@1.6 why");
    }

    @Test
    void following_goes_on_after_the_last_that_was_told_where_the_connection_breaks() {
        events.breaks = 2;
        CommandRun.Result result = commands.run("events", "--limit", "1", "--follow");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(events.watched)
                .extracting(WatchEventsRequest::getAfterSequence)
                .containsExactly(5L, 6L, 7L);
        assertThat(result.out().lines().map(line -> line.substring(0, 2)))
                .containsExactly("5 ", "6 ", "--", "7 ", "--", "8 ");
    }

    @Test
    void events_are_printed_as_json_and_yaml() {
        assertThat(commands.run("events", "-o", "json").out()).contains("\"sequence\": \"5\"");
        assertThat(commands.run("events", "-o", "yaml").out()).contains("sequence: '5'");
    }

    @Test
    void what_changed_is_told_when_it_is_asked_for() {
        String table = commands.run("events", "--limit", "1", "--changes").out();
        assertThat(table.lines().findFirst())
                .hasValueSatisfying(head -> assertThat(head).endsWith("REASON  CHANGES"));
        assertThat(table)
                .contains("gates/orders aaaaaaaaaaaa→bbbbbbbbbbbb", "gates/other -→cccccccccccc");
        assertThat(events.asked).allMatch(ListEventsRequest::getWithChanges);

        assertThat(commands.run("events", "--limit", "1", "--follow", "--changes").out().lines())
                .allMatch(line -> line.endsWith("gates/other -→cccccccccccc"));
        assertThat(events.watched).allMatch(WatchEventsRequest::getWithChanges);
    }

    @Test
    void a_wrong_time_and_a_wrong_limit_are_told_without_a_call() {
        assertThat(commands.run("events", "--since", "yesterday").err())
                .contains("--since", "'yesterday'", "15m");
        assertThat(commands.run("events", "--limit", "0").exitCode())
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(events.asked).isEmpty();
    }

    /** A log of five events in pages of two at most, and a sixth for those who wait. */
    private static final class FakeEvents extends EventServiceImplBase {
        final List<ListEventsRequest> asked = new ArrayList<>();
        final List<WatchEventsRequest> watched = new ArrayList<>();
        private int breaks;

        @Override
        public void listEvents(
                ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
            asked.add(request);
            long from =
                    request.getPageToken().isEmpty() ? 5 : Long.parseLong(request.getPageToken());
            ListEventsResponse.Builder page = ListEventsResponse.newBuilder();
            long at = from;
            for (; at > 0 && page.getEventsCount() < Math.min(2, request.getPageSize()); at--) {
                page.addEvents(event(at, request.getWithChanges()));
            }
            observer.onNext(page.setNextPageToken(at == 0 ? "" : Long.toString(at)).build());
            observer.onCompleted();
        }

        @Override
        public void watchEvents(WatchEventsRequest request, StreamObserver<Event> observer) {
            watched.add(request);
            observer.onNext(event(request.getAfterSequence() + 1, request.getWithChanges()));
            if (breaks-- > 0) {
                observer.onError(Status.UNAVAILABLE.asRuntimeException());
            } else {
                observer.onCompleted();
            }
        }

        private static Event event(long sequence, boolean withChanges) {
            Event.Builder event = plain(sequence);
            if (withChanges) {
                event.addChangesBuilder()
                        .setResource("gates/orders")
                        .setBeforeDigest("a".repeat(64))
                        .setAfterDigest("b".repeat(64));
                event.addChangesBuilder().setResource("gates/other").setAfterDigest("c".repeat(64));
            }
            return event.build();
        }

        private static Event.Builder plain(long sequence) {
            return Event.newBuilder()
                    .setSequence(sequence)
                    .setTime(Timestamp.newBuilder().setSeconds(sequence))
                    .setActor("admin")
                    .setKind("gates.revised")
                    .setSubject("gates/orders")
                    .setReason("why")
                    .addGates(
                            Event.GateChanged.newBuilder()
                                    .setGate("gates/orders")
                                    .setRevision(
                                            GateRevision.newBuilder()
                                                    .setEpoch(1)
                                                    .setNumber(sequence)));
        }
    }
}
