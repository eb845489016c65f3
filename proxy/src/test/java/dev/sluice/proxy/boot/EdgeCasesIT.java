package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/reference/edge-cases.md tells how each case ends, and so it does. */
@ExtendWith(LeakCheck.class)
class EdgeCasesIT {
    private static final Path PAGE = Path.of("../docs/reference/edge-cases.md");
    private static final String NOT_THERE = "–";
    private static final int GROUPS = 24;

    /** Protocols of client and upstream: columns of the page. */
    enum Pair {
        HTTP1_TO_HTTP1(0, false, false),
        HTTP1_TO_HTTP2(1, false, true),
        HTTP2_TO_HTTP1(2, true, false),
        HTTP2_TO_HTTP2(3, true, true);

        private final int column;
        private final boolean http2Client;
        private final boolean http2Upstream;

        Pair(int column, boolean http2Client, boolean http2Upstream) {
            this.column = column;
            this.http2Client = http2Client;
            this.http2Upstream = http2Upstream;
        }
    }

    private static List<EdgeCase> cases() {
        return Stream.of(EdgeRequests.all(), EdgeFields.all(), EdgeAnswers.all())
                .flatMap(cases -> cases)
                .toList();
    }

    private static String key(EdgeCase one) {
        return one.group() + " | " + one.name();
    }

    /** Cells of the four pairs by group and name. */
    private static Map<String, List<String>> page() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            if (line.matches("\\| \\d+ \\|.*")) {
                List<String> cells =
                        Stream.of(line.split("\\|")).skip(1).map(String::strip).toList();
                rows.put(cells.get(0) + " | " + cells.get(1), cells.subList(2, cells.size()));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource(Pair.class)
    void every_case_ends_as_the_page_says(Pair pair) throws IOException {
        Map<String, List<String>> page = page();
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        try (EdgePair proxy = new EdgePair(pair.http2Client, pair.http2Upstream)) {
            for (EdgeCase one : cases()) {
                List<String> cells = page.getOrDefault(key(one), List.of("", "", "", ""));
                String cell = cells.get(pair.column);
                boolean flagged = cell.matches(".* [A-Z]{2,5}\\b.*");
                expected.add(key(one) + " | " + cell);
                String end = proxy.has(one) ? proxy.play(one, flagged) : NOT_THERE;
                seen.add(key(one) + " | " + end);
            }
        }

        assertThat(seen).as("cases from %s", pair).isEqualTo(expected);
    }

    @Test
    void the_page_has_these_rows_of_every_group() throws IOException {
        assertThat(page().keySet())
                .as("rows of %s", PAGE)
                .containsExactlyInAnyOrderElementsOf(
                        cases().stream().map(EdgeCasesIT::key).toList());
        assertThat(cases().stream().map(EdgeCase::group).distinct())
                .as("groups")
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, GROUPS).boxed().toList());
    }
}
