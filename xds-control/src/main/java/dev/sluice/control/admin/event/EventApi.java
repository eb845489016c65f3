package dev.sluice.control.admin.event;

import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventServiceGrpc.EventServiceImplBase;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListEventsResponse;
import dev.sluice.admin.v1.WatchEventsRequest;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Desk;
import dev.sluice.control.admin.desk.Page;
import dev.sluice.control.admin.desk.Refusing;
import dev.sluice.control.admin.event.EventQuery.Direction;
import dev.sluice.control.audit.ChangedResource;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.path.EventLog;
import dev.sluice.control.path.Outcome;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event log over gRPC. Thread-safe. */
public final class EventApi extends EventServiceImplBase {
    private static final Logger LOG = LoggerFactory.getLogger(EventApi.class);

    private final Desk desk;
    private final EventLog log;
    private final EventStreams streams;
    private final PastStates past;
    private final Executor executor;

    /**
     * @param past tells what events changed
     * @param executor looks through the log; never the thread that writes it
     */
    public EventApi(
            Desk desk, EventLog log, EventStreams streams, PastStates past, Executor executor) {
        this.desk = desk;
        this.log = log;
        this.streams = streams;
        this.past = past;
        this.executor = executor;
    }

    @Override
    public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
        Problems problems = Problems.root();
        EventQuery query = EventQuery.read(request.getFilter(), request.getOrderBy(), problems);
        int size = Page.size(request.getPageSize(), problems);
        OptionalLong token = query.after(request.getPageToken(), problems);
        Desk.refuseIfAny(problems.all());
        long end = desk.now().seq() + 1;
        long from = token.orElse(query.direction() == Direction.ASCENDING ? 0 : end);
        var unused =
                new EventSearch(log, query, size, executor)
                        .from(from)
                        .thenCompose(found ->
                                request.getWithChanges()
                                        ? withChanges(found, query, from)
                                        : CompletableFuture.completedFuture(
                                                answer(found, query, Map.of())))
                        .whenComplete((answer, failure) -> {
                            if (failure == null) {
                                Desk.done(answer, observer);
                            } else {
                                observer.onError(unreadable(failure));
                            }
                        });
    }

    /** No event yet, and the same page to be asked for again, while the past is far. */
    private CompletableFuture<ListEventsResponse> withChanges(
            EventSearch.Found found, EventQuery query, long from) {
        List<LoggedEvent> inOrder =
                found.events().stream().sorted(Comparator.comparingLong(LoggedEvent::seq)).toList();
        return past.changes(inOrder)
                .thenApply(changes ->
                        changes.map(known -> answer(found, query, known))
                                .orElseGet(() ->
                                        ListEventsResponse.newBuilder()
                                                .setNextPageToken(query.tokenAfter(from))
                                                .build()));
    }

    private static ListEventsResponse answer(
            EventSearch.Found found, EventQuery query, Map<Long, List<ChangedResource>> changes) {
        ListEventsResponse.Builder answer = ListEventsResponse.newBuilder();
        found.events()
                .forEach(event ->
                        answer.addEvents(
                                EventForm.write(
                                        event, changes.getOrDefault(event.seq(), List.of()))));
        found.next().ifPresent(place -> answer.setNextPageToken(query.tokenAfter(place)));
        return answer.build();
    }

    @Override
    public void watchEvents(WatchEventsRequest request, StreamObserver<Event> observer) {
        Problems problems = Problems.root();
        EventQuery query = EventQuery.read(request.getFilter(), "", problems);
        if (request.getAfterSequence() < 0) {
            problems.field("after_sequence")
                    .add(
                            Long.toString(request.getAfterSequence()),
                            "0..2^63-1",
                            "leave it out for all events");
        }
        Desk.refuseIfAny(problems.all());
        streams.open(
                (ServerCallStreamObserver<Event>) observer,
                query,
                request.getAfterSequence(),
                request.getWithChanges() ? Optional.of(past) : Optional.empty());
    }

    /** What a client hears of a log that cannot be read. */
    static StatusRuntimeException unreadable(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        if (cause instanceof StoreException refused) {
            Problem problem = refused.problem();
            return Refusing.of(
                    new Outcome.Refused(List.of(new Refusal(Refusal.Kind.UNAVAILABLE, problem))));
        }
        LOG.error("the log could not be searched", cause);
        return Status.INTERNAL.asRuntimeException();
    }
}
