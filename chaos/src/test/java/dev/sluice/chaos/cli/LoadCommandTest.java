package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Check;
import dev.sluice.chaos.load.Finding;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadCommandTest {
    private static Finding finding(Check check, boolean held) {
        return new Finding(check, "claim", 10, held ? 0 : 5, List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, PASSED",
        "true, false, INCONCLUSIVE",
        "false, true, DEVIATED",
        "false, false, DEVIATED"
    })
    void a_rate_that_was_not_kept_says_nothing_about_the_target(
            boolean errors, boolean rate, ExitCode exit) {
        assertThat(
                        LoadCommand.verdict(
                                List.of(finding(Check.ERRORS, errors), finding(Check.RATE, rate))))
                .isEqualTo(exit);
    }

    @Test
    void all_that_is_wrong_is_told_with_its_place_and_remedy() {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        int exit =
                CommandTree.run(
                        out,
                        out,
                        "load",
                        "http://127.0.0.1:1/",
                        "--rate",
                        "100001",
                        "--duration",
                        "1s",
                        "--header",
                        "x y=1",
                        "--header",
                        "Content-Length=1",
                        "--id-header",
                        "");

        assertThat(exit).isEqualTo(ExitCode.INVALID.number());
        assertThat(said.toString().lines())
                .hasSize(4)
                .anyMatch(line -> line.contains("rate") && line.contains("1..100000"))
                .anyMatch(line -> line.contains("headers") && line.contains("x y"))
                .anyMatch(line -> line.contains("Content-Length") && line.contains("leave it out"))
                .anyMatch(line -> line.contains("id_header"));
    }
}
