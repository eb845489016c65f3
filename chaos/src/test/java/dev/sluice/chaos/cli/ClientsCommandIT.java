package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the command ends. */
class ClientsCommandIT {
    private final StringWriter out = new StringWriter();

    private int run(String kind, String target, String... more) {
        List<String> args = new ArrayList<>(List.of("clients", kind, target, "--connections", "2"));
        args.addAll(List.of(more));
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args.toArray(String[]::new));
    }

    @Test
    void clients_that_live_too_long_are_a_deviation_and_else_it_passes() {
        try (TcpUpstream server = TcpUpstream.start(TcpConnection::readToEnd)) {
            String target = "http://127.0.0.1:" + server.port();

            int waits = run("headers", target, "--for", "2s", "--ended-within", "10ms");
            int alike = run("headers", target, "--for", "2s", "--ended-within", "1h");

            assertThat(waits).as("%s", out).isEqualTo(ExitCode.DEVIATED.number());
            assertThat(alike).as("%s", out).isZero();
            assertThat(out.toString()).contains("\"most_open\": 2, \"ended\": 0");
        }
    }

    @Test
    void a_server_that_nobody_can_connect_to_proves_nothing() {
        String target = "http://127.0.0.1:" + TcpUpstream.refusedPort();

        int code = run("headers", target, "--for", "200ms");

        assertThat(code).as("%s", out).isEqualTo(ExitCode.INCONCLUSIVE.number());
    }

    @Test
    void says_all_that_is_wrong() {
        assertThat(run("headers", "https://example.com/", "--every", "1ms", "--piece", "0"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString())
                .contains("a URL of http", "every", "10 ms..1 min", "piece", "1..65536");
        assertThat(run("headers", "http://example.com/")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("--allow-target example.com:80");
        assertThat(run("writers", "http://127.0.0.1/")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("kind 'writers' (expected: headers or readers)");
    }
}
