package dev.sluice.control.audit;

import dev.sluice.control.change.Digest;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import java.util.List;
import java.util.stream.Collectors;

/** Events as lines for other tools. Stateless. */
public final class Export {
    /** First line of a table. */
    public static final String CSV_HEAD =
            "seq,epoch,time,principal,method,subject,event,reason,request_id,previous,hash,changes";

    private Export() {}

    /**
     * One JSON object: the stored line whole, its place and its hashes, and what it changed.
     *
     * @param changes of the event
     */
    public static String json(LoggedEvent event, List<ChangedResource> changes) {
        return "{\"seq\":"
                + event.seq()
                + ",\"epoch\":"
                + event.epoch()
                + ",\"previous\":\""
                + event.previous().hex()
                + "\",\"hash\":\""
                + event.hash().hex()
                + "\",\"line\":"
                + event.payload()
                + changes.stream()
                        .map(Export::json)
                        .collect(Collectors.joining(",", ",\"changes\":[", "]}"));
    }

    /**
     * One row (RFC 4180). Changes are {@code name before after}, with {@code -} where a resource
     * was not there or is gone, and {@code ; } between them.
     *
     * @param changes of the event
     */
    public static String csv(LoggedEvent event, List<ChangedResource> changes) {
        Stamp stamp = event.stamp();
        return List.of(
                        Long.toString(event.seq()),
                        Long.toString(event.epoch()),
                        stamp.time().toString(),
                        stamp.principal().name(),
                        stamp.principal().method().name(),
                        stamp.subject(),
                        EventCodec.caseName(event.event()),
                        stamp.reason(),
                        stamp.requestId().orElse(""),
                        event.previous().hex(),
                        event.hash().hex(),
                        changes.stream().map(Export::text).collect(Collectors.joining("; ")))
                .stream()
                .map(Export::cell)
                .collect(Collectors.joining(","));
    }

    /** Names hold nothing that JSON would escape. */
    private static String json(ChangedResource change) {
        return "{\"resource\":\""
                + change.name()
                + '"'
                + change.before().map(it -> ",\"before\":\"" + it.hex() + '"').orElse("")
                + change.after().map(it -> ",\"after\":\"" + it.hex() + '"').orElse("")
                + '}';
    }

    private static String text(ChangedResource change) {
        return String.join(
                " ",
                change.name(),
                change.before().map(Digest::hex).orElse("-"),
                change.after().map(Digest::hex).orElse("-"));
    }

    /** Quoted where it must be; what a spreadsheet would run as a formula is made text. */
    private static String cell(String text) {
        String safe =
                !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.chars().anyMatch(c -> ",\"\n\r".indexOf(c) >= 0)
                ? '"' + safe.replace("\"", "\"\"") + '"'
                : safe;
    }
}
