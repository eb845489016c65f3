package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/control.md names everything that a user of the control plane may meet. */
final class ReferencePageTest {
    private static final Path PAGE = Path.of("../docs/reference/control.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/sluice/control");
    private static final Pattern OPTION = Pattern.compile("names = \"(--[a-z-]+)\"");
    private static final Pattern METRIC = Pattern.compile("\"(sluice(?:\\.[a-z]+)+)\"");
    private static final Pattern REASON = Pattern.compile("case [A-Z_]+ -> \"([A-Z_]+)\"");
    private static final Pattern EXIT_CODE =
            Pattern.compile("[A-Z_]+\\((\\d+), (?:\"([^\"]+)\")\\)");
    private static final List<String> BAD_INPUTS =
            List.of(
                    "a route to a cluster that does not exist",
                    "a gate with two problems",
                    "a stale etag",
                    "a lower revision after a higher",
                    "a second control plane on the same file");
    private static final Pattern TEST =
            Pattern.compile("`([A-Za-z]+(?:Test|IT))\\.([a-z][a-z_0-9]+)`");

    @Test
    void every_option_has_its_row() {
        Set<String> options = found(OPTION, "boot/ControlCommand.java");

        assertThat(options)
                .as("options of %s", PAGE)
                .contains("--xds-listen")
                .allSatisfy(option -> assertThat(page()).contains("`" + option));
    }

    @Test
    void every_metric_has_its_row() {
        Set<String> metrics = found(METRIC, "web/Metrics.java");

        assertThat(metrics)
                .as("metrics of %s", PAGE)
                .contains("sluice.gate.killed")
                .allSatisfy(name ->
                        assertThat(page()).contains("| `" + name.replace('.', '_') + "` |"));
    }

    @Test
    void every_reason_of_a_refusal_has_its_row() {
        Set<String> reasons = found(REASON, "admin/desk/Refusing.java");

        assertThat(reasons)
                .as("reasons of %s", PAGE)
                .contains("STALE_ETAG")
                .allSatisfy(reason -> assertThat(page()).contains("| `" + reason + "` |"));
    }

    @Test
    void every_exit_code_has_its_row() {
        assertThat(matches(EXIT_CODE, SOURCES.resolve("cli/session/ExitCode.java")))
                .as("exit codes of %s", PAGE)
                .hasSizeGreaterThan(5)
                .allSatisfy(code ->
                        assertThat(page())
                                .contains("| " + code.group(1) + " | " + code.group(2) + " |"));
    }

    @Test
    void every_bad_input_has_its_row_with_its_test() {
        List<String> rows = page().split("\n## Bad input\n", 2)[1].lines().toList();

        assertThat(BAD_INPUTS)
                .allSatisfy(input ->
                        assertThat(rows)
                                .filteredOn(row -> row.startsWith("| " + input))
                                .as("rows of '%s' in %s", input, PAGE)
                                .isNotEmpty()
                                .allMatch(row -> TEST.matcher(row).find()));
    }

    @Test
    void every_test_that_proves_a_row_exists() {
        assertThat(matches(TEST, PAGE))
                .as("tests that %s names", PAGE)
                .hasSizeGreaterThan(10)
                .allSatisfy(test ->
                        assertThat(sourceOf(test.group(1)))
                                .contains("void " + test.group(2) + "("));
    }

    private static String sourceOf(String test) {
        for (String module : Set.of("../proto", "../proxy", ".")) {
            try (Stream<Path> files = Files.walk(Path.of(module, "src/test/java"))) {
                var source =
                        files.filter(file -> file.endsWith(test + ".java"))
                                .map(ReferencePageTest::read)
                                .collect(Collectors.joining());
                if (!source.isEmpty()) {
                    return source;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return "";
    }

    private static Set<String> found(Pattern pattern, String source) {
        return matches(pattern, SOURCES.resolve(source)).stream()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static List<MatchResult> matches(Pattern pattern, Path file) {
        return pattern.matcher(read(file)).results().toList();
    }

    private static String page() {
        return read(PAGE);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
