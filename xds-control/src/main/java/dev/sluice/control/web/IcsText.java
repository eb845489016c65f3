package dev.sluice.control.web;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes the content lines of an iCalendar object (RFC 5545, 3.1). Owned by one thread. */
final class IcsText {
    /** Longest line in bytes, without its end (3.1). */
    private static final int LONGEST_LINE = 75;

    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder lines = new StringBuilder();

    /** A line whose value is of a form that needs no escapes. */
    IcsText line(String name, String value) {
        fold(name + ":" + value);
        return this;
    }

    /** A line whose value is text of people (3.3.11). */
    IcsText text(String name, String value) {
        return line(
                name,
                value.replace("\\", "\\\\")
                        .replace(";", "\\;")
                        .replace(",", "\\,")
                        .replaceAll("\r\n?|\n", "\\\\n")
                        .replaceAll("\\p{Cntrl}", " "));
    }

    /** A line with a time; what is below a second is cut off. */
    IcsText time(String name, Instant time) {
        return line(name, UTC.format(time));
    }

    /** Further parts of a line begin with a space, and no character is cut in two. */
    private void fold(String line) {
        int room = LONGEST_LINE;
        for (int i = 0; i < line.length(); ) {
            int end = line.offsetByCodePoints(i, 1);
            int bytes = line.substring(i, end).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > room) {
                lines.append("\r\n ");
                room = LONGEST_LINE - 1;
            }
            lines.append(line, i, end);
            room -= bytes;
            i = end;
        }
        lines.append("\r\n");
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
