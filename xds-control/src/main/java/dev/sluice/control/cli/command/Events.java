package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventFilter;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.EventServiceGrpc.EventServiceBlockingStub;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListEventsResponse;
import dev.sluice.admin.v1.WatchEventsRequest;
import dev.sluice.control.cli.output.Column;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.session.ExitCode;
import dev.sluice.control.cli.session.Rewatch;
import dev.sluice.control.cli.session.Session;
import dev.sluice.control.cli.session.TimeOption;
import dev.sluice.control.cli.session.Trouble;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the event log: the newest events, oldest of them first. For one run. */
@Command(
        name = "events",
        description = "Prints what was done, by whom, when and why: the newest events last.")
public final class Events implements Callable<Integer> {
    private static final int LARGEST_PAGE = 1_000;
    private static final int BRIEF = 12;

    private final Session session;

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            description = "Only of this resource, by its full name: gates/orders")
    private String subject = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            split = ",",
            description = "Only of these kinds, such as gates.revised; may be repeated")
    private List<String> kinds = List.of();

    @Option(names = "--actor", paramLabel = "NAME", description = "Only by this one")
    private String actor = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Not before this: 2026-11-01T12:00:00Z, or 90s, 15m, 2h, 7d ago")
    private Optional<String> since = Optional.empty();

    @Option(names = "--until", paramLabel = "TIME", description = "Before this; as --since")
    private Optional<String> until = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            description = "At most so many, the newest. Default: ${DEFAULT-VALUE}")
    private int limit = 100;

    @Option(
            names = "--follow",
            description =
                    "Goes on with each event that is committed, also where the connection breaks"
                            + " meanwhile")
    private boolean isFollowing;

    @Option(
            names = "--changes",
            description =
                    "Tells each resource that an event changed, with the digests of its content"
                            + " before and after")
    private boolean isWithChanges;

    public Events(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new Trouble(
                    ExitCode.INVALID,
                    "--limit",
                    Integer.toString(limit),
                    "1 or more events",
                    "give a larger one");
        }
        EventFilter filter = filter();
        EventServiceBlockingStub events = EventServiceGrpc.newBlockingStub(session.channel());
        List<Event> newest = newest(events, filter);
        if (!isFollowing) {
            session.printer().many(newest, columns());
            return ExitCode.OK.number();
        }
        newest.forEach(event -> session.printer().event(event, line(event)));
        follow(filter, newest.isEmpty() ? 0 : newest.getLast().getSequence());
        return ExitCode.OK.number();
    }

    /** Prints what comes after an event, also where the connection breaks meanwhile. */
    private void follow(EventFilter filter, long after) {
        var last = new AtomicLong(after);
        new Rewatch(session)
                .answered()
                .run(
                        channel ->
                                EventServiceGrpc.newBlockingStub(channel)
                                        .watchEvents(
                                                WatchEventsRequest.newBuilder()
                                                        .setFilter(filter)
                                                        .setAfterSequence(last.get())
                                                        .setWithChanges(isWithChanges)
                                                        .build()),
                        event -> {
                            session.printer().event(event, line(event));
                            last.set(event.getSequence());
                            return true;
                        });
    }

    private List<Event> newest(EventServiceBlockingStub events, EventFilter filter) {
        List<Event> newest = new ArrayList<>();
        String token = "";
        do {
            ListEventsResponse page =
                    events.listEvents(
                            ListEventsRequest.newBuilder()
                                    .setFilter(filter)
                                    .setOrderBy("sequence desc")
                                    .setPageSize(Math.min(limit - newest.size(), LARGEST_PAGE))
                                    .setPageToken(token)
                                    .setWithChanges(isWithChanges)
                                    .build());
            newest.addAll(page.getEventsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty() && newest.size() < limit);
        return newest.reversed();
    }

    private EventFilter filter() {
        InstantSource clock = session.surroundings().clock();
        EventFilter.Builder filter =
                EventFilter.newBuilder().setSubject(subject).addAllKinds(kinds).setActor(actor);
        since.ifPresent(text -> filter.setStartTime(TimeOption.read("--since", text, clock)));
        until.ifPresent(text -> filter.setEndTime(TimeOption.read("--until", text, clock)));
        return filter.build();
    }

    private List<Column<Event>> columns() {
        List<Column<Event>> plain = plainColumns();
        return isWithChanges
                ? Stream.concat(plain.stream(), Stream.of(new Column<>("CHANGES", Events::changes)))
                        .toList()
                : plain;
    }

    private static List<Column<Event>> plainColumns() {
        return List.of(
                new Column<>("EVENT", event -> Long.toString(event.getSequence())),
                new Column<>("TIME", event -> Words.time(event.getTime())),
                new Column<>("ACTOR", Event::getActor),
                new Column<>("KIND", Event::getKind),
                new Column<>("SUBJECT", event -> Words.orDash(event.getSubject())),
                new Column<>("REVISIONS", Events::revisions),
                new Column<>("REASON", event -> Words.orDash(event.getReason())));
    }

    private static String revisions(Event event) {
        return Words.joined(
                event.getGatesList().stream()
                        .map(gate ->
                                Gates.SHAPE.brief(gate.getGate())
                                        + "@"
                                        + Words.revision(gate.getRevision()))
                        .toList());
    }

    /** Names with the first digits of both digests; whole they are in JSON and YAML. */
    private static String changes(Event event) {
        return Words.joined(
                event.getChangesList().stream()
                        .map(change ->
                                "%s %s→%s"
                                        .formatted(
                                                change.getResource(),
                                                brief(change.getBeforeDigest()),
                                                brief(change.getAfterDigest())))
                        .toList());
    }

    private static String brief(String digest) {
        return digest.isEmpty() ? "-" : digest.substring(0, BRIEF);
    }

    private String line(Event event) {
        return isWithChanges ? plainLine(event) + " " + changes(event) : plainLine(event);
    }

    private static String plainLine(Event event) {
        return "%d %s %s %s %s %s %s"
                .formatted(
                        event.getSequence(),
                        Words.time(event.getTime()),
                        event.getActor(),
                        event.getKind(),
                        Words.orDash(event.getSubject()),
                        revisions(event),
                        Words.orDash(event.getReason()));
    }
}
