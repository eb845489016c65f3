package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskCommandTest {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();

    private int disk(Object... words) {
        PrintWriter writer = new PrintWriter(out, true);
        String[] args =
                Stream.concat(Stream.of("disk"), Stream.of(words).map(Object::toString))
                        .toArray(String[]::new);
        return CommandTree.run(writer, writer, args);
    }

    @Test
    void holds_what_was_said_and_frees_it() {
        assertThat(disk(folder, "--bytes", "3KiB", "--for", "1ms")).as("%s", out).isZero();

        assertThat(out.toString()).isEqualTo("{\"held\": 3072, \"full\": false}\n");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void a_disk_that_was_to_be_full_and_was_not_proves_nothing() {
        assertThat(disk(folder, "--bytes", "3KiB", "--for", "1ms", "--full"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
    }

    @Test
    void a_disk_on_which_more_is_to_be_left_than_there_is_is_full() {
        assertThat(disk(folder, "--bytes", "1GiB", "--leave", "999999999GiB", "--for", "1ms"))
                .isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString()).isEqualTo("{\"held\": 0, \"full\": true}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "--bytes 3, --bytes '3' (expected: 1 or more B",
        "--bytes 0B, --bytes '0B' (expected: 1 or more B",
        "--bytes 3GB, such as 512MiB",
        "--bytes 1B --leave -1B, --leave '-1B' (expected: 0 or more",
        "--bytes 1B --for 2h, --for '2h'",
        "--leave 1B, Missing required option: '--bytes=SIZE'"
    })
    void wrong_sizes_and_times_are_refused(String options, String words) {
        Object[] all = (folder + " " + options).split(" ");

        assertThat(disk(all)).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains(words);
    }

    @Test
    void only_a_folder_that_is_there_is_filled() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(disk(file, "--bytes", "1B")).isEqualTo(ExitCode.INVALID.number());
        assertThat(disk(folder.resolve("other"), "--bytes", "1B"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(disk("--bytes", "1B")).isEqualTo(ExitCode.INVALID.number());

        assertThat(out.toString())
                .contains("file' (expected: a folder that is there)")
                .contains("other' (expected: a folder that is there)")
                .contains("Missing required parameter: 'FOLDER'");
    }
}
