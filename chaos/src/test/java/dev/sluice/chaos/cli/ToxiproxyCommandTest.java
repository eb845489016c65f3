package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToxiproxyCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return CommandTree.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen nothing|--listen 'nothing' (expected: HOST:PORT",
                "--listen 127.0.0.1:70000|--listen '127.0.0.1:70000'",
                "--listen 127.0.0.1:x|--listen '127.0.0.1:x'",
                "--loops 0|--loops 0 (expected: 1 or more)",
                "--seed x|'x'",
                "--config no/such/file|--config no/such/file: no such file",
                "--other|--other"
            })
    void refuses(String options, String words) {
        String[] args =
                Stream.concat(Stream.of("toxiproxy"), Pattern.compile(" ").splitAsStream(options))
                        .toArray(String[]::new);
        assertThat(run(args)).isEqualTo(2);
        assertThat(err.toString()).contains(words).contains("see: sluice chaos toxiproxy --help");
    }

    @Test
    void lists_its_exit_codes() {
        assertThat(run("--help")).isZero();
        for (ExitCode code : ExitCode.values()) {
            assertThat(out.toString()).contains(code.number() + "");
        }
        assertThat(out.toString()).contains("toxiproxy");
    }

    @Test
    void refuses_to_run_without_a_command() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("no command");
    }
}
