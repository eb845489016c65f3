package dev.sluice.e2e.simulation;

import dev.sluice.contract.GateName;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.proxy.boot.EvidenceMessages;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.LatchIds;
import dev.sluice.proxy.gate.TraceDecisions;
import dev.sluice.proxy.gate.Trip;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.process.StateDisk;
import dev.sluice.proxy.resource.BootstrapReader;
import dev.sluice.proxy.telemetry.CallerBook;
import dev.sluice.proxy.telemetry.EvidenceBook;
import dev.sluice.proxy.xds.Management;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * One life of a sidecar's process: its real gates, trips, evidence and management client, without
 * listeners. Used by one thread.
 */
final class SimulatedSidecar {
    private static final Duration SLOW = Duration.ofSeconds(1);

    private final Lane lane;
    private final GateTable table = new GateTable();
    private final GateStep gates;
    private final TripWatch trips;
    private final EvidenceBook evidence = new EvidenceBook(SLOW);
    private final Management management;
    private final Consumer<Trip> onTrip;
    private final Wiring wiring;
    private final List<Runnable> onDeath = new ArrayList<>();

    /**
     * What a sidecar is started with.
     *
     * @param protocol of its stream of structure
     * @param state folder of its last good state; empty: it remembers nothing
     * @param transport opens a connection to the control plane
     * @param onTrip told of each trip
     */
    record Setting(
            String id,
            Bootstrap.Protocol protocol,
            String bootId,
            Optional<Path> state,
            Function<Tap, ManagedChannel> transport,
            Consumer<Trip> onTrip,
            Wiring wiring) {}

    private SimulatedSidecar(Setting setting, VirtualTime time, RandomGenerator random)
            throws IOException {
        lane = time.lane();
        gates = new GateStep(table, new TraceDecisions(), random::nextLong);
        trips =
                new TripWatch(
                        table,
                        new LatchIds(setting.id(), setting.bootId()),
                        time::instant,
                        this::tripped);
        onTrip = setting.onTrip();
        wiring = setting.wiring();
        String bootstrap =
                new Bootstrap(
                                setting.id(),
                                Bootstrap.Beside.edge("edge"),
                                setting.protocol(),
                                /* adminPort= */ 1,
                                /* xdsPort= */ 2)
                        .yaml();
        management =
                Management.start(
                        BootstrapReader.read(bootstrap, setting.id()).orThrow(),
                        setting.state(),
                        () -> setting.transport().apply(new Tap(wiring, table)),
                        new Management.Surroundings(
                                lane,
                                table,
                                trips,
                                runtime -> {},
                                snapshot -> CompletableFuture.completedFuture(List.of()),
                                setting.bootId(),
                                new EvidenceMessages(evidence, new CallerBook())::counts,
                                time,
                                new StateDisk(),
                                random));
    }

    static SimulatedSidecar start(Setting setting, VirtualTime time, RandomGenerator random) {
        try {
            return new SimulatedSidecar(setting, time, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tripped(Trip trip) {
        onTrip.accept(trip);
        management.latched();
    }

    boolean isReady() {
        return management.ready().isDone();
    }

    /** What the gate of a request decides; empty when it is not in force here. */
    Optional<GateAnswer.Decided> decide(Requests.Request request) {
        return wiring.decide(gates, table, request);
    }

    /** A request is over. */
    void finished(Requests.Request request, GateDecision decision, Requests.Ending ending) {
        var exchange = request.exchange(decision, ending);
        evidence.finished(exchange);
        trips.finished(exchange);
    }

    /** What it holds now, by name. */
    Map<GateName, Gate> held() {
        Map<GateName, Gate> held = new TreeMap<>();
        table.all().forEach(entry -> held.put(entry.held().gate().name(), entry.held().gate()));
        return held;
    }

    /** What else ends with its process. */
    void onDeath(Runnable action) {
        onDeath.add(action);
    }

    boolean isDead() {
        return lane.isShutdown();
    }

    /** Ends it between two things that it does, without any goodbye. */
    void die() {
        lane.die();
        onDeath.forEach(Runnable::run);
    }
}
