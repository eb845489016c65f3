package dev.sluice.chaos.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.chaos.experiment.Experiment;
import dev.sluice.chaos.telemetry.ActiveFaults;
import dev.sluice.chaos.telemetry.MetricsPage;
import dev.sluice.chaos.telemetry.OtlpTarget;
import dev.sluice.chaos.telemetry.RunSpans;
import dev.sluice.chaos.telemetry.SpanPush;
import dev.sluice.chaos.telemetry.TraceParent;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How others learn of the faults of a run: metrics while it runs, spans afterwards. */
final class TelemetryOptions {
    private final Map<String, String> environment = System.getenv();

    @Option(
            names = "--metrics-address",
            paramLabel = "HOST:PORT",
            description = {
                "Show chaos_fault_active at http://HOST:PORT/metrics while the run lasts;",
                "port 0 is any free one. Default: nowhere"
            })
    private Optional<String> metrics = Optional.empty();

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            description = {
                "Send spans of the run to this collector, by OTLP over HTTP, such as",
                "http://127.0.0.1:4318. Default: what OTEL_EXPORTER_OTLP_* say, else nowhere"
            })
    private Optional<String> endpoint = Optional.empty();

    /** What is wrong with the options. */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        if (metrics.isPresent() && ToxiproxyCommand.address(metrics.get()).isEmpty()) {
            problems.add(
                    new Problem(
                            "--metrics-address",
                            Problem.quote(metrics.get()),
                            "HOST:PORT of this machine, port 0 to 65535",
                            "correct it"));
        }
        if (endpoint.isPresent()) {
            problems.addAll(OtlpTarget.of(endpoint, environment).problems());
        }
        return problems;
    }

    /** Something that is shown until it is closed. */
    interface Page extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Shows the metrics, when they are asked for.
     *
     * @throws IOException when the address is not to be had
     */
    Page page(Experiment experiment, ActiveFaults faults, CommandLine command) throws IOException {
        if (metrics.isEmpty()) {
            return () -> {};
        }
        InetSocketAddress address = ToxiproxyCommand.address(metrics.get()).orElseThrow();
        try {
            MetricsPage page = MetricsPage.start(address, experiment.title(), faults);
            command.getOut()
                    .printf(
                            "metrics: http://%s:%d/metrics%n",
                            address.getHostString(), page.address().getPort());
            command.getOut().flush();
            return page::close;
        } catch (IOException taken) {
            throw new IOException(
                    "--metrics-address " + metrics.get() + ": " + taken.getMessage(), taken);
        }
    }

    /** Sends the spans, when they are asked for; says why when they do not arrive. */
    void send(JsonNode journal, CommandLine command) {
        switch (OtlpTarget.of(endpoint, environment)) {
            case Parsed.Refused<Optional<OtlpTarget>>(List<Problem> problems) ->
                    problems.forEach(problem ->
                            command.getErr()
                                    .println("notice: no spans are sent: " + problem.message()));
            case Parsed.Ok<Optional<OtlpTarget>>(Optional<OtlpTarget> target) ->
                    target.ifPresent(to -> send(journal, to, command));
        }
    }

    private void send(JsonNode journal, OtlpTarget to, CommandLine command) {
        SecureRandom random = new SecureRandom();
        TraceParent parent =
                Optional.ofNullable(environment.get("TRACEPARENT"))
                        .flatMap(TraceParent::parse)
                        .orElseGet(() -> TraceParent.none(random));
        Optional<String> refusal =
                new SpanPush(to, new RealWaits())
                        .send(RunSpans.of(journal, parent, to.resource(), random));
        if (refusal.isPresent()) {
            command.getErr().println("notice: " + to.traces() + " took no spans: " + refusal.get());
        } else {
            command.getOut().println("trace: " + parent.id());
        }
    }
}
