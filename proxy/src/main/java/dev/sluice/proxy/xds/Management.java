package dev.sluice.proxy.xds;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.process.StateDisk;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.grpc.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's life under a management server: it starts from the last good state if there is a fresh
 * one, follows the server, remembers, reports, and says goodbye. Thread-safe: all work is done on
 * the configuration thread.
 */
public final class Management implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Management.class.getName());
    private static final long GOODBYE_MILLIS = 1_000;

    private final ConfigurationThread thread;
    private final Surroundings around;
    private final Optional<StateFile> file;
    private final ManagementClient client;
    private final EvidenceClient evidence;
    private final Serving serving = new Serving();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile List<String> waiting =
            List.of("the last good state and the management server were not asked yet");
    private volatile List<String> inert = List.of();
    private volatile SentConfiguration sent = SentConfiguration.NONE;

    /**
     * What the proxy is, as far as it is managed.
     *
     * @param thread owns the configuration
     * @param table gates in force
     * @param trips of these gates
     * @param runtime puts the layers of runtime values in force, by name
     * @param swap puts a snapshot in force; its answer names listeners that could not be bound
     * @param bootId of this run of the process, 16 bytes in hex
     * @param evidence what was seen
     * @param clock wall clock
     * @param disk of the last good state
     * @param random of back-off
     */
    public record Surroundings(
            ConfigurationThread thread,
            GateTable table,
            TripWatch trips,
            Consumer<Map<String, Map<String, RuntimeValue>>> runtime,
            Function<ProxySnapshot, CompletableFuture<List<Problem>>> swap,
            String bootId,
            EvidenceSource evidence,
            Clock clock,
            StateDisk disk,
            RandomGenerator random) {}

    private Management(
            BootstrapSpec bootstrap,
            Transport transport,
            Surroundings around,
            Optional<StateFile> file) {
        this.thread = around.thread();
        this.around = around;
        this.file = file;
        this.evidence =
                new EvidenceClient(
                        new EvidenceClient.Reporter(
                                bootstrap.node().id(), around.bootId(), around.evidence()),
                        around.table(),
                        around.trips(),
                        thread,
                        around.clock());
        around.table().onApplied(this::latched);
        this.client =
                new ManagementClient(
                        bootstrap,
                        transport,
                        thread,
                        new GateBook(
                                around.table(), around.trips(), around.thread(), around.clock()),
                        serving,
                        around.clock(),
                        around.random());
    }

    /**
     * Starts to follow the management server of a bootstrap.
     *
     * @param bootstrap with a management server
     * @param state folder of the last good state; empty: nothing is remembered
     * @throws IOException when the folder can't be made
     */
    public static Management start(
            BootstrapSpec bootstrap, Optional<Path> state, Surroundings around) throws IOException {
        return start(bootstrap, state, new ManagementChannels(bootstrap), around);
    }

    /**
     * As {@link #start(BootstrapSpec, Optional, Surroundings)}, over a transport of the caller's.
     *
     * @param transport in the place of connections to the addresses of the bootstrap
     */
    public static Management start(
            BootstrapSpec bootstrap, Optional<Path> state, Transport transport, Surroundings around)
            throws IOException {
        Optional<StateFile> file = Optional.empty();
        if (state.isPresent()) {
            file = Optional.of(new StateFile(state.get(), bootstrap.node().id()));
        }
        Management management = new Management(bootstrap, transport, around, file);
        management.thread.execute(management::begin);
        return management;
    }

    private void begin() {
        LastGood remembered = file.map(this::read).orElse(LastGood.NONE);
        if (!GateBook.isFresh(remembered, around.clock().instant())) {
            LOG.log(
                    Level.WARNING,
                    "last good state, confirmed "
                            + remembered.heard()
                            + ", is older than a gate's max_stale: legacy may be gone, so the"
                            + " management server is waited for");
            remembered = remembered.latchesOnly();
        }
        client.start(remembered);
    }

    private LastGood read(StateFile from) {
        try {
            return from.read().orElse(LastGood.NONE);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "last good state left aside: " + e.getMessage());
            return LastGood.NONE;
        }
    }

    /** Completes when a whole configuration, remembered or new, is in force for the first time. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Why it is not ready, as sentences; empty once it is. */
    public List<String> waiting() {
        return ready.isDone() ? List.of() : waiting;
    }

    /** What the management server's resources say without effect, as paths. */
    public List<String> inert() {
        return inert;
    }

    /** What the management server sent and what became of it. */
    public SentConfiguration sent() {
        return sent;
    }

    /** A gate was tripped, killed or applied here: it is reported and remembered. */
    public void latched() {
        thread.execute(serving::changed);
    }

    /** Says goodbye and ends. What is served goes on being served. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread.execute(() ->
                evidence.close(() -> {
                    client.close();
                    closed.complete(null);
                }));
        closed.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
        thread.execute(client::close);
    }

    /** Puts what the client assembles in force, and on the disk. On the configuration thread. */
    private final class Serving implements ConfigurationSink {
        private int swapping;
        private List<Problem> unbound = List.of();
        private LastGood written = LastGood.NONE;

        @Override
        public void serve(ProxySnapshot snapshot) {
            swapping++;
            var unused =
                    around.swap()
                            .apply(snapshot)
                            .whenComplete((problems, bug) ->
                                    thread.execute(() -> swapped(snapshot, problems, bug)));
        }

        private void swapped(
                ProxySnapshot snapshot, List<Problem> problems, @Nullable Throwable bug) {
            swapping--;
            if (bug != null) {
                LOG.log(
                        Level.ERROR,
                        "snapshot " + snapshot.version() + " was not put in force",
                        bug);
                return;
            }
            unbound = problems;
            unbound.forEach(problem -> LOG.log(Level.ERROR, problem.message()));
            client.inForce(snapshot);
            changed();
        }

        @Override
        public void runtime(Map<String, Map<String, RuntimeValue>> layers) {
            around.runtime().accept(layers);
        }

        @Override
        public void changed() {
            evidence.changed();
            inert = client.inert();
            sent = client.sent();
            client.state().ifPresent(this::remember);
            List<String> reasons = new ArrayList<>(client.waiting());
            unbound.forEach(problem -> reasons.add(problem.message()));
            waiting = List.copyOf(reasons);
            if (swapping == 0 && reasons.isEmpty()) {
                ready.complete(null);
            }
        }

        private void remember(LastGood state) {
            boolean isOld = !state.heard().isBefore(written.heard().plus(ManagementClient.CONFIRM));
            if (file.isEmpty() || (!isOld && state.sameContent(written))) {
                return;
            }
            try {
                around.disk().askForRoom();
                file.get().write(state);
                written = state;
            } catch (IOException e) {
                LOG.log(Level.ERROR, "last good state not written: " + e);
            }
        }

        @Override
        public void connected(Channel channel) {
            evidence.connected(channel);
        }

        @Override
        public void disconnected() {
            evidence.disconnected();
        }
    }
}
