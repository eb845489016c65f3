package dev.sluice.control.admin.event;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.EventFilter;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.Event.GatesRevised;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.codec.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which events a request asks for, and from which end of the log. Immutable.
 *
 * @param digest of filter and order, so that a page token of another question is known
 */
record EventQuery(
        String subject,
        Set<String> kinds,
        String actor,
        Instant start,
        Instant end,
        Direction direction,
        String digest) {
    private static final Pattern TOKEN = Pattern.compile("(\\d{1,18}):([0-9a-f]{16})");

    /** From which end. */
    enum Direction {
        ASCENDING,
        DESCENDING
    }

    EventQuery {
        kinds = Set.copyOf(kinds);
    }

    /** The query of a request; problems are added where it is none. */
    static EventQuery read(EventFilter filter, String orderBy, Problems problems) {
        Problems at = problems.field("filter");
        for (int i = 0; i < filter.getKindsCount(); i++) {
            if (!EventCodec.kinds().contains(filter.getKinds(i))) {
                at.field("kinds")
                        .index(i)
                        .add(
                                Problem.quote(filter.getKinds(i)),
                                "one of " + String.join(", ", EventCodec.kinds()),
                                "correct it, or leave it out for all");
            }
        }
        Direction direction =
                switch (orderBy.strip().replaceAll("\\s+", " ")) {
                    case "", "sequence", "sequence asc" -> Direction.ASCENDING;
                    case "sequence desc" -> Direction.DESCENDING;
                    default -> {
                        problems.field("order_by")
                                .add(
                                        Problem.quote(orderBy),
                                        "'sequence' or 'sequence desc'",
                                        "leave it out for the order of the log");
                        yield Direction.ASCENDING;
                    }
                };
        return new EventQuery(
                filter.getSubject(),
                Set.copyOf(filter.getKindsList()),
                filter.getActor(),
                filter.hasStartTime()
                        ? time(filter.getStartTime(), at.field("start_time"))
                        : Instant.MIN,
                filter.hasEndTime() ? time(filter.getEndTime(), at.field("end_time")) : Instant.MAX,
                direction,
                Digest.of(HexFormat.of().formatHex(filter.toByteArray()), direction.name())
                        .brief());
    }

    private static Instant time(Timestamp time, Problems at) {
        if (!Timestamps.isValid(time)) {
            at.add(
                    time.getSeconds() + " s and " + time.getNanos() + " ns",
                    "a time of the years 1 to 9999, nanoseconds 0..999999999",
                    "correct the time");
            return Instant.EPOCH;
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    boolean takes(LoggedEvent event) {
        Instant time = event.stamp().time();
        return (subject.isEmpty() || isAbout(event))
                && (kinds.isEmpty() || kinds.contains(EventCodec.caseName(event.event())))
                && (actor.isEmpty() || actor.equals(event.stamp().principal().name()))
                && !time.isBefore(start)
                && time.isBefore(end);
    }

    private boolean isAbout(LoggedEvent event) {
        return subject.equals(event.stamp().subject())
                || (event.event() instanceof GatesRevised revised
                        && revised.gates().stream()
                                .anyMatch(gate -> subject.equals(gate.content().name().name())));
    }

    /** Token of the page after the event of this place. */
    String tokenAfter(long seq) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((seq + ":" + digest).getBytes(StandardCharsets.UTF_8));
    }

    /** Place after which the page of a token begins; empty for the first page. */
    OptionalLong after(String token, Problems problems) {
        if (token.isEmpty()) {
            return OptionalLong.empty();
        }
        Optional<Matcher> read = decoded(token).map(TOKEN::matcher).filter(Matcher::matches);
        if (read.isEmpty() || !read.get().group(2).equals(digest)) {
            problems.field("page_token")
                    .add(
                            Problem.quote(token),
                            "next_page_token of an answer to the same filter and order",
                            "begin again without a token");
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(read.get().group(1)));
    }

    private static Optional<String> decoded(String token) {
        try {
            return Optional.of(
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
