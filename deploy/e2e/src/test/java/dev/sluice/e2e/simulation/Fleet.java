package dev.sluice.e2e.simulation;

import dev.sluice.demo.stage.Bootstrap;
import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.e2e.simulation.invariant.History.NodeIs.State;
import dev.sluice.proxy.gate.Trip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/** The processes of a run: those that live now, and how each is reached. Used by one thread. */
final class Fleet {
    /** How long a control plane lives on that another has taken the place of. */
    static final Duration UNAWARE = Duration.ofMinutes(1);

    private final Map<String, Link> links = new HashMap<>();
    private final Map<String, SimulatedSidecar> alive = new HashMap<>();
    private final List<String> nodes = new ArrayList<>();
    private final Path folder;
    private final SimulatedLog log;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final History history;
    private final Sometimes sometimes;
    private final Wiring wiring;
    private final List<SimulatedControl> replaced = new ArrayList<>();
    private Optional<SimulatedControl> control = Optional.empty();
    private int boots;

    Fleet(
            Path folder,
            SimulatedLog log,
            VirtualTime time,
            SplittableRandom random,
            History history,
            Sometimes sometimes,
            Wiring wiring) {
        this.wiring = wiring;
        this.folder = folder;
        this.log = log;
        this.time = time;
        this.random = random;
        this.history = history;
        this.sometimes = sometimes;
    }

    void add(String node, Link.Weather weather) {
        nodes.add(node);
        links.put(
                node,
                new Link(
                        time,
                        random.split(),
                        weather,
                        listens -> note(node, listens ? State.LISTENING : State.DEAF)));
    }

    List<String> nodes() {
        return nodes;
    }

    Link link(String node) {
        return Objects.requireNonNull(links.get(node), node);
    }

    Optional<SimulatedControl> control() {
        return control;
    }

    Optional<SimulatedSidecar> sidecar(String node) {
        return Optional.ofNullable(alive.get(node));
    }

    void note(String node, State state) {
        history.add(new History.NodeIs(time.nanos(), node, state));
    }

    /** Starts it, unless it lives. */
    void startControl() {
        if (control.isEmpty()) {
            control = Optional.of(SimulatedControl.start(time, log));
            history.add(new History.ControlIs(time.nanos(), /* alive= */ true));
        }
    }

    void killControl() {
        control.ifPresent(living -> {
            sometimes.met(Sometimes.Event.CONTROL_DIED);
            living.die();
            lose();
        });
    }

    /**
     * It lives on for {@link #UNAWARE}, but hears nothing and is heard by nobody; another one will
     * take its place.
     */
    Optional<SimulatedControl> isolateControl() {
        Optional<SimulatedControl> isolated = control;
        isolated.ifPresent(living -> {
            sometimes.met(Sometimes.Event.CONTROL_ISOLATED);
            replaced.add(living);
            time.after(UNAWARE, () -> end(living));
            lose();
        });
        return isolated;
    }

    private void lose() {
        history.add(new History.ControlIs(time.nanos(), /* alive= */ false));
        control = Optional.empty();
        nodes.forEach(node -> link(node).breakAll());
    }

    private void end(SimulatedControl old) {
        old.die();
        replaced.remove(old);
    }

    /** Ends control planes that others took the place of. */
    void endReplaced() {
        List.copyOf(replaced).forEach(this::end);
    }

    void heal(String node) {
        if (link(node).isCut()) {
            link(node).heal();
            note(node, State.HEALED);
        }
    }

    /** Starts it, unless it lives. */
    void startNode(String node, boolean keepsState) {
        if (alive.containsKey(node)) {
            return;
        }
        Path state = folder.resolve(node);
        if (!keepsState) {
            forget(state);
        }
        boolean isRestart = boots >= nodes.size();
        if (isRestart) {
            sometimes.met(
                    keepsState
                            ? Sometimes.Event.RESTART_WITH_STATE
                            : Sometimes.Event.RESTART_WITHOUT_STATE);
        }
        note(node, keepsState ? State.STARTED_WITH_STATE : State.STARTED_WITHOUT_STATE);
        alive.put(
                node,
                SimulatedSidecar.start(
                        new SimulatedSidecar.Setting(
                                node,
                                nodes.indexOf(node) % 2 == 0
                                        ? Bootstrap.Protocol.DELTA_GRPC
                                        : Bootstrap.Protocol.GRPC,
                                "%032x".formatted(++boots),
                                Optional.of(state),
                                tap -> new SimulatedChannel(link(node), this::find, sometimes, tap),
                                trip -> tripped(node, trip),
                                wiring),
                        time,
                        random));
    }

    private Optional<SimulatedCall.Served> find(String fullMethodName) {
        return control.flatMap(living -> living.find(fullMethodName));
    }

    private void tripped(String node, Trip trip) {
        if (trip.moved()) {
            sometimes.met(Sometimes.Event.TRIP);
            history.add(
                    new History.Tripped(
                            time.nanos(), node, trip.gate(), trip.operation(), trip.id()));
        }
    }

    void killNode(String node) {
        SimulatedSidecar living = alive.remove(node);
        if (living != null) {
            note(node, State.DEAD);
            living.die();
            link(node).breakAll();
        }
    }

    private static void forget(Path state) {
        try {
            if (Files.isDirectory(state)) {
                try (var files = Files.list(state)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
