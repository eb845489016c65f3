package dev.sluice.control.cli.postmortem;

import dev.sluice.admin.v1.Event;
import dev.sluice.control.cli.resource.Share;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an incident comes to, in pairs of word and text. Stateless. */
final class Facts {
    private Facts() {}

    static List<List<String>> of(Incident incident) {
        List<Event> events = incident.events();
        Optional<Event> alarm = incident.alarm();
        Optional<Event> back = incident.takenBack();
        List<List<String>> facts = new ArrayList<>();
        facts.add(
                List.of(
                        "from, to",
                        Incident.time(events.getFirst()) + ", " + Incident.time(events.getLast())));
        facts.add(
                List.of(
                        "first keys on the new version",
                        incident.exposed().map(Facts::told).orElse("none in this time")));
        facts.add(List.of("largest share", Share.text((int) incident.largestShare())));
        facts.add(
                List.of(
                        "first alarm",
                        alarm.map(it -> told(it) + ": " + it.getSummary()).orElse("none")));
        facts.add(List.of("first taken back", back.map(Facts::told).orElse("never")));
        if (alarm.isPresent() && back.isPresent()) {
            facts.add(
                    List.of(
                            "from alarm to taken back",
                            text(Incident.between(alarm.get(), back.get()))));
        }
        back.flatMap(last ->
                        incident.exposed()
                                .filter(first -> first.getSequence() < last.getSequence())
                                .map(first -> text(Incident.between(first, last))))
                .ifPresent(time -> facts.add(List.of("keys were on it for", time)));
        facts.add(List.of("events", Integer.toString(events.size())));
        return facts;
    }

    /** Hours, minutes and seconds. */
    static String text(Duration duration) {
        return String.format(
                Locale.ROOT,
                "%d:%02d:%02d",
                duration.toHours(),
                duration.toMinutesPart(),
                duration.toSecondsPart());
    }

    private static String told(Event event) {
        return Incident.time(event)
                + " by "
                + event.getActor()
                + " (event "
                + event.getSequence()
                + ")";
    }
}
