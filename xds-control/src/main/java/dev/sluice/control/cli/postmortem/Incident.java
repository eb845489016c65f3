package dev.sluice.control.cli.postmortem;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What is looked back at. Immutable.
 *
 * @param subject full name of the migration or gate
 * @param title for people
 * @param about what it is, as pairs of word and text
 * @param events everything that was done to it, its gates, sets and ramps, in the order of the log
 */
record Incident(String subject, String title, List<List<String>> about, List<Event> events) {
    Incident {
        about = about.stream().map(List::copyOf).toList();
        events = List.copyOf(events);
    }

    static Incident of(
            String subject, String title, List<List<String>> about, Collection<Event> events) {
        return new Incident(subject, title, about, List.copyOf(events));
    }

    /** The first that took keys back, went round rules, or said that somebody should. */
    Optional<Event> alarm() {
        return events.stream().filter(Contents::isCritical).findFirst();
    }

    /** The first that took keys back. */
    Optional<Event> takenBack() {
        return events.stream().filter(Contents::takesBack).findFirst();
    }

    /** The first that sent keys to the new version. */
    Optional<Event> exposed() {
        return events.stream().filter(event -> Contents.largestShare(event) > 0).findFirst();
    }

    /** The largest share until keys were taken back, parts per million. */
    long largestShare() {
        return events.stream()
                .takeWhile(event -> !Contents.takesBack(event))
                .mapToLong(Contents::largestShare)
                .max()
                .orElse(0);
    }

    /** How long after the first event. */
    Duration after(Event event) {
        return between(events.getFirst(), event);
    }

    static Duration between(Event first, Event second) {
        return Duration.between(instant(first.getTime()), instant(second.getTime()));
    }

    static String time(Event event) {
        return Timestamps.toString(event.getTime());
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
