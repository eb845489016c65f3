package dev.sluice.control.cli.command;

import dev.sluice.admin.v1.Blocker;
import dev.sluice.admin.v1.Gate;
import dev.sluice.admin.v1.Migration;
import dev.sluice.admin.v1.Migration.StoreKind;
import dev.sluice.admin.v1.Phase;
import dev.sluice.admin.v1.RampStep;
import dev.sluice.control.cli.output.Article;
import dev.sluice.control.cli.output.Article.Block;
import dev.sluice.control.cli.output.Words;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.resource.Share;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A migration as a text. Immutable.
 *
 * @param gates whose keys it moves
 * @param blockers of its next phase
 */
record BlueprintText(Migration migration, List<Gate> gates, List<Blocker> blockers) {
    private static final Set<Phase> OF_SEPARATE_STORES =
            EnumSet.of(Phase.DUAL_WRITE, Phase.SHADOW, Phase.RAMP_DOWN);

    BlueprintText {
        gates = List.copyOf(gates);
        blockers = List.copyOf(blockers);
    }

    Article article() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Paragraph(narrative()));
        blocks.add(new Block.Heading("Where it stands"));
        blocks.add(new Block.Paragraph(standing()));
        if (!blockers.isEmpty()) {
            blocks.add(
                    grid(
                            List.of("against the next phase", "got", "expected", "remedy"),
                            blockers.stream()
                                    .map(one ->
                                            List.of(
                                                    one.getSubject(),
                                                    one.getGot(),
                                                    one.getExpected(),
                                                    one.getRemedy()))));
        }
        blocks.add(new Block.Heading("Its way"));
        blocks.add(new Block.Diagram(diagram()));
        blocks.add(new Block.Paragraph(noReturn()));
        blocks.add(
                grid(
                        List.of("step of RAMP and SOAK", "least stay", "longest stay", "ends by"),
                        Stream.concat(
                                        migration.getStepsList().stream(),
                                        Stream.of(migration.getSoak()))
                                .map(BlueprintText::step)));
        blocks.addAll(new ProfileText(migration).blocks());
        blocks.add(new Block.Heading("Gates"));
        blocks.add(
                grid(
                        List.of("gate", "legacy", "new", "share now", "modes now", "owner"),
                        gates.stream().map(BlueprintText::gate)));
        blocks.add(new Block.Heading("Ownership"));
        blocks.add(grid(List.of("what", "who"), ownership()));
        blocks.add(new Block.Heading("What became of it"));
        blocks.add(
                grid(
                        List.of("event", "time", "by", "what"),
                        migration.getTimelineList().stream()
                                .map(entry ->
                                        List.of(
                                                Long.toString(entry.getSeq()),
                                                Words.time(entry.getTime()),
                                                entry.getPrincipal(),
                                                entry.getText()))));
        return new Article(title(), blocks);
    }

    private String title() {
        return migration.getDisplayName().isEmpty()
                ? Migrations.SHAPE.brief(migration.getName())
                : migration.getDisplayName();
    }

    private String narrative() {
        String tables =
                migration.getTablesCount() == 0
                        ? "no table that was named"
                        : String.join(", ", migration.getTablesList());
        String text =
                "%s changes %s in %s, and moves the keys of %s. Risk: %s%s. Compatibility: %s."
                        .formatted(
                                migration.getName(),
                                tables,
                                isShared() ? "one shared store" : "two separate stores",
                                migration.getTarget(),
                                migration.getRisk(),
                                migration.getRiskReasonsCount() == 0
                                        ? ""
                                        : " ("
                                                + String.join("; ", migration.getRiskReasonsList())
                                                + ")",
                                migration.getCompatibility());
        text += migration.getOutcome().isEmpty() ? "" : " For: " + migration.getOutcome();
        text += migration.getTicketUri().isEmpty() ? "" : " Ticket: " + migration.getTicketUri();
        return migration.getDependsOnCount() == 0
                ? text
                : text + " After: " + String.join(", ", migration.getDependsOnList());
    }

    private String standing() {
        return "%s in %s, %s since %s: %s"
                .formatted(
                        migration.getState(),
                        migration.getPhase(),
                        migration.getProgress(),
                        Words.time(migration.getSince()),
                        Words.orDash(migration.getStatusMessage()));
    }

    /**
     * Phases in order, those before the point of no return inside a box, the present one marked.
     */
    private String diagram() {
        var text = new StringBuilder("flowchart LR\n  subgraph back [\"a way back\"]\n");
        Phase last = pointOfNoReturn();
        for (Phase phase : phases()) {
            text.append(phase == last ? "  end\n" : "")
                    .append("    ")
                    .append(phase)
                    .append("[\"")
                    .append(phase)
                    .append(stay(phase))
                    .append("\"]\n");
        }
        text.append("  ")
                .append(phases().stream().map(Phase::name).collect(Collectors.joining(" --> ")))
                .append('\n');
        if (phases().contains(migration.getPhase())) {
            text.append("  style ").append(migration.getPhase()).append(" stroke-width:4px\n");
        }
        return text.toString();
    }

    private String stay(Phase phase) {
        return migration.getSoaksList().stream()
                .filter(soak -> soak.getPhase() == phase)
                .findFirst()
                .map(soak -> "<br/>at least " + Words.duration(soak.getLeast()))
                .orElse("");
    }

    private String noReturn() {
        return pointOfNoReturn()
                + " is the point of no return: from there a fault is repaired on the new side.";
    }

    private Phase pointOfNoReturn() {
        return isShared() ? Phase.CONTRACT : Phase.DRAIN;
    }

    private List<Phase> phases() {
        return Arrays.stream(Phase.values())
                .filter(phase -> phase != Phase.PHASE_UNSPECIFIED && phase != Phase.UNRECOGNIZED)
                .filter(phase -> !isShared() || !OF_SEPARATE_STORES.contains(phase))
                .toList();
    }

    private boolean isShared() {
        return migration.getStore() == StoreKind.SHARED;
    }

    private static List<String> step(RampStep step) {
        return List.of(
                Share.text(step.getSharePpm()),
                Words.duration(step.getSoak()),
                Words.duration(step.getMaxSoak()),
                step.getAdvance().name());
    }

    private static List<String> gate(Gate gate) {
        return List.of(
                gate.getName(),
                gate.getLegacyVersion(),
                gate.getNewVersion(),
                Share.text(gate.getSharePpm()),
                gate.getFrom() + " to " + gate.getTo(),
                Words.orDash(gate.getOwner()));
    }

    private Stream<List<String>> ownership() {
        return Stream.concat(
                Stream.of(
                        List.of("owner", Words.orDash(migration.getOwner())),
                        List.of("wrote the plan", Words.joined(migration.getAuthorsList()))),
                migration.getAnswersList().stream()
                        .map(answer ->
                                List.of(
                                        answer.getAnswer().name(),
                                        answer.getPrincipal()
                                                + " on "
                                                + Words.time(answer.getTime())
                                                + (answer.getReason().isEmpty()
                                                        ? ""
                                                        : ": " + answer.getReason()))));
    }

    static Block grid(List<String> columns, Stream<List<String>> rows) {
        return new Block.Grid(columns, rows.toList());
    }
}
