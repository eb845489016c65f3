package dev.sluice.control.audit;

import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.codec.EventCodec;
import java.util.List;
import java.util.stream.Collectors;

/** Events as lines for other tools. Stateless. */
public final class Export {
    /** First line of a table. */
    public static final String CSV_HEAD =
            "seq,epoch,time,principal,method,subject,event,reason,request_id,previous,hash";

    private Export() {}

    /** One JSON object: the stored line whole, its place and its hashes. */
    public static String json(LoggedEvent event) {
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
                + "}";
    }

    /** One row (RFC 4180). */
    public static String csv(LoggedEvent event) {
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
                        event.hash().hex())
                .stream()
                .map(Export::cell)
                .collect(Collectors.joining(","));
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
