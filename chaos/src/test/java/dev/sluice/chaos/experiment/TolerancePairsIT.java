package dev.sluice.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the Chaos Toolkit's library 1.44.0 says to 10,000 tolerances and values is recorded, and
 * ours says the same; the interop test holds the record to the real one. Where the real one ends
 * with an exception, ours is not met.
 */
class TolerancePairsIT {
    private static final int COUNT = 10_000;
    private static final int IN_LINE = 100;
    private static final Path RECORD = Path.of("src/test/resources/ctk/tolerances.txt");
    private static final List<TolerancePairs.Pair> PAIRS = new TolerancePairs(42).next(COUNT);

    private static boolean met(TolerancePairs.Pair pair) {
        JsonNode read = Source.read(pair.tolerance().toString(), "t.json").orThrow().root();
        Fields field = Fields.alone(read);
        Tolerance tolerance =
                ToleranceReader.read(field)
                        .orElseThrow(
                                () -> new AssertionError(pair.line() + " " + field.problems()));
        return ToleranceCheck.met(tolerance, pair.value(), (probe, value) -> false);
    }

    private static String recorded() throws IOException {
        return String.join("", Files.readAllLines(RECORD));
    }

    @Test
    void ours_says_what_the_chaos_toolkit_says() throws IOException {
        String recorded = recorded();
        assertThat(recorded).as("answers").hasSize(COUNT);
        assertThat(recorded.chars().filter(said -> said == '1').count())
                .as("met ones")
                .isGreaterThan(COUNT / 5);
        assertThat(recorded).as("tolerances that are not valid").doesNotContain("r");
        List<String> different = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            TolerancePairs.Pair pair = PAIRS.get(i);
            if (met(pair) != (recorded.charAt(i) == '1')) {
                different.add(recorded.charAt(i) + " " + pair.line());
            }
        }

        assertThat(different).as("decided otherwise").isEmpty();
    }

    @Test
    @Tag("interop")
    void the_record_is_what_the_chaos_toolkit_says(@TempDir Path folder) throws Exception {
        Path questions = folder.resolve("pairs.jsonl");
        Files.write(questions, PAIRS.stream().map(TolerancePairs.Pair::line).toList());
        Path answers = folder.resolve("answers.txt");
        // Not resolved itself: Python finds its libraries beside the link.
        Path python = Peers.find("chaos").toRealPath().resolveSibling("python");
        Process process =
                new ProcessBuilder(
                                python.toString(),
                                "src/test/resources/ctk/tolerances.py",
                                questions.toString())
                        .redirectOutput(answers.toFile())
                        .redirectError(folder.resolve("errors.txt").toFile())
                        .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors.txt"))).isZero();
        String said = Files.readString(answers, StandardCharsets.US_ASCII);
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < said.length(); from += IN_LINE) {
            lines.add(said.substring(from, Math.min(said.length(), from + IN_LINE)));
        }
        Files.write(Path.of("target/ctk-tolerances.txt"), lines);

        assertThat(said).isEqualTo(recorded());
    }
}
