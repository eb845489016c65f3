package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.chaos.Peers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same files for the Chaos Toolkit and for both profiles. What the Chaos Toolkit 1.19.0 with
 * its library 1.44.0 makes of each is recorded; the interop tests hold the record to the real one.
 */
class CtkProfileIT {
    private static final Path RECORD = Path.of("src/test/resources/ctk/outcomes.tsv");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir private Path folder;

    /**
     * How a run ended.
     *
     * @param steady whether the steady state was met before; empty when nobody looked
     * @param activities of the method that ran, and a colon, and rollbacks that ran
     */
    private record Ended(
            int exitCode, String status, boolean deviated, String steady, String activities) {
        String line() {
            return String.join("\t", "" + exitCode, status, "" + deviated, steady, activities);
        }
    }

    /** Name, what {@code Ended} has, and the exit code of the strict profile. */
    private static Map<String, String[]> recorded() throws IOException {
        Map<String, String[]> recorded = new LinkedHashMap<>();
        for (String line : Files.readAllLines(RECORD)) {
            String[] cells = line.split("\t", -1);
            recorded.put(cells[0], cells);
        }
        return recorded;
    }

    private Path file(String name, String text, String runner) throws IOException {
        Path own =
                Files.createDirectory(folder.resolve(runner + "-" + name.replaceAll("\\W+", "-")));
        return Files.writeString(own.resolve("e.json"), text.replace("$f", own.toString()));
    }

    private static Ended ended(int exitCode, Path journal) throws IOException {
        JsonNode root = JSON.readTree(Files.readString(journal));
        JsonNode before = root.path("steady_states").path("before");
        return new Ended(
                exitCode,
                root.path("status").asText(),
                root.path("deviated").asBoolean(),
                before.path("steady_state_met").asText(),
                root.path("run").size() + ":" + root.path("rollbacks").size());
    }

    private Ended ours(String name, String text, String profile) throws IOException {
        Path file = file(name, text, profile);
        Path journal = file.resolveSibling("j.json");
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        List<String> args = new ArrayList<>(List.of("run", file.toString(), "--profile", profile));
        args.addAll(List.of("--journal-path", journal.toString()));
        args.addAll(CtkCorpus.options(name));
        int exitCode = CommandTree.run(nowhere, nowhere, args.toArray(String[]::new));
        return Files.exists(journal)
                ? ended(exitCode, journal)
                : new Ended(exitCode, "refused", /* deviated= */ false, "", "0:0");
    }

    @Test
    void the_ctk_profile_ends_as_the_chaos_toolkit_does() throws IOException {
        Map<String, String[]> recorded = recorded();
        Map<String, String> files = CtkCorpus.files();
        assertThat(files).as("files").hasSizeGreaterThanOrEqualTo(40);
        assertThat(recorded.keySet()).as("recorded").containsExactlyElementsOf(files.keySet());
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            lines.add(file.getKey() + "\t" + ours(file.getKey(), file.getValue(), "ctk").line());
        }

        assertThat(lines)
                .containsExactlyElementsOf(
                        recorded.values().stream()
                                .map(cells -> String.join("\t", List.of(cells).subList(0, 6)))
                                .toList());
    }

    @Test
    void the_strict_profile_is_green_only_where_something_was_shown() throws IOException {
        Map<String, String[]> recorded = recorded();
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> file : CtkCorpus.files().entrySet()) {
            int exitCode = ours(file.getKey(), file.getValue(), "strict").exitCode();
            lines.add(file.getKey() + "\t" + exitCode);
        }

        assertThat(lines)
                .containsExactlyElementsOf(
                        recorded.values().stream()
                                .map(cells -> cells[0] + "\t" + cells[6])
                                .toList());
    }

    @Test
    @Tag("interop")
    void the_record_is_what_the_chaos_toolkit_does() throws Exception {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, String> file : CtkCorpus.files().entrySet()) {
            lines.add(file.getKey() + "\t" + theirs(file.getKey(), file.getValue()).line());
        }
        Files.write(Path.of("target/ctk-outcomes.tsv"), lines);

        assertThat(lines)
                .containsExactlyElementsOf(
                        recorded().values().stream()
                                .map(cells -> String.join("\t", List.of(cells).subList(0, 6)))
                                .toList());
    }

    /** Paths of all members with the kinds of their values; the experiment itself left out. */
    private static void shape(JsonNode node, String path, Set<String> shape) {
        shape.add(path + " " + (node.isNumber() ? "NUMBER" : node.getNodeType()));
        node.properties().stream()
                .filter(member -> !Set.of("experiment", "activity").contains(member.getKey()))
                .forEach(member -> shape(member.getValue(), path + "." + member.getKey(), shape));
        if (node.isArray()) {
            node.forEach(element -> shape(element, path + "[]", shape));
        }
    }

    @Test
    @Tag("interop")
    void the_journal_has_all_that_the_one_of_the_chaos_toolkit_has() throws Exception {
        for (String name : List.of("passes", "is broken after", "nobody hears the action")) {
            String text = Objects.requireNonNull(CtkCorpus.files().get(name));
            theirs(name, text);
            ours(name, text, "ctk");
            Set<String> wanted = new TreeSet<>();
            shape(JSON.readTree(journal(name, "toolkit").toFile()), "", wanted);
            Set<String> made = new TreeSet<>();
            shape(JSON.readTree(journal(name, "ctk").toFile()), "", made);
            assertThat(made).as(name).containsAll(wanted);
        }
    }

    private Path journal(String name, String runner) {
        return folder.resolve(runner + "-" + name.replaceAll("\\W+", "-")).resolve("j.json");
    }

    private Ended theirs(String name, String text) throws Exception {
        Path file = file(name, text, "toolkit");
        Path journal = file.resolveSibling("j.json");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Peers.find("chaos").toString(),
                                "--no-version-check",
                                "--no-log-file",
                                "run",
                                "--journal-path",
                                journal.toString()));
        command.addAll(CtkCorpus.options(name));
        command.add(file.toString());
        Process process =
                new ProcessBuilder(command)
                        .directory(file.resolveSibling("").toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(file.resolveSibling("out.txt").toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("%s ends", name).isTrue();
        assertThat(journal)
                .as(
                        "journal of %s; it said: %s",
                        name, Files.readString(file.resolveSibling("out.txt")))
                .exists();
        return ended(process.exitValue(), journal);
    }
}
