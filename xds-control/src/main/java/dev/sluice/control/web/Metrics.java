package dev.sluice.control.web;

import dev.sluice.contract.GateName;
import dev.sluice.contract.SinkName;
import dev.sluice.control.checkpoint.CheckpointState;
import dev.sluice.control.notify.SinkState;
import dev.sluice.control.orchestrate.SelfChecks;
import dev.sluice.control.web.Status.ArmRow;
import dev.sluice.control.web.Status.GateRow;
import dev.sluice.control.web.Status.RingRow;
import dev.sluice.control.web.Status.VersionRow;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Map;

/**
 * The status in Prometheus' text format. Everything is read from one state at each scrape, so that
 * the numbers of one scrape agree. Stateless.
 */
final class Metrics {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final double PPM = 1_000_000;

    private Metrics() {}

    static String of(
            Status status,
            Standing standing,
            Map<SinkName, SinkState> sinks,
            Map<GateName, SelfChecks.State> selfChecks,
            List<CheckpointState> checkpoints) {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        gauge(
                registry,
                "sluice.control.log.sequence",
                "Last event of the log",
                (double) status.seq());
        gauge(
                registry,
                "sluice.control.log.damaged",
                "1 when events before those that the start read were found damaged",
                status.logDamaged() ? 1 : 0);
        standing(registry, standing);
        for (GateRow gate : status.gates()) {
            ofLog(registry, gate);
            if (standing.leads()) {
                ofNodes(registry, gate);
            }
        }
        for (String presence : List.of("CONNECTED", "LOST", "LEFT")) {
            long count =
                    status.nodes().stream()
                            .filter(node -> node.presence().equals(presence))
                            .count();
            gauge(
                    registry,
                    "sluice.control.nodes",
                    "Nodes known",
                    (double) count,
                    "presence",
                    presence);
        }
        status.rings().forEach(ring -> ring(registry, ring));
        status.versions().forEach(version -> version(registry, version));
        if (standing.leads()) {
            sinks.forEach((name, state) -> sink(registry, name.name(), state, status.seq()));
            selfChecks.forEach((name, state) -> selfCheck(registry, name.name(), state));
            checkpoints.forEach(state -> checkpoint(registry, state));
        }
        String text = registry.scrape();
        registry.close();
        return text;
    }

    private static void standing(MeterRegistry registry, Standing standing) {
        gauge(
                registry,
                "sluice.control.leads",
                "1 while this control plane decides",
                standing.leads() ? 1 : 0);
        gauge(
                registry,
                "sluice.control.hears.leader",
                "1 while this control plane leads, or hears the one that does",
                standing.hears() ? 1 : 0);
        standing.behind()
                .ifPresent(events ->
                        gauge(
                                registry,
                                "sluice.control.log.behind",
                                "Events that the leader has told of and this one has not read",
                                (double) events));
        gauge(
                registry,
                "sluice.control.nodes.served",
                "Nodes connected to this control plane",
                standing.served());
    }

    /** What every replica knows of a gate. */
    private static void ofLog(MeterRegistry registry, GateRow gate) {
        String name = gate.name();
        gauge(
                registry,
                "sluice.gate.share.ratio",
                "Share of keys in mode `to`, 0..1",
                gate.sharePpm() / PPM,
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.killed",
                "1 while a kill is in force",
                gate.kill().isEmpty() ? 0 : 1,
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.trips.open",
                "Trips not acknowledged",
                gate.trips().size(),
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.local.kills",
                "Kills given at one sidecar and not acknowledged",
                gate.localKills().size(),
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.writes.moving",
                "1 while writes of two stores are on their way to the other side",
                gate.writes().moving().isEmpty() ? 0 : 1,
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.writes.held.ratio",
                "Part of the keys whose writes wait in the sidecars to change sides, 0..1",
                gate.writes().heldPpm() / PPM,
                "gate",
                name);
    }

    /** What the leader alone is told of a gate. */
    private static void ofNodes(MeterRegistry registry, GateRow gate) {
        String name = gate.name();
        gauge(
                registry,
                "sluice.gate.nodes",
                "Live nodes that hold the gate",
                gate.nodes(),
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.nodes.applied",
                "Live nodes that have its present revision",
                gate.applied(),
                "gate",
                name);
        gauge(
                registry,
                "sluice.gate.writes.under.way",
                "Writes sent before a hold that nodes wait for",
                (double) gate.writes().underWay(),
                "gate",
                name);
        arm(registry, name, "LEGACY", gate.legacy());
        arm(registry, name, "NEW", gate.fresh());
    }

    private static void ring(MeterRegistry registry, RingRow ring) {
        gauge(
                registry,
                "sluice.structure.ring.behind",
                "1 while the ring does not have what is declared",
                ring.behind() ? 1 : 0,
                "ring",
                ring.id());
        gauge(
                registry,
                "sluice.structure.ring.troubles",
                "Nodes that halted structure in the ring, at most 20",
                ring.troubles().size(),
                "ring",
                ring.id());
    }

    private static void version(MeterRegistry registry, VersionRow version) {
        gauge(
                registry,
                "sluice.version.expire.time.seconds",
                "When the version's owner wants it gone, Unix time",
                (double) version.expires().getEpochSecond(),
                "version",
                version.name());
        gauge(
                registry,
                "sluice.version.overdue",
                "Gates and routes that name the version past its end",
                version.users().size(),
                "version",
                version.name());
    }

    private static void sink(MeterRegistry registry, String name, SinkState state, long end) {
        counter(
                registry,
                "sluice.sink.sent.total",
                "Notifications that the sink took",
                state.sent(),
                "sink",
                name);
        counter(
                registry,
                "sluice.sink.failures.total",
                "Attempts that failed",
                state.failures(),
                "sink",
                name);
        gauge(
                registry,
                "sluice.sink.behind",
                "Events of the log that were not looked at for the sink, or are not sent",
                (double) Math.max(0, end - state.through()),
                "sink",
                name);
        gauge(
                registry,
                "sluice.sink.failing",
                "1 while the last attempt failed",
                state.failure().isPresent() ? 1 : 0,
                "sink",
                name);
    }

    private static void checkpoint(MeterRegistry registry, CheckpointState state) {
        gauge(
                registry,
                "sluice.checkpoint.sequence",
                "Last event that a signed checkpoint is kept of since the start",
                (double) state.seq(),
                "place",
                state.kind());
        counter(
                registry,
                "sluice.checkpoint.failures.total",
                "Attempts to keep a checkpoint that failed",
                state.failures(),
                "place",
                state.kind());
        gauge(
                registry,
                "sluice.checkpoint.failing",
                "1 while the last attempt failed",
                state.failure().isPresent() ? 1 : 0,
                "place",
                state.kind());
    }

    private static void selfCheck(MeterRegistry registry, String gate, SelfChecks.State state) {
        counter(
                registry,
                "sluice.judge.self.check.trials.total",
                "Trials of the judge between two parts of LEGACY that could have alarmed",
                state.trials(),
                "gate",
                gate);
        counter(
                registry,
                "sluice.judge.self.check.alarms.total",
                "Of these, those that alarmed; each is a false alarm",
                state.alarms(),
                "gate",
                gate);
    }

    private static void arm(MeterRegistry registry, String gate, String arm, ArmRow row) {
        gauge(
                registry,
                "sluice.gate.arm.requests",
                "Requests under the present revision",
                (double) row.requests(),
                "gate",
                gate,
                "arm",
                arm);
        gauge(
                registry,
                "sluice.gate.arm.errors",
                "Errors under the present revision",
                (double) row.errors(),
                "gate",
                gate,
                "arm",
                arm);
    }

    private static void counter(
            MeterRegistry registry, String name, String help, long count, String... tags) {
        FunctionCounter.builder(name, count, Long::doubleValue)
                .description(help)
                .tags(tags)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry, String name, String help, double value, String... tags) {
        Gauge.builder(name, () -> value).description(help).tags(tags).register(registry);
    }
}
