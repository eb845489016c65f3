package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are refused with exit code 2 and the place in the file, before the first action, whose
 * target is there and must hear of none of them. Overlapping experiments are in {@link OverlapsIT}.
 */
class RefusedRunsIT {
    @TempDir private Path folder;
    private H1Upstream target;

    @BeforeEach
    void start() {
        target = H1Upstream.start(_ -> H1Answer.ok("{}"));
    }

    @AfterEach
    void stop() {
        target.close();
    }

    private static final String GOOD_END =
            """
            rollbacks: []
            sluice:
              blast_radius: {duration: 1m}
            """;

    /** The first action is good; what follows decides. */
    private String refused(String secondAction, String end) throws IOException {
        Path file = folder.resolve("e.yaml");
        Files.writeString(
                file,
                """
                title: t
                description: d
                method:
                  - type: action
                    name: first
                    provider: {type: http, method: POST, url: "http://127.0.0.1:%d/faults"}
                %s%s\
                """
                        .formatted(target.port(), secondAction.indent(2), end));
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out, true);
        Path journal = folder.resolve("journal.json");
        int exitCode =
                CommandTree.run(
                        writer, writer, "run", file + "", "--journal-path", journal.toString());

        assertThat(exitCode).as("%s", out).isEqualTo(ExitCode.INVALID.number());
        assertThat(journal).doesNotExist();
        assertThat(target.received()).as("requests of the first action").isEmpty();
        return out.toString();
    }

    @Test
    void an_unknown_activity() throws IOException {
        String second =
                """
                - type: action
                  name: second
                  provider: {type: python, module: chaosaws.ec2.actions, func: stop_instance}
                """;

        assertThat(refused(second, GOOD_END)).containsPattern("e\\.yaml:\\d+:\\d+ .*second");
    }

    @Test
    void a_target_that_is_not_there() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        String second =
                """
                - type: action
                  name: second
                  provider: {type: http, method: POST, url: "http://127.0.0.1:%d/proxies"}
                """
                        .formatted(nobody);

        assertThat(refused(second, GOOD_END))
                .containsPattern("e\\.yaml:7:\\d+ .*'second'")
                .contains("no connection to 127.0.0.1:" + nobody, "a target that takes connections")
                .doesNotContain("'first'");
    }

    @Test
    void a_target_that_a_program_of_the_method_may_start_is_not_asked_for() throws IOException {
        String program =
                """
                - type: action
                  name: a program that starts it
                  provider: {type: process, path: "true"}
                - type: action
                  name: third
                  provider: {type: http, method: POST, url: "http://127.0.0.1:1/proxies"}
                """;
        String production = GOOD_END.stripTrailing() + "\n  environment: production\n";

        assertThat(refused(program, production)).doesNotContain("no connection");
    }

    @Test
    void more_than_the_blast_radius() throws IOException {
        String second =
                """
                - type: action
                  name: second
                  pauses: {after: 61}
                  provider: {type: http, method: POST, url: "http://127.0.0.1:%d/faults"}
                """
                        .formatted(target.port());

        assertThat(refused(second, GOOD_END))
                .containsPattern("e\\.yaml:\\d+:\\d+ .*blast_radius")
                .contains("61000 ms", "at most 60000 ms");
    }

    @Test
    void production_without_the_allowance() throws IOException {
        String end = GOOD_END.stripTrailing() + "\n  environment: production\n";

        assertThat(refused("", end))
                .containsPattern("e\\.yaml:\\d+:\\d+ .*environment")
                .contains("--allow-production");
    }

    @Test
    void a_token_that_is_missing() throws IOException {
        String second =
                """
                - type: action
                  name: second
                  provider:
                    type: http
                    method: POST
                    url: "http://127.0.0.1:%d/faults"
                    headers: {Authorization: "Bearer ${token}"}
                """
                        .formatted(target.port());

        String end =
                GOOD_END
                        + """
                        secrets:
                          sidecar: {token: {type: env, key: SLUICE_TOKEN_THAT_NOBODY_SETS}}
                        """;

        assertThat(refused(second, end))
                .containsPattern("e\\.yaml:\\d+:\\d+ .*token")
                .contains("SLUICE_TOKEN_THAT_NOBODY_SETS");
    }
}
