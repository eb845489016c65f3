package dev.sluice.e2e.simulation;

import dev.sluice.control.boot.NodeRoll;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.evidence.EvidenceTotals;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.judge.KeyJudge;
import dev.sluice.control.orchestrate.RampRunner;
import dev.sluice.control.orchestrate.WriteRunner;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.xds.NodeLedger;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.control.xds.XdsServer;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One life of the control plane's process: its real parts, wired as {@code ControlPlane} wires
 * them, on lanes in the place of threads. Used by one thread.
 */
final class SimulatedControl {
    private static final Duration TICK = Duration.ofMillis(250);

    private final List<Lane> lanes;
    private final Lane streams;
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    private final ChangePath path;

    private SimulatedControl(VirtualTime time, SimulatedLog log) {
        streams = time.lane();
        Lane publishing = time.lane();
        Lane kills = time.lane();
        Lane writer = time.lane();
        Lane clockwork = time.lane();
        lanes = List.of(streams, publishing, kills, writer, clockwork);
        var evidence = new EvidenceTotals();
        var roll = new NodeRoll(time);
        var ledger = new NodeLedger(time, roll);
        var xds =
                new XdsServer(
                        ledger,
                        evidence,
                        new NodeProof.Believed(),
                        time,
                        new XdsServer.Lanes(streams, publishing, kills));
        path =
                ChangePath.open(
                        log.open(), Governance.embedded(), xds.publisher(), xds::fleet, writer);
        roll.open(path::submit, path::inForce, () -> true);
        var writes = new WriteRunner(path, xds::fleet, time);
        var ramps =
                new RampRunner(
                        path, xds::fleet, evidence, new KeyJudge(), (_, _) -> List.of(), time);
        for (ServerServiceDefinition service : xds.services()) {
            service.getMethods()
                    .forEach(method ->
                            methods.put(method.getMethodDescriptor().getFullMethodName(), method));
        }
        clockwork.every(TICK, writes::tick);
        clockwork.every(TICK, ramps::tick);
        clockwork.every(TICK, path::retryKills);
        clockwork.every(TICK, () -> roll.tick(path.feed().latest(), ledger, evidence));
    }

    /** Starts it on whatever the log holds. */
    static SimulatedControl start(VirtualTime time, SimulatedLog log) {
        return new SimulatedControl(time, log);
    }

    CompletableFuture<Outcome> submit(Command command, CommandContext context) {
        return path.submit(command, context);
    }

    /** The committed state. */
    Catalog catalog() {
        return path.feed().latest();
    }

    Optional<SimulatedCall.Served> find(String fullMethodName) {
        return Optional.ofNullable(methods.get(fullMethodName))
                .map(method -> new SimulatedCall.Served(method, streams));
    }

    /** Ends it between two things that it does, without any goodbye. */
    void die() {
        lanes.forEach(Lane::die);
    }
}
