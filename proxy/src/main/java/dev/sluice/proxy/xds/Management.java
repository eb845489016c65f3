package dev.sluice.proxy.xds;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import io.grpc.Channel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A proxy's life under a management server: it starts from the last good state if there is a fresh one, follows the
 * server, remembers, reports, and says goodbye. Thread-safe.
 */
public final class Management implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Management.class);
    private static final long GOODBYE_MILLIS = 500;
    private static final int BOOT_BYTES = 16;

    private final ConfigurationThread thread;
    private final Surroundings around;
    private final Optional<StateFile> file;
    private final ManagementClient client;
    private final EvidenceClient evidence;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile List<String> waiting = List.of("no word from the management server yet");

    /**
     * What the proxy is, as far as it is managed.
     *
     * @param thread owns the configuration
     * @param table gates in force
     * @param swap puts a snapshot in force; its answer names listeners that could not be bound
     * @param evidence what was seen
     */
    public record Surroundings(
            ConfigurationThread thread,
            GateTable table,
            Function<ProxySnapshot, CompletableFuture<List<Problem>>> swap,
            EvidenceSource evidence,
            Clock clock,
            RandomGenerator random) {}

    private Management(BootstrapSpec bootstrap, Surroundings around, Optional<StateFile> file) {
        this.thread = around.thread();
        this.around = around;
        this.file = file;
        byte[] boot = new byte[BOOT_BYTES];
        around.random().nextBytes(boot);
        this.evidence = new EvidenceClient(
                bootstrap.node().id(),
                HexFormat.of().formatHex(boot),
                around.evidence(),
                around.table(),
                thread,
                around.clock());
        this.client = new ManagementClient(
                bootstrap,
                new ManagementChannels(bootstrap),
                thread,
                around.table(),
                new Serving(),
                around.clock(),
                around.random());
    }

    /**
     * Starts to follow the management server of a bootstrap.
     *
     * @param state folder of the last good state; empty: nothing is remembered
     * @throws IOException when the folder can't be made
     */
    public static Management start(BootstrapSpec bootstrap, Optional<Path> state, Surroundings around)
            throws IOException {
        Optional<StateFile> file = Optional.empty();
        if (state.isPresent()) {
            file = Optional.of(new StateFile(state.get(), bootstrap.node().id()));
        }
        Management management = new Management(bootstrap, around, file);
        management.thread.execute(management::begin);
        return management;
    }

    private void begin() {
        LastGood remembered = file.map(this::read).orElse(LastGood.NONE);
        if (!remembered.isEmpty() && !client.isFresh(remembered, around.clock().instant())) {
            LOG.warn("the last good state of {} is older than a gate's max_stale: legacy may be gone, so the management"
                    + " server is waited for", remembered.saved());
            remembered = LastGood.NONE;
        }
        client.start(remembered);
    }

    private LastGood read(StateFile from) {
        try {
            return from.read().orElse(LastGood.NONE);
        } catch (IOException e) {
            LOG.error("last good state left aside: {}", e.getMessage());
            return LastGood.NONE;
        }
    }

    /** Completes when a whole configuration, remembered or new, is in force for the first time. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Why it is not ready, as sentences. */
    public List<String> waiting() {
        return ready.isDone() ? List.of() : waiting;
    }

    /** Says goodbye and ends. What is served goes on being served. */
    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        thread.execute(() -> {
            evidence.close();
            thread.after(Duration.ofMillis(GOODBYE_MILLIS / 2), () -> {
                client.close();
                closed.complete(null);
            });
        });
        closed.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    /** Puts what the client assembles in force, and on the disk. */
    private final class Serving implements ManagementClient.Serving {
        private boolean swapping;

        @Override
        public void serve(ProxySnapshot snapshot) {
            swapping = true;
            var unused = around.swap().apply(snapshot).whenComplete((problems, bug) -> thread.execute(() -> {
                swapping = false;
                if (bug != null) {
                    LOG.error("snapshot {} was not put in force", snapshot.version(), bug);
                } else if (!problems.isEmpty()) {
                    LOG.error("snapshot {}: {}", snapshot.version(), problems);
                }
                evidence.gateChanged();
                judgeReadiness();
            }));
        }

        @Override
        public void settled(LastGood state) {
            evidence.gateChanged();
            file.ifPresent(found -> {
                try {
                    found.write(state);
                } catch (IOException e) {
                    LOG.error("last good state not written: {}", e.getMessage());
                }
            });
            judgeReadiness();
        }

        @Override
        public void connected(Channel channel) {
            evidence.connected(channel);
        }

        private void judgeReadiness() {
            waiting = client.waiting();
            if (!swapping && waiting.isEmpty()) {
                ready.complete(null);
            }
        }
    }
}
