package dev.sluice.e2e.simulation;

import dev.sluice.e2e.simulation.connection.ClientConnection;
import dev.sluice.e2e.simulation.connection.Door;
import dev.sluice.e2e.simulation.connection.Sockets;
import dev.sluice.e2e.simulation.invariant.History;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Sidecars that go away in good order while users are connected to them: they take no connection
 * any more, finish what they have begun, and end. Used by one thread.
 */
final class Departures {
    private static final int CALLS = 24;
    private static final int CALLING = 80_000_000;
    private static final Duration BEFORE_IT_LEAVES = Duration.ofMillis(40);
    private static final Duration A_LITTLE = Duration.ofMillis(50);

    /** Longer than the drain time of a listener. */
    private static final Duration LONGEST = Duration.ofSeconds(6);

    private final Set<String> leaving = new HashSet<>();
    private final Fleet fleet;
    private final Traffic traffic;
    private final Sockets sockets;
    private final VirtualTime time;
    private final History history;
    private final Sometimes sometimes;
    private final Wiring wiring;
    private int requests;

    Departures(
            Fleet fleet,
            Traffic traffic,
            Sockets sockets,
            VirtualTime time,
            History history,
            Sometimes sometimes,
            Wiring wiring) {
        this.fleet = fleet;
        this.traffic = traffic;
        this.sockets = sockets;
        this.time = time;
        this.history = history;
        this.sometimes = sometimes;
        this.wiring = wiring;
    }

    /**
     * Lets users call a sidecar over connections, and asks it to leave in the midst of it; nothing
     * happens unless it serves.
     *
     * @param random of what users ask
     * @param onGone when its process has ended, for this or another reason
     */
    void begin(String node, SplittableRandom random, Runnable onGone) {
        Optional<SimulatedSidecar> serving =
                fleet.sidecar(node)
                        .filter(SimulatedSidecar::isReady)
                        .filter(_ -> leaving.add(node));
        serving.ifPresent(sidecar -> new Departure(node, sidecar, random, onGone).begin());
    }

    /** One of them. */
    private final class Departure {
        private final Deque<ClientConnection> free = new ArrayDeque<>();
        private final String node;
        private final SimulatedSidecar sidecar;
        private final SplittableRandom random;
        private final Runnable onGone;
        private final Door door;

        Departure(String node, SimulatedSidecar sidecar, SplittableRandom random, Runnable onGone) {
            this.node = node;
            this.sidecar = sidecar;
            this.random = random;
            this.onGone = onGone;
            door =
                    new Door(
                            sockets,
                            stream -> traffic.serve(node, sidecar, stream, random.split()));
        }

        void begin() {
            sidecar.onDeath(door::die);
            for (int i = 0; i < CALLS; i++) {
                time.after(Duration.ofNanos(random.nextInt(CALLING)), this::call);
            }
            time.after(BEFORE_IT_LEAVES, this::leave);
        }

        /** By a connection that is free, else by a new one while there are any. */
        private void call() {
            free.removeIf(ClientConnection::isClosed);
            if (free.isEmpty() && door.isLeaving()) {
                return;
            }
            if (!free.isEmpty()) {
                sometimes.met(Sometimes.Event.CONNECTION_KEPT);
            }
            ClientConnection connection = free.isEmpty() ? door.connect(free::push) : free.pop();
            String id = "r" + ++requests;
            connection.send(Traffic.any(random.split()).wire(id), new Waiting(node, id));
        }

        private void leave() {
            if (door.isAnswering()) {
                sometimes.met(Sometimes.Event.LEFT_WHILE_ANSWERING);
            }
            door.leave(wiring::leave);
            long end = time.nanos() + LONGEST.toNanos();
            time.after(A_LITTLE, () -> awaitGone(end));
        }

        private void awaitGone(long end) {
            if (door.connections() > 0 && time.nanos() < end && !sidecar.isDead()) {
                time.after(A_LITTLE, () -> awaitGone(end));
                return;
            }
            if (!sidecar.isDead()) {
                if (door.connections() > 0) {
                    history.add(new History.Stayed(time.nanos(), node, door.connections()));
                } else {
                    sometimes.met(Sometimes.Event.LEFT_AND_GONE);
                }
                fleet.killNode(node);
            }
            leaving.remove(node);
            onGone.run();
        }
    }

    /** Whose request it is. */
    private final class Waiting implements ClientConnection.Caller {
        private final String node;
        private final String id;

        Waiting(String node, String id) {
            this.node = node;
            this.id = id;
        }

        @Override
        public void answered(String head, String body, boolean isLast) {
            if (!body.equals(id)) {
                lost("had another's answer");
            }
            if (isLast) {
                sometimes.met(Sometimes.Event.TOLD_TO_LEAVE);
            }
        }

        @Override
        public void cutOff() {
            lost("had no answer");
        }

        private void lost(String why) {
            history.add(new History.Unanswered(time.nanos(), node, id, why));
        }
    }
}
