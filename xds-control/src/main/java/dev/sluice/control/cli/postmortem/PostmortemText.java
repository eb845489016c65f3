package dev.sluice.control.cli.postmortem;

import com.google.protobuf.Struct;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.Severity;
import dev.sluice.control.cli.output.Article;
import dev.sluice.control.cli.output.Article.Block;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A post-mortem for people. Immutable.
 *
 * @param incident with at least one event
 */
record PostmortemText(Incident incident) {
    private static final List<String> QUESTIONS =
            List.of(
                    "What did users notice, and how many of them?",
                    "Which change was the cause, and why did it look right?",
                    "Why was it not found at a smaller share?",
                    "What shortened it, what made it longer?",
                    "Who does what until when, so that it does not come again?");

    Article article() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Grid(List.of("what it is", ""), incident.about()));
        blocks.add(new Block.Heading("In short"));
        blocks.add(new Block.Grid(List.of("fact", ""), Facts.of(incident)));
        blocks.add(new Block.Heading("Timeline"));
        blocks.add(
                new Block.Grid(
                        List.of("event", "time", "after", "by", "about", "what", "why"),
                        incident.events().stream().map(this::line).toList()));
        verdicts(blocks);
        blocks.add(new Block.Heading("Shares"));
        blocks.add(
                new Block.Grid(
                        List.of("event", "time", "gate", "revision", "share", "modes", "done"),
                        incident.events().stream()
                                .filter(Contents::isRevision)
                                .flatMap(event ->
                                        Contents.gates(event).stream()
                                                .map(gate -> share(event, gate)))
                                .toList()));
        blocks.add(new Block.Heading("Who"));
        blocks.add(new Block.Grid(List.of("who", "events", "of these, kinds"), actors()));
        blocks.add(new Block.Heading("To be answered"));
        QUESTIONS.forEach(question -> blocks.add(new Block.Paragraph(question)));
        blocks.add(new Block.Heading("Where this comes from"));
        blocks.add(new Block.Paragraph(source()));
        return new Article("Post-mortem: " + incident.title(), blocks);
    }

    private List<String> line(Event event) {
        return List.of(
                Long.toString(event.getSequence()),
                Incident.time(event),
                Facts.text(incident.after(event)),
                event.getActor(),
                Words.orDash(event.getSubject()),
                (event.getSeverity() == Severity.INFO ? "" : event.getSeverity() + ": ")
                        + (event.getSummary().isEmpty() ? event.getKind() : event.getSummary()),
                Words.orDash(event.getReason()));
    }

    private void verdicts(List<Block> blocks) {
        List<List<String>> verdicts =
                incident.events().stream()
                        .filter(Contents::isVerdict)
                        .map(PostmortemText::verdict)
                        .toList();
        if (verdicts.isEmpty()) {
            return;
        }
        blocks.add(new Block.Heading("Verdicts and their evidence"));
        blocks.add(
                new Block.Grid(
                        List.of(
                                "event",
                                "step",
                                "share",
                                "outcome",
                                "legacy keys in error",
                                "new keys in error",
                                "e-values",
                                "p99 legacy, new",
                                "judge",
                                "why"),
                        verdicts));
    }

    private static List<String> verdict(Event event) {
        Struct content = event.getContent();
        return List.of(
                Long.toString(event.getSequence()),
                whole(Contents.number(content, "verdict", "step") + 1),
                Share.text((int) Contents.number(content, "verdict", "share")),
                Contents.text(content, "verdict", "outcome"),
                keys(content, "legacy"),
                keys(content, "fresh"),
                String.format(
                        Locale.ROOT,
                        "errors %.3g, slowness %.3g",
                        Contents.number(content, "verdict", "errorEValue"),
                        Contents.number(content, "verdict", "slowEValue")),
                whole(Contents.number(content, "verdict", "legacy", "p99Micros"))
                        + ", "
                        + whole(Contents.number(content, "verdict", "fresh", "p99Micros"))
                        + " us",
                Contents.text(content, "verdict", "judgeVersion"),
                Contents.text(content, "verdict", "explanation"));
    }

    private static String keys(Struct content, String arm) {
        return whole(Contents.number(content, "verdict", arm, "errorKeys"))
                + " of "
                + whole(Contents.number(content, "verdict", arm, "keys"));
    }

    private static List<String> share(Event event, Struct gate) {
        return List.of(
                Long.toString(event.getSequence()),
                Incident.time(event),
                Contents.text(gate, "name"),
                whole(Contents.number(gate, "revision", "epoch"))
                        + "."
                        + whole(Contents.number(gate, "revision", "number")),
                Share.text((int) Contents.number(gate, "share_ppm")),
                Contents.text(gate, "from") + " -> " + Contents.text(gate, "to"),
                Contents.text(event.getContent(), "action"));
    }

    private List<List<String>> actors() {
        Map<String, List<Event>> byActor =
                incident.events().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Event::getActor, TreeMap::new, Collectors.toList()));
        return byActor.entrySet().stream()
                .map(entry ->
                        List.of(
                                entry.getKey(),
                                Integer.toString(entry.getValue().size()),
                                entry.getValue().stream()
                                        .map(Event::getKind)
                                        .distinct()
                                        .sorted()
                                        .collect(Collectors.joining(", "))))
                .toList();
    }

    private String source() {
        Event last = incident.events().getLast();
        return "Events "
                + incident.events().getFirst().getSequence()
                + " to "
                + last.getSequence()
                + " of the log, of the gates, sets and ramps of "
                + incident.subject()
                + ". The log up to event "
                + last.getSequence()
                + " has the digest "
                + last.getAfterDigest()
                + ", which `sluice control audit verify` checks; each verdict is computed again from"
                + " the record in its event.";
    }

    private static String whole(double number) {
        return Long.toString((long) number);
    }
}
