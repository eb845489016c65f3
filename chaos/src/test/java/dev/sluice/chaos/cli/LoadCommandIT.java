package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.LedgerFile;
import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Salt;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command against a small service behind a gate of 25 %, whole and broken in single ways. */
class LoadCommandIT {
    private static final int SHARE = 250_000;

    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();
    private final Map<String, String> values = new ConcurrentHashMap<>();

    private int load(Function<H1Request, H1Answer> service, String... more) {
        try (H1Upstream upstream = H1Upstream.start(service)) {
            List<String> args = new ArrayList<>();
            args.add("load");
            args.add("http://127.0.0.1:" + upstream.port() + "/users/{key}");
            args.addAll(List.of("--rate", "500", "--duration", "400ms", "--keys", "40"));
            args.addAll(List.of("--seed", "7", "--timeout", "30s", "--header", "x-user={key}"));
            args.addAll(List.of("--skip", "RATE"));
            args.addAll(List.of(more));
            PrintWriter writer = new PrintWriter(out, true);
            return CommandTree.run(writer, writer, args.toArray(String[]::new));
        }
    }

    private H1Answer whole(H1Request request) {
        return answer(request, request.body().text(), decision(request));
    }

    private static String decision(H1Request request) {
        String key = request.headers().first("x-user").orElseThrow();
        boolean moved =
                Buckets.bucket(new Salt("s"), key.getBytes(StandardCharsets.US_ASCII)) < SHARE;
        return "gate=\"orders\", arm=%s, mode=%s, reason=SHARE, share=%d"
                .formatted(moved ? "NEW" : "LEGACY", moved ? "COMPLETE" : "OFF", SHARE);
    }

    private H1Answer answer(H1Request request, String written, String decision) {
        if (request.method().equals("PUT")) {
            values.put(request.target(), written);
        }
        String shown = "{\"name\":\"" + values.getOrDefault(request.target(), "") + "\"}";
        return H1Answer.of(
                200,
                Headers.of(
                        "x-request-id",
                        request.headers().first("x-request-id").orElseThrow(),
                        "x-sluice-decision",
                        decision),
                Body.of(shown));
    }

    @Test
    void a_whole_service_passes_every_check() throws Exception {
        Path ledger = folder.resolve("ledger");
        int exit =
                load(
                        this::whole,
                        "--writes",
                        "30",
                        "--body-end",
                        "\"}",
                        "--ledger",
                        ledger.toString());
        assertThat(exit).as("%s", out).isZero();
        assertThat(out.toString())
                .contains("200 requests, seed 7")
                .contains("held     IDS")
                .contains("held     WRITES")
                .contains("  NEW ")
                .contains("  LEGACY ");
        assertThat(LedgerFile.read(ledger).entries())
                .hasSize(200)
                .allSatisfy(entry -> assertThat(entry.answer()).isInstanceOf(Answer.Complete.class))
                .allSatisfy(entry -> assertThat(entry.latency()).isPositive());
    }

    private void breaks(String check, int exit) {
        assertThat(exit).as("%s", out).isEqualTo(ExitCode.DEVIATED.number());
        assertThat(out.toString()).contains("BROKEN   " + check);
        assertThat(out.toString().split("BROKEN", -1)).as("%s", out).hasSize(2);
    }

    @Test
    void a_service_that_forgets_writes_breaks_writes() {
        breaks("WRITES", load(request -> answer(request, "", decision(request)), "--writes", "30"));
    }

    @Test
    void a_gate_that_flaps_breaks_the_arm() {
        var turns = new java.util.concurrent.atomic.AtomicInteger();
        breaks(
                "ARM",
                load(request -> {
                    String arm = turns.incrementAndGet() % 40 == 0 ? "NEW" : "LEGACY";
                    return answer(
                            request,
                            "",
                            "gate=\"orders\", arm=%s, mode=OFF, reason=SHARE, share=50000"
                                    .formatted(arm));
                }));
    }

    @Test
    void a_gate_with_another_share_breaks_the_share() {
        breaks(
                "SHARE",
                load(request ->
                        answer(
                                request,
                                "",
                                "gate=\"orders\", arm=LEGACY, mode=OFF, reason=SHARE,"
                                        + " share=500000")));
    }

    @Test
    void a_body_with_another_hash_breaks_the_bodies() {
        String ofNothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        breaks(
                "BODIES",
                load(request ->
                        H1Answer.of(
                                200,
                                Headers.of(
                                        "x-sluice-decision",
                                        decision(request),
                                        "content-digest",
                                        "sha-256=:" + ofNothing + ":"),
                                Body.of("half"))));
    }

    @Test
    void a_body_that_does_not_end_breaks_the_bodies() {
        breaks("BODIES", load(this::whole, "--body-end", "end"));
    }

    @Test
    void an_answer_of_another_request_breaks_the_ids() {
        breaks(
                "IDS",
                load(request ->
                        H1Answer.of(
                                200,
                                Headers.of(
                                        "x-request-id",
                                        "other",
                                        "x-sluice-decision",
                                        decision(request)),
                                Body.of("x"))));
    }

    @Test
    void an_answer_that_breaks_off_is_an_error_and_never_complete() throws Exception {
        Path ledger = folder.resolve("ledger");
        int exit =
                load(_ -> H1Answer.partial(100, "half").thenClose(), "--ledger", ledger.toString());
        breaks("ERRORS", exit);
        assertThat(LedgerFile.read(ledger).entries())
                .hasSize(200)
                .allSatisfy(entry -> assertThat(entry.answer()).isInstanceOf(Answer.Cut.class));
    }

    @Test
    void no_request_is_sent_twice_when_its_connection_ends_before_the_answer() throws Exception {
        Path ledger = folder.resolve("ledger");
        Map<String, Integer> seen = new ConcurrentHashMap<>();
        Function<H1Request, H1Answer> service =
                request -> {
                    String id = request.headers().first("x-request-id").orElseThrow();
                    seen.merge(id, 1, Integer::sum);
                    return id.endsWith("0") ? H1Answer.close() : whole(request);
                };
        try (H1Upstream upstream = H1Upstream.start(service)) {
            Process load =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Main.class.getName(),
                                    "load",
                                    "http://127.0.0.1:" + upstream.port() + "/",
                                    "--duration",
                                    "1s",
                                    "--header",
                                    "x-user={key}",
                                    "--ledger",
                                    ledger.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("log").toFile())
                            .start();
            assertThat(load.waitFor(3 * Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(load.exitValue()).isEqualTo(ExitCode.DEVIATED.number());
        }
        assertThat(seen.values()).hasSize(100).containsOnly(1);
        assertThat(LedgerFile.read(ledger).entries())
                .hasSize(100)
                .filteredOn(entry -> !entry.answer().good())
                .hasSize(10);
    }

    @Test
    void a_service_without_decisions_is_inconclusive_unless_none_are_wanted() {
        Function<H1Request, H1Answer> plain = _ -> H1Answer.ok("x");
        assertThat(load(plain)).isEqualTo(ExitCode.INCONCLUSIVE.number());
        assertThat(out.toString()).contains("NOT SEEN ARM").contains("NOT SEEN SHARE");
        assertThat(load(plain, "--skip", "arm", "--skip", "share")).isZero();
    }

    @Test
    void another_machine_gets_nothing() {
        PrintWriter writer = new PrintWriter(out, true);
        assertThat(CommandTree.run(writer, writer, "load", "http://192.0.2.1/"))
                .isEqualTo(ExitCode.INVALID.number());
        assertThat(out.toString()).contains("--allow-target 192.0.2.1:80");
    }
}
