package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against the page of a sidecar that lists fault leases. */
class OverlapsIT {
    private static final String TOKEN = "Bearer let-me-in";

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();

    private static H1Answer page(H1Request request, String leases) {
        if (!request.headers().first("authorization").equals(java.util.Optional.of(TOKEN))) {
            return H1Answer.status(401);
        }
        return switch (request.method()) {
            case "GET" ->
                    H1Answer.of(
                            200,
                            Headers.of("content-type", "application/json"),
                            Body.of("{\"fault_leases\":[" + leases + "]}"));
            default -> H1Answer.ok("{}");
        };
    }

    private static String lease(String name, String gate, String state) {
        return """
        {"name":"faults/%s","gate":"gates/%s","state":"%s","expire_time":"2026-01-01T00:01:00Z"}\
        """
                .formatted(name, gate, state);
    }

    private int run(int port, String... more) throws IOException {
        Path file = folder.resolve("e.json");
        Files.writeString(
                file,
                """
                {"title":"t","description":"d","configuration":{"sluice_seed":"1"},
                 "method":[{"type":"action","name":"fault",
                 "provider":{"type":"http","method":"POST","url":"http://127.0.0.1:%d/faults",
                  "headers":{"Authorization":"${token}","Content-Type":"application/json"},
                  "arguments":{"name":"faults/mine","gate":"gates/orders",
                   "seed":"${sluice_seed}"}}}],
                 "rollbacks":[]}\
                """
                        .formatted(port));
        PrintWriter writer = new PrintWriter(out, true);
        String[] args = {
            "run", file.toString(), "--journal-path", folder.resolve("j.json").toString()
        };
        return CommandTree.run(
                writer,
                writer,
                java.util.stream.Stream.concat(List.of(args).stream(), List.of(more).stream())
                        .toArray(String[]::new));
    }

    private int run(String leases, String... more) throws IOException {
        try (H1Upstream sidecar = H1Upstream.start(request -> page(request, leases))) {
            int exit = run(sidecar.port(), more);
            List<H1Request> taken =
                    sidecar.received().stream()
                            .filter(request -> request.method().equals("POST"))
                            .toList();
            assertThat(taken).hasSize(exit == 0 ? 1 : 0);
            if (exit == 0) {
                assertThat(new JsonMapper().readTree(taken.getFirst().body().text()).path("seed"))
                        .asString()
                        .isEqualTo("\"18446744073709551615\"");
            }
            return exit;
        }
    }

    private int runWithToken(String leases) throws IOException {
        return run(leases, "--var", "token=" + TOKEN, "--seed", "-1");
    }

    @Test
    void a_gate_without_another_experiment_gets_the_fault_with_the_runs_seed() throws IOException {
        assertThat(runWithToken("")).as("%s", out).isZero();
        assertThat(
                        runWithToken(
                                lease("a", "other", "ACTIVE")
                                        + ","
                                        + lease("b", "orders", "ENDED")))
                .as("%s", out)
                .isZero();
    }

    @Test
    void a_gate_with_an_active_lease_is_refused_before_anything_is_injected() throws IOException {
        assertThat(
                        runWithToken(
                                lease("b", "orders", "ENDED")
                                        + ","
                                        + lease("a", "orders", "ACTIVE")))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString())
                .contains("e.json:")
                .contains("faults/a, which is active on gates/orders")
                .contains("2026-01-01T00:01:00Z");
        assertThat(folder.resolve("j.json")).doesNotExist();
    }

    @Test
    void a_wrong_token_is_refused_before_anything_is_injected() throws IOException {
        assertThat(run("", "--var", "token=wrong")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("status 401");
    }

    @Test
    void a_sidecar_that_is_not_there_is_refused() throws IOException {
        int port;
        try (H1Upstream gone = H1Upstream.start(_ -> H1Answer.ok(""))) {
            port = gone.port();
        }
        assertThat(run(port, "--var", "token=x")).isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("e.json:", "no connection to 127.0.0.1:" + port);
    }
}
