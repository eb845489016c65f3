package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.proxy.plan.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/proxy.md names everything that a user of the proxy may meet. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/proxy.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/sluice/proxy");
    private static final Pattern METRIC = Pattern.compile("\"(sluice(?:\\.[a-z]+)+)\"");
    private static final Pattern TEST =
            Pattern.compile("`([A-Za-z]+(?:Test|IT))\\.([a-z][a-z_0-9]+)`");
    private static final List<String> BAD_INPUTS =
            List.of(
                    "malformed bootstrap",
                    "refused field",
                    "weights over range",
                    "duplicate names",
                    "unknown cluster",
                    "route to nowhere",
                    "lower revision");
    private static final Pattern ATTRIBUTE =
            Pattern.compile(
                    "\"((?:sluice|http|url|client|server|network|rpc|error|user_agent)(?:\\.[a-z_]+)+)\"");
    private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

    @Test
    void every_refusal_has_its_row() {
        assertThat(Stream.of(Refusal.values()).map(ReferenceTest::row))
                .as("rows of %s", PAGE)
                .allSatisfy(row -> assertThat(page()).contains(row));
    }

    @Test
    void every_refusal_of_a_codec_has_its_row() {
        assertThat(CodecRefusal.values())
                .as("codec refusals of %s", PAGE)
                .allSatisfy(refusal -> assertThat(page()).contains("| `" + code(refusal) + "` |"));
    }

    @Test
    void every_response_flag_has_its_row() {
        assertThat(ResponseFlag.values())
                .as("response flags of %s", PAGE)
                .allSatisfy(flag -> assertThat(page()).contains("| `" + flag.word() + "` |"));
    }

    @Test
    void every_metric_has_its_row() {
        Set<String> metrics = metrics();

        assertThat(metrics).as("metrics found in the sources").contains("sluice.requests");
        assertThat(metrics)
                .as("metrics of %s", PAGE)
                .allSatisfy(name -> assertThat(page()).contains("| `" + name.replace('.', '_')));
    }

    @Test
    void every_attribute_of_spans_is_named() {
        Set<String> attributes = attributes();

        assertThat(attributes).as("attributes found").contains("sluice.gate", "url.path");
        assertThat(attributes)
                .as("attributes of spans in %s", PAGE)
                .allSatisfy(name -> assertThat(page()).contains("`" + name + "`"));
    }

    @Test
    void every_option_has_its_row() {
        assertThat(OPTION.matcher(Arguments.USAGE).results().map(found -> found.group()))
                .as("options of %s", PAGE)
                .isNotEmpty()
                .allSatisfy(option -> assertThat(page()).contains("`" + option));
    }

    @Test
    void every_bad_input_has_its_row_and_every_row_its_tests() {
        List<String> rows = page().split("\n## Bad input\n", 2)[1].lines().toList();
        List<MatchResult> tests =
                rows.stream().flatMap(row -> TEST.matcher(row).results()).toList();

        assertThat(BAD_INPUTS)
                .allSatisfy(input ->
                        assertThat(rows)
                                .filteredOn(row -> row.startsWith("| " + input))
                                .as("rows of '%s' in %s", input, PAGE)
                                .isNotEmpty()
                                .allMatch(row -> TEST.matcher(row).find()));
        assertThat(tests)
                .allSatisfy(test ->
                        assertThat(sourceOf(test.group(1)))
                                .as("%s", test.group())
                                .contains("void " + test.group(2) + "("));
    }

    private static String sourceOf(String test) {
        return Stream.of("../proto", ".")
                .flatMap(module -> javaFiles(Path.of(module, "src/test/java")))
                .filter(file -> file.endsWith(test + ".java"))
                .map(ReferenceTest::read)
                .collect(Collectors.joining());
    }

    private static String row(Refusal refusal) {
        return "| `%s` | %s | %d | %d | `%s` | %s |"
                .formatted(
                        refusal.code(),
                        refusal.side(),
                        refusal.status(),
                        refusal.grpcStatus(),
                        refusal.flag().map(ResponseFlag::word).orElse("–"),
                        refusal.remedy());
    }

    private static String code(CodecRefusal refusal) {
        return refusal.name().toLowerCase(Locale.ROOT);
    }

    private static Set<String> metrics() {
        Set<String> found = found(METRIC, "telemetry", "boot");
        found.removeAll(attributes());
        return found;
    }

    private static Set<String> attributes() {
        return found(ATTRIBUTE, "telemetry/trace");
    }

    private static Set<String> found(Pattern name, String... folders) {
        return Stream.of(folders)
                .flatMap(folder -> javaFiles(SOURCES.resolve(folder)))
                .flatMap(file -> name.matcher(read(file)).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Path> javaFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
