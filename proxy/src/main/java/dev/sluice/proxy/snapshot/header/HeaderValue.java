package dev.sluice.proxy.snapshot.header;

import dev.sluice.proxy.snapshot.log.LogFormat;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import dev.sluice.proxy.snapshot.log.LogPart;
import java.util.List;
import java.util.stream.Collectors;

/** What a header that the configuration adds says. Immutable. */
public sealed interface HeaderValue {
    /** The same in every message. */
    record Literal(String text) implements HeaderValue {}

    /**
     * What the command operators of access logs say about the exchange; one that has no value says
     * nothing.
     *
     * @param needs the fields that they ask for
     */
    record Spoken(List<LogPart> parts, LogNeeds needs) implements HeaderValue {
        public Spoken {
            parts = List.copyOf(parts);
        }
    }

    /** The value that these parts make, one after the other. */
    static HeaderValue of(List<LogPart> parts) {
        if (parts.stream().allMatch(LogPart.Literal.class::isInstance)) {
            return new Literal(
                    parts.stream()
                            .map(part -> ((LogPart.Literal) part).text())
                            .collect(Collectors.joining()));
        }
        LogFormat format = new LogFormat.Text(parts, LogFormat.Empty.OMITTED);
        return new Spoken(parts, LogNeeds.of(List.of(format), List.of()));
    }
}
