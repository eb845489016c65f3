package dev.sluice.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A journal as a list of cases, for reports that people and CI systems read. Immutable.
 *
 * @param title of the experiment
 * @param verdict its name
 * @param seconds that the run took
 */
public record Summary(String title, String verdict, double seconds, List<Case> cases) {
    private static final String PASSED = "PASSED";

    public Summary {
        cases = List.copyOf(cases);
    }

    /**
     * One thing that was looked at or done.
     *
     * @param part of the run: baseline, method, watch, rollbacks, recovery, verdict
     * @param failure what was wrong; empty when nothing was
     */
    public record Case(String part, String name, double seconds, Optional<String> failure) {}

    /** Reads a journal. */
    public static Summary of(JsonNode journal) {
        List<Case> cases = new ArrayList<>();
        JsonNode states = journal.path("steady_states");
        look("baseline", states.path("before"), cases);
        journal.path("run").forEach(entry -> cases.add(activity("method", entry)));
        states.path("during").forEach(look -> look("watch", look, cases));
        journal.path("rollbacks").forEach(entry -> cases.add(activity("rollbacks", entry)));
        look("recovery", states.path("after"), cases);
        JsonNode own = journal.path("x-sluice");
        String verdict = own.path("verdict").asText();
        List<String> reasons = new ArrayList<>();
        own.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        double seconds = journal.path("duration").asDouble();
        cases.add(
                new Case(
                        "verdict",
                        verdict,
                        seconds,
                        verdict.equals(PASSED)
                                ? Optional.empty()
                                : Optional.of(String.join("; ", reasons))));
        return new Summary(
                journal.path("experiment").path("title").asText(), verdict, seconds, cases);
    }

    private static void look(String part, JsonNode look, List<Case> cases) {
        for (JsonNode probe : look.path("probes")) {
            Case run = activity(part, probe);
            boolean met = probe.path("tolerance_met").asBoolean();
            cases.add(
                    met || run.failure().isPresent()
                            ? run
                            : new Case(
                                    part,
                                    run.name(),
                                    run.seconds(),
                                    Optional.of("outside its tolerance: " + probe.path("output"))));
        }
    }

    private static Case activity(String part, JsonNode entry) {
        boolean failed = !entry.path("status").asText().equals("succeeded");
        return new Case(
                part,
                entry.path("activity").path("name").asText(),
                entry.path("duration").asDouble(),
                failed
                        ? Optional.of(entry.path("exception").path(0).asText("failed"))
                        : Optional.empty());
    }

    private long failures() {
        return cases.stream().filter(one -> one.failure().isPresent()).count();
    }

    /** A JUnit XML report of one suite. */
    public String junit() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append(
                "<testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" time=\"%s\">\n"
                        .formatted(Markup.escaped(title), cases.size(), failures(), seconds));
        for (Case one : cases) {
            xml.append(
                    "  <testcase classname=\"%s\" name=\"%s\" time=\"%s\""
                            .formatted(one.part(), Markup.escaped(one.name()), one.seconds()));
            xml.append(
                    one.failure()
                            .map(why ->
                                    ">\n    <failure message=\"%s\"/>\n  </testcase>\n"
                                            .formatted(Markup.escaped(why)))
                            .orElse("/>\n"));
        }
        return xml.append("</testsuite>\n").toString();
    }

    /** A table of what was not right, under the verdict. */
    public String markdown() {
        StringBuilder text = new StringBuilder("### %s: %s\n\n".formatted(cell(title), verdict));
        text.append(
                "%d looks and activities in %s s, %d not right.\n"
                        .formatted(cases.size(), seconds, failures()));
        if (failures() > 0) {
            text.append("\n| part | name | what |\n|---|---|---|\n");
        }
        for (Case one : cases) {
            one.failure()
                    .ifPresent(why ->
                            text.append(
                                    "| %s | %s | %s |\n"
                                            .formatted(one.part(), cell(one.name()), cell(why))));
        }
        return text.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ");
    }
}
