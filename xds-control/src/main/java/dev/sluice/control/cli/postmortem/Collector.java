package dev.sluice.control.cli.postmortem;

import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventFilter;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.ListEventsResponse;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Ramp;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Listing;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.resource.Ramps;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Asks for everything that belongs to an incident. Immutable.
 *
 * @param window from when to when events are looked at
 */
record Collector(Channel channel, EventFilter window) {
    private static final int PAGE = 1_000;

    Incident ofMigration(String name) {
        Migration migration = new Migrations().get(channel, name);
        Set<String> subjects = subjects(migration.getTarget());
        subjects.add(name);
        return Incident.of(
                name,
                migration.getDisplayName().isEmpty()
                        ? Migrations.SHAPE.brief(name)
                        : migration.getDisplayName(),
                about(migration),
                events(subjects));
    }

    Incident ofGate(String name) {
        Gate gate = new Gates().get(channel, name);
        Set<String> subjects = subjects(gate.getGateSet().isEmpty() ? name : gate.getGateSet());
        subjects.add(name);
        return Incident.of(name, Gates.SHAPE.brief(name), about(gate), events(subjects));
    }

    /** A gate or set, its members, and the ramps of it. */
    private Set<String> subjects(String target) {
        Set<String> subjects = new LinkedHashSet<>(List.of(target));
        if (GateSets.SHAPE.fits(target)) {
            subjects.addAll(new GateSets().get(channel, target).getGatesList());
        }
        String token = "";
        do {
            Listing<Ramp> page = new Ramps().list(channel, "", token);
            page.resources().stream()
                    .filter(ramp -> ramp.getTarget().equals(target))
                    .forEach(ramp -> subjects.add(ramp.getName()));
            token = page.nextPageToken();
        } while (!token.isEmpty());
        return subjects;
    }

    private Collection<Event> events(Set<String> subjects) {
        Map<Long, Event> bySequence = new TreeMap<>();
        for (String subject : subjects) {
            String token = "";
            do {
                ListEventsResponse page =
                        EventServiceGrpc.newBlockingStub(channel)
                                .listEvents(
                                        ListEventsRequest.newBuilder()
                                                .setFilter(window.toBuilder().setSubject(subject))
                                                .setPageSize(PAGE)
                                                .setPageToken(token)
                                                .build());
                page.getEventsList().forEach(event -> bySequence.put(event.getSequence(), event));
                token = page.getNextPageToken();
            } while (!token.isEmpty());
        }
        return bySequence.values();
    }

    private static List<List<String>> about(Migration migration) {
        List<List<String>> about = new ArrayList<>();
        about.add(List.of("migration", migration.getName()));
        about.add(List.of("owner", Words.orDash(migration.getOwner())));
        about.add(List.of("target", migration.getTarget()));
        about.add(List.of("risk", migration.getRisk().name()));
        about.add(List.of("now", migration.getState() + " in " + migration.getPhase()));
        about.add(List.of("for", Words.orDash(migration.getOutcome())));
        about.add(List.of("ticket", Words.orDash(migration.getTicketUri())));
        about.add(List.of("tables", Words.joined(migration.getTablesList())));
        return about;
    }

    private static List<List<String>> about(Gate gate) {
        return List.of(
                List.of("gate", gate.getName()),
                List.of("owner", Words.orDash(gate.getOwner())),
                List.of("legacy", gate.getLegacyVersion()),
                List.of("new", gate.getNewVersion()),
                List.of("set", Words.orDash(gate.getGateSet())));
    }
}
