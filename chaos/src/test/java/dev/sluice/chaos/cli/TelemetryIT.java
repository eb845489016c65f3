package dev.sluice.chaos.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.fault.ScriptedSidecar;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.tcp.TcpUpstream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others learn of a run: a page of metrics meanwhile, spans at a collector afterwards. */
class TelemetryIT {
    @TempDir private Path folder;
    private final StringWriter out = new StringWriter();

    /** A target that answers its {@code /break} when the test lets it, and all else at once. */
    private static H1Upstream target(CountDownLatch reached, CountDownLatch goOn) {
        return H1Upstream.start(request -> {
            if (!request.target().equals("/break")) {
                return H1Answer.ok("");
            }
            reached.countDown();
            return H1Answer.ok("").after(goOn);
        });
    }

    private int run(String file, String... more) throws IOException {
        Path experiment = folder.resolve("e.json");
        Files.writeString(experiment, file);
        List<String> args = new ArrayList<>(List.of("run", experiment.toString()));
        args.addAll(List.of("--journal-path", folder.resolve("j.json").toString()));
        args.addAll(List.of(more));
        PrintWriter writer = new PrintWriter(out, true);
        return CommandTree.run(writer, writer, args.toArray(String[]::new));
    }

    private static String action(String name, int port, String path) {
        return """
        {"type":"action","name":"%s","provider":{"type":"http",
         "url":"http://127.0.0.1:%d%s"}}\
        """
                .formatted(name, port, path);
    }

    private static String experiment(int port) {
        return """
        {"title":"t","description":"d","method":[%s],"rollbacks":[%s]}\
        """
                .formatted(action("break it", port, "/break"), action("heal", port, "/heal"));
    }

    private static String page(String address) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(address)).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void metrics_show_a_fault_while_it_is_on() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (H1Upstream target = target(reached, goOn)) {
            CompletableFuture<Integer> run =
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return run(
                                    experiment(target.port()), "--metrics-address", "127.0.0.1:0");
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
            try {
                Patience.await(reached, "the fault");
                String address = out.toString().lines().findFirst().orElseThrow().substring(9);
                assertThat(page(address))
                        .contains("# TYPE chaos_fault_active gauge")
                        .contains(
                                """
                                chaos_fault_active{experiment="t",fault="break it",\
                                gate="",arm=""} 1
                                """);
            } finally {
                goOn.countDown();
            }
            assertThat(Patience.await(run, "the end of the run")).as("%s", out).isZero();
        }
    }

    @Test
    void spans_of_a_fault_behind_a_gate_reach_a_collector() throws IOException {
        try (ScriptedSidecar sidecar = ScriptedSidecar.meeting(9);
                H1Upstream collector = H1Upstream.start(_ -> H1Answer.ok(""))) {
            String file =
                    """
                    {"title":"slow reads","description":"d","method":[],"sluice":{"faults":[
                     {"name":"slow","sidecars":"%s","token":"%s","gate":"gates/orders",
                      "arm":"NEW","fault":{"delay":"250ms"}}]}}\
                    """
                            .formatted(sidecar.url(), ScriptedSidecar.TOKEN);
            int exit = run(file, "--otlp-endpoint", "http://127.0.0.1:" + collector.port());

            assertThat(exit).as("%s", out).isZero();
            H1Request sent = collector.next();
            assertThat(sent.target()).isEqualTo("/v1/traces");
            assertThat(sent.headers().first("content-type")).contains("application/x-protobuf");
            List<Span> spans = spans(sent);
            assertThat(spans)
                    .extracting(Span::getName)
                    .containsExactly("chaos experiment", "chaos fault window", "chaos fault");
            Span run = spans.get(0);
            Span window = spans.get(1);
            Span fault = spans.get(2);
            assertThat(run.getAttributesList().toString()).contains("slow reads", "PASSED");
            assertThat(window.getParentSpanId()).isEqualTo(run.getSpanId());
            assertThat(fault.getParentSpanId()).isEqualTo(window.getSpanId());
            assertThat(fault.getAttributesList().toString())
                    .contains("\"slow\"", "gates/orders", "NEW");
            assertThat(fault.getStartTimeUnixNano())
                    .isBetween(window.getStartTimeUnixNano(), window.getEndTimeUnixNano());
            assertThat(fault.getEndTimeUnixNano())
                    .isBetween(fault.getStartTimeUnixNano(), window.getEndTimeUnixNano());
            assertThat(spans).allMatch(span -> span.getTraceId().equals(run.getTraceId()));
            assertThat(out.toString()).contains("trace: ");
        }
    }

    @Test
    void a_fault_that_was_not_taken_back_is_an_error_in_its_spans() throws IOException {
        CountDownLatch at = new CountDownLatch(0);
        try (H1Upstream target = target(at, at);
                H1Upstream collector = H1Upstream.start(_ -> H1Answer.ok(""))) {
            String file =
                    """
                    {"title":"t","description":"d","method":[%s],"rollbacks":[%s]}\
                    """
                            .formatted(
                                    action("break it", target.port(), "/break"),
                                    action("heal", TcpUpstream.refusedPort(), "/heal"));
            int exit = run(file, "--otlp-endpoint", "http://127.0.0.1:" + collector.port());

            assertThat(exit).isEqualTo(ExitCode.NOT_RESTORED.number());
            assertThat(spans(collector.next()))
                    .filteredOn(span -> span.getStatus().getCode().equals(ERROR))
                    .extracting(Span::getName)
                    .containsExactly(
                            "chaos experiment",
                            "chaos fault",
                            "chaos rollback action",
                            "chaos rollback action",
                            "chaos rollback action");
        }
    }

    private static final Status.StatusCode ERROR = Status.StatusCode.STATUS_CODE_ERROR;

    private static List<Span> spans(H1Request sent) throws IOException {
        return ExportTraceServiceRequest.parseFrom(sent.body().bytes())
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }

    @Test
    void a_collector_that_refuses_changes_no_verdict() throws IOException {
        CountDownLatch at = new CountDownLatch(0);
        try (H1Upstream target = target(at, at);
                H1Upstream collector = H1Upstream.start(_ -> H1Answer.status(400))) {
            int exit =
                    run(
                            experiment(target.port()),
                            "--otlp-endpoint",
                            "http://127.0.0.1:" + collector.port());

            assertThat(exit).isZero();
            assertThat(out.toString()).contains("took no spans: status 400");
        }
    }

    @Test
    void addresses_that_are_none_or_taken_are_refused_before_anything_is_injected()
            throws IOException {
        CountDownLatch at = new CountDownLatch(0);
        try (H1Upstream target = target(at, at)) {
            String file = experiment(target.port());

            int wrong = run(file, "--metrics-address", "nowhere", "--otlp-endpoint", "ftp://c");
            int taken = run(file, "--metrics-address", "127.0.0.1:" + target.port());

            assertThat(wrong).isEqualTo(ExitCode.INVALID.number());
            assertThat(taken).isEqualTo(ExitCode.INVALID.number());
            assertThat(out.toString())
                    .contains("--metrics-address: 'nowhere'")
                    .contains("--otlp-endpoint: 'ftp://c'")
                    .contains("--metrics-address 127.0.0.1:" + target.port() + ": ");
            assertThat(target.received()).isEmpty();
        }
    }
}
