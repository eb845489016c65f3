package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What commands say of files that they can't read or write. */
class GivenFilesTest {
    private static final Pattern EXCEPTION = Pattern.compile("Exception|java\\.|sun\\.|null");

    @TempDir private Path folder;
    private final StringWriter said = new StringWriter();
    private Path marker;

    @BeforeEach
    void write() throws IOException {
        marker = folder.resolve("injected");
        Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.writeString(
                folder.resolve("e.json"),
                """
                {"title":"t","description":"d","method":[{"type":"action","name":"fault",
                 "provider":{"type":"process","path":"touch","arguments":"%s"}}]}\
                """
                        .formatted(marker));
    }

    private int run(String words) {
        PrintWriter writer = new PrintWriter(said, true);
        return CommandTree.run(
                writer, writer, Pattern.compile(" ").splitAsStream(words).toArray(String[]::new));
    }

    static Stream<Arguments> reads() {
        return Stream.of(
                        "run FILE",
                        "run E --var-file FILE",
                        "validate FILE",
                        "replay FILE",
                        "compare FILE",
                        "report FILE",
                        "toxiproxy --config FILE",
                        "xds --token FILE --listen 127.0.0.1:0 --upstream 127.0.0.1:1 --api"
                                + " 127.0.0.1:0")
                .flatMap(command ->
                        Stream.of(
                                Arguments.of(command, "missing", "no such file"),
                                Arguments.of(command, "", "a folder"),
                                Arguments.of(command, "binary", "not UTF-8")));
    }

    @ParameterizedTest
    @MethodSource("reads")
    void a_file_that_can_not_be_read_is_refused_in_words(
            String command, String name, String reason) {
        Path file = folder.resolve(name);
        int exit =
                run(
                        command.replace("FILE", file.toString())
                                .replace("E ", folder.resolve("e.json") + " "));

        assertThat(exit).as("%s", said).isEqualTo(ExitCode.INVALID.number());
        assertThat(said.toString())
                .contains(file.toString(), reason, "expected")
                .containsPattern("correct its name or its rights|name a file that `load` wrote")
                .doesNotContainPattern(EXCEPTION);
        assertThat(marker).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--journal-path", "--junit", "--markdown", "--sarif", "--html"})
    void a_report_that_could_not_be_written_is_refused_before_anything_is_injected(String option) {
        List<String> names =
                List.of(folder.resolve("missing/report").toString(), folder.toString());
        for (String name : names) {
            int exit = run("run " + folder.resolve("e.json") + " " + option + " " + name);

            assertThat(exit).as("%s", said).isEqualTo(ExitCode.INVALID.number());
            assertThat(said.toString())
                    .contains(name, "expected a file that can be written")
                    .doesNotContainPattern(EXCEPTION);
            assertThat(marker).doesNotExist();
        }
    }

    @Test
    void a_ledger_that_could_not_be_written_is_refused_before_anything_is_sent() {
        int exit = run("load http://127.0.0.1:1/ --ledger " + folder.resolve("missing/ledger"));

        assertThat(exit).as("%s", said).isEqualTo(ExitCode.INVALID.number());
        assertThat(said.toString()).contains("missing/ledger: its folder is not there");
    }

    @Test
    void a_journal_does_not_take_the_place_of_a_device() throws IOException {
        Path device = Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null"));
        int exit = run("run " + folder.resolve("e.json") + " --journal-path " + device);

        assertThat(exit).as("%s", said).isNotEqualTo(ExitCode.INVALID.number());
        assertThat(marker).exists();
        assertThat(Files.isSymbolicLink(device)).as("the device is still there").isTrue();
    }
}
