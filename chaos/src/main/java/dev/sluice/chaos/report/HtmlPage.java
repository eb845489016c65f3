package dev.sluice.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.load.Entry;
import dev.sluice.chaos.load.Group;
import dev.sluice.chaos.load.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * A run as one page that needs nothing else: verdict, the time of faults over share, errors and
 * latency of both arms when there is a ledger, and all looks and activities. It is well-formed XML
 * too. Stateless.
 */
public final class HtmlPage {
    private static final List<String> ARMS = List.of("LEGACY", "NEW", "undecided");
    private static final String STYLE =
            """
            :root{color-scheme:light dark;--page:#fff;--text:#1c2430;--soft:#566;--line:#d8dde4;--bad:#fdecea;
             --fault:#b3261e;--passed:#1e7b3a;--legacy:#2b62b0;--new:#c2540a;--other:#777}
            @media(prefers-color-scheme:dark){:root{--page:#14181f;--text:#e3e8ef;--soft:#9aa5b3;--line:#343c48;
             --bad:#46221f;--fault:#f0685e;--legacy:#7fb0f5;--new:#f59d55;--other:#aaa}}
            body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
             color:var(--text);background:var(--page)}
            table{border-collapse:collapse;width:100%;margin:1rem 0;font-variant-numeric:tabular-nums}
            th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
            td.n,th.n{text-align:right} tr.bad td{background:var(--bad)}
            .verdict{display:inline-block;padding:.1rem .6rem;border-radius:.3rem;color:#fff;background:#b3261e}
            .verdict.PASSED{background:var(--passed)} figure{margin:1.2rem 0} svg{width:100%;height:auto}
            svg text{font-size:11px;fill:var(--soft)} .grid{stroke:var(--line)}
            .fault{fill:var(--fault);opacity:.13}
            polyline{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
            polyline.legacy{stroke:var(--legacy)} polyline.new{stroke:var(--new);stroke-dasharray:6 3}
            polyline.undecided{stroke:var(--other);stroke-dasharray:2 3}
            span.legacy{color:var(--legacy)} span.new{color:var(--new)} span.undecided{color:var(--other)}
            figcaption span{font-weight:600;margin-left:.6rem}
            @media(max-width:44rem){figure,table{overflow-x:auto} table{display:block} svg{min-width:38rem}
             th,td{white-space:nowrap}}
            """;

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param journal of the run
     * @param ledger of the load that ran beside it; empty when none did
     */
    public static String of(JsonNode journal, Optional<Ledger> ledger) {
        Summary summary = Summary.of(journal);
        StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head>");
        String title = Markup.escaped(summary.title());
        page.append(
                        "<meta charset=\"utf-8\"/><meta name=\"viewport\""
                                + " content=\"width=device-width,initial-scale=1\"/><title>")
                .append(title)
                .append("</title>\n<style>");
        page.append(STYLE).append("</style></head><body>\n<h1>").append(title).append("</h1>\n");
        String verdict = Markup.escaped(summary.verdict());
        page.append(
                "<p><span class=\"verdict %s\">%s</span> in %s s, seed %s</p>\n"
                        .formatted(
                                verdict,
                                verdict,
                                summary.seconds(),
                                Markup.escaped(journal.at("/x-sluice/seed").asText("-"))));
        for (JsonNode reason : journal.at("/x-sluice/reasons")) {
            page.append("<p>").append(Markup.escaped(reason.asText())).append("</p>\n");
        }
        ledger.ifPresent(kept -> load(kept, journal, page));
        cases(summary, page);
        return page.append("</body></html>\n").toString();
    }

    private static void load(Ledger ledger, JsonNode journal, StringBuilder page) {
        List<Entry> entries = ledger.entries();
        Optional<Chart.Window> window = window(journal, ledger.start());
        page.append("<h2>Load</h2>\n");
        page.append(
                window.isPresent()
                        ? "<p>Faults were on where the charts are shaded"
                                + faults(journal)
                                + ".</p>\n"
                        : "<p>No fault was on.</p>\n");
        Timeline timeline = Timeline.of(entries);
        if (!timeline.has("LEGACY") && !timeline.has("NEW")) {
            page.append(
                    "<p>No answer said its arm: load with <code>--header x-sluice-explain=1</code>"
                            + " asks for it.</p>\n");
        }
        page.append(
                new Chart(
                                "Share of decided requests, %",
                                timeline,
                                List.of(new Chart.Series("NEW", Timeline.Slot::share)),
                                Optional.of(100.0),
                                window)
                        .svg());
        double perSecond = 1 / timeline.slotSeconds();
        List<String> arms = ARMS.stream().filter(timeline::has).toList();
        List<Chart.Series> errors =
                arms.stream()
                        .map(arm -> new Chart.Series(arm, slot -> slot.errors(arm) * perSecond))
                        .toList();
        page.append(new Chart("Errors a second", timeline, errors, Optional.empty(), window).svg());
        List<Chart.Series> latencies =
                arms.stream().map(arm -> new Chart.Series(arm, slot -> slot.latency(arm))).toList();
        page.append(
                new Chart(
                                "Latency of good answers, 99th percentile, ms",
                                timeline,
                                latencies,
                                Optional.empty(),
                                window)
                        .svg());
        phases(entries, window, page);
    }

    /** What they were, and of which arm. */
    private static String faults(JsonNode journal) {
        List<String> names = new ArrayList<>();
        for (JsonNode fault : journal.at("/x-sluice/faults")) {
            String where = fault.path("gate").asText("") + " " + fault.path("arm").asText("");
            String name = Markup.escaped(fault.path("name").asText());
            names.add(where.isBlank() ? name : name + " on " + Markup.escaped(where));
        }
        return names.isEmpty() ? "" : ": " + String.join(", ", names);
    }

    /** When faults were on, on the ledger's clock; empty when none was, or not on that day. */
    private static Optional<Chart.Window> window(JsonNode journal, Instant start) {
        JsonNode window = journal.at("/x-sluice/window");
        try {
            return Optional.of(
                    new Chart.Window(
                            seconds(start, window.path("from").asText()),
                            seconds(start, window.path("to").asText())));
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    private static double seconds(Instant start, String text) {
        return Duration.between(start, Instant.parse(text)).toMillis() / 1000.0;
    }

    private static void phases(
            List<Entry> entries, Optional<Chart.Window> window, StringBuilder page) {
        page.append("<table><tr><th>when</th><th>arm</th>");
        for (String head : List.of("requests", "errors", "p50 ms", "p99 ms", "longest ms")) {
            page.append("<th class=\"n\">").append(head).append("</th>");
        }
        page.append("</tr>\n");
        double from = window.map(Chart.Window::from).orElse(Double.MAX_VALUE);
        double to = window.map(Chart.Window::to).orElse(Double.MAX_VALUE);
        phase("before faults", entries, at -> at < from, page);
        phase("while faults were on", entries, at -> at >= from && at < to, page);
        phase("after faults", entries, at -> at >= to, page);
        page.append("</table>\n");
    }

    private static void phase(
            String when, List<Entry> all, DoublePredicate within, StringBuilder page) {
        List<Entry> entries =
                all.stream()
                        .filter(entry -> within.test(entry.planned().intended() / 1e9))
                        .toList();
        if (entries.isEmpty()) {
            return;
        }
        for (Group group : Group.of(entries)) {
            page.append(
                    String.format(
                            Locale.ROOT,
                            "<tr%s><td>%s</td><td>%s</td><td class=\"n\">%d</td>"
                                    + "<td class=\"n\">%d</td><td class=\"n\">%s</td>"
                                    + "<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>%n",
                            group.errors() > 0 ? " class=\"bad\"" : "",
                            when,
                            group.name(),
                            group.requests(),
                            group.errors(),
                            millis(group.quantile(50)),
                            millis(group.quantile(99)),
                            millis(group.quantile(100))));
        }
    }

    private static String millis(double millis) {
        return Double.isNaN(millis) ? "–" : String.format(Locale.ROOT, "%.1f", millis);
    }

    private static void cases(Summary summary, StringBuilder page) {
        page.append("<h2>Looks and activities</h2>\n<table><tr><th>part</th><th>name</th>");
        page.append("<th class=\"n\">seconds</th><th>what was wrong</th></tr>\n");
        for (Summary.Case one : summary.cases()) {
            page.append(
                    "<tr%s><td>%s</td><td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>\n"
                            .formatted(
                                    one.failure().isPresent() ? " class=\"bad\"" : "",
                                    one.part(),
                                    Markup.escaped(one.name()),
                                    one.seconds(),
                                    Markup.escaped(one.failure().orElse(""))));
        }
        page.append("</table>\n");
    }
}
