package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/runbooks has a page for each reason of a refusal, and says what each blocker asks for. */
final class RunbooksTest {
    private static final Path PAGES = Path.of("../docs/runbooks");
    private static final Path SOURCES = Path.of("src/main/java/dev/sluice/control");
    private static final Pattern REASON = Pattern.compile("case [A-Z_]+ -> \"([A-Z_]+)\"");
    private static final Pattern PLACE =
            Pattern.compile("\\bprecondition\\(\\s*\"([a-z_0-9.\\[\\]]+)\"");
    private static final Pattern ROW = Pattern.compile("\\| `([A-Z_]+)` \\|.*\\(([A-Z_]+\\.md)\\)");

    @Test
    void every_reason_of_a_refusal_has_a_page_that_says_what_to_do() throws IOException {
        Set<String> reasons = found(REASON, SOURCES.resolve("admin/desk/Refusing.java"));

        assertThat(reasons).contains("STALE_ETAG", "PRECONDITION");
        for (String reason : reasons) {
            assertThat(Files.readString(PAGES.resolve(reason + ".md")))
                    .startsWith("# " + reason + "\n")
                    .contains("## What it means\n", "## What to look at\n", "## What to do\n");
        }
        assertThat(pages()).as("pages of %s", PAGES).isEqualTo(reasons);
        assertThat(found(ROW, PAGES.resolve("README.md"))).isEqualTo(reasons);
    }

    @Test
    void every_place_of_a_precondition_has_its_row() throws IOException {
        Set<String> places = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES.resolve("lifecycle"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                places.addAll(found(PLACE, file));
            }
        }
        String page = Files.readString(PAGES.resolve("PRECONDITION.md"));

        assertThat(places)
                .contains("callers[", "take_back", "deprecation.sunset_time")
                .allSatisfy(place ->
                        assertThat(page)
                                .contains(
                                        place.endsWith("[")
                                                ? "| `" + place + "…]` |"
                                                : "| `" + place + "` |"));
    }

    private static Set<String> pages() throws IOException {
        try (Stream<Path> files = Files.list(PAGES)) {
            return files.map(file -> file.getFileName().toString().replace(".md", ""))
                    .filter(name -> !name.equals("README"))
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
