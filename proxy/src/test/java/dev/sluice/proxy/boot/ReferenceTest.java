package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.dispatch.Refusal;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.observe.ResponseFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reference/proxy.md names everything that a user of the proxy may meet. */
class ReferenceTest {
    private static final Path PAGE = Path.of("../docs/reference/proxy.md");
    private static final Path SOURCES = Path.of("src/main/java/dev/sluice/proxy");
    private static final Pattern METRIC = Pattern.compile("\"(sluice(?:\\.[a-z]+)+)\"");
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
    void every_option_has_its_row() {
        assertThat(OPTION.matcher(Arguments.USAGE).results().map(found -> found.group()))
                .as("options of %s", PAGE)
                .isNotEmpty()
                .allSatisfy(option -> assertThat(page()).contains("`" + option));
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
        Set<String> found = new TreeSet<>();
        for (Path folder : Set.of(SOURCES.resolve("telemetry"), SOURCES.resolve("boot"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .flatMap(file -> METRIC.matcher(read(file)).results())
                        .forEach(match -> found.add(match.group(1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return found;
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
