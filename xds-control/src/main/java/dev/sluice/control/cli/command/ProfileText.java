package dev.sluice.control.cli.command;

import com.google.protobuf.util.Timestamps;
import dev.sluice.admin.v1.Migration;
import dev.sluice.control.cli.output.Article.Block;
import dev.sluice.control.cli.output.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a plan says of a migration as a product, as parts of a text. Immutable. */
record ProfileText(Migration migration) {
    /** Nothing where nothing is said. */
    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        add(blocks, "What it means", List.of("of", "what"), meaning());
        add(
                blocks,
                "By what it is judged",
                List.of("", "what"),
                Stream.concat(
                        rows("success", migration.getSuccessCriteriaList()),
                        rows("taken back", migration.getRollbackTriggersList())));
        add(
                blocks,
                "Who is told",
                List.of("audience", "where", "on going on to", "what"),
                migration.getCommunicationList().stream()
                        .map(notice ->
                                List.of(
                                        notice.getAudience(),
                                        notice.getChannel(),
                                        notice.getPhase().name(),
                                        notice.getText())));
        add(blocks, "Days", List.of("day", "what"), days());
        return blocks;
    }

    private Stream<List<String>> meaning() {
        Migration.Throughput load = migration.getThroughput();
        return Stream.of(
                        rows(
                                "change",
                                migration.getChangesList().stream().map(Enum::name).toList()),
                        rows("service", migration.getServicesList()),
                        rows("contract", migration.getContractsList()),
                        rows(
                                "store",
                                migration.getStoresList().stream()
                                        .map(store ->
                                                (store.getName() + " " + store.getTechnology())
                                                        .strip())
                                        .toList()),
                        migration.hasThroughput()
                                ? Stream.of(
                                        List.of(
                                                "throughput",
                                                "%d reads and %d writes a second, %d %% more meanwhile"
                                                        .formatted(
                                                                load.getReadsPerSecond(),
                                                                load.getWritesPerSecond(),
                                                                load.getAddedPercent())))
                                : Stream.<List<String>>of(),
                        rows("access", migration.getAccessPatternsList()),
                        rows("coupling", migration.getCouplingPointsList()),
                        rows("machines", migration.getPhysicalImplicationsList()),
                        rows("data", migration.getLogicalImplicationsList()),
                        rows(
                                "accepted schema",
                                migration.getAcceptedSchemasList().stream()
                                        .map(one ->
                                                "%s: %s %s to %s"
                                                        .formatted(
                                                                one.getVersion(),
                                                                one.getStore(),
                                                                one.getMin(),
                                                                one.getMax()))
                                        .toList()))
                .flatMap(part -> part);
    }

    private Stream<List<String>> days() {
        Stream<List<String>> planned =
                migration.getMilestonesList().stream()
                        .map(one -> List.of(one.getDay(), one.getTitle()));
        if (!migration.hasDeprecation()) {
            return planned;
        }
        Migration.DeprecationWindow window = migration.getDeprecation();
        return Stream.concat(
                planned,
                Stream.of(
                        List.of(
                                Timestamps.toString(window.getDeprecateTime()),
                                "legacy is deprecated"),
                        List.of(
                                Timestamps.toString(window.getSunsetTime()),
                                "legacy may go away: " + Words.orDash(window.getLinkUri()))));
    }

    private static Stream<List<String>> rows(String of, List<String> texts) {
        return texts.stream().map(text -> List.of(of, text));
    }

    private static void add(
            List<Block> blocks, String title, List<String> columns, Stream<List<String>> rows) {
        List<List<String>> all = rows.collect(Collectors.toList());
        if (!all.isEmpty()) {
            blocks.add(new Block.Heading(title));
            blocks.add(BlueprintText.grid(columns, all.stream()));
        }
    }
}
