package dev.sluice.control.boot;

import dev.sluice.contract.GateName;
import dev.sluice.control.admin.access.Replicas;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.replica.Followers;
import dev.sluice.control.replica.LeaderLink;
import dev.sluice.control.replica.Lease;
import dev.sluice.control.replica.ReplicaServer;
import dev.sluice.control.snapshot.Publisher;
import dev.sluice.control.store.PostgresEventStore;
import dev.sluice.control.web.Standing;
import io.grpc.ManagedChannel;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica in its place: it holds or watches the lease, takes in what the leader appends,
 * and tells the leader what its nodes say. Thread-safe; what touches the store takes place on the
 * writer's thread.
 */
final class Replication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    /** In turns: how often a kill that is not recorded is told again. */
    private static final int TELL_AGAIN = 8;

    private final Lease lease;
    private final Followers followers;
    private final LeaderLink link;
    private final NodeNews nodes;
    private final Executor writer;
    private final Replicas replicas;
    private final AtomicBoolean turning = new AtomicBoolean();
    private @Nullable ChangePath path; // set before anything turns
    private Supplier<byte[]> status = () -> new byte[0]; // set before anything turns
    private Runnable onLeading = () -> {};
    private boolean silent; // of the writer's thread, as the next
    private int turns;
    private volatile boolean leads;
    private final CompletableFuture<Void> leading = new CompletableFuture<>();

    /**
     * @param nodes of this replica and of others
     * @param published where committed state goes
     * @param address where others reach this replica, once it listens
     * @param dialer opens a channel to another
     */
    Replication(
            PostgresEventStore store,
            NodeNews nodes,
            Publisher published,
            Supplier<String> address,
            Function<String, ManagedChannel> dialer,
            InstantSource clock,
            Executor writer) {
        String name = UUID.randomUUID().toString();
        this.nodes = nodes;
        this.writer = writer;
        this.lease = new Lease(store, name, address, () -> path().catchUp(), System::nanoTime);
        this.followers = new Followers(published, clock);
        this.link = new LeaderLink(name, store.secret(), dialer, new Heard());
        var server =
                new ReplicaServer(
                        followers,
                        nodes,
                        (command, context) -> {
                            var unused = path().submit(command, context);
                        },
                        this::leads,
                        this::ownStatus);
        this.replicas = new Replicas(store.secret(), link::channel, List.of(server));
    }

    /** Where committed state goes: to nodes and followers. */
    Publisher publisher() {
        return followers;
    }

    /** For the admin API. */
    Replicas replicas() {
        return replicas;
    }

    /** Whether this replica leads and has everything that was appended before it did. */
    boolean leads() {
        return leads;
    }

    /** Completes when this replica leads for the first time. */
    CompletableFuture<Void> leading() {
        return leading;
    }

    /**
     * Takes the lease, if nobody has it, and goes on by {@link #tick}.
     *
     * @param page what the status page of this replica shows
     * @param leading called whenever this replica begins to lead
     */
    void begin(ChangePath changes, Supplier<byte[]> page, Runnable leading) {
        path = changes;
        status = page;
        onLeading = leading;
        nodes.tellTo(link);
        CompletableFuture.runAsync(this::turn, writer).join();
    }

    /** To be called a few times a second. */
    void tick() {
        if (!turning.getAndSet(true)) {
            writer.execute(this::turn);
        }
    }

    /** Gives the lease up; to be called when no more commands come. */
    @Override
    public void close() {
        leads = false; // nodes that are cut off by this end are not lost
        link.close();
        writer.execute(() -> {
            try {
                lease.release();
            } catch (StoreException silence) {
                LOG.debug("the lease ends by itself", silence);
            }
        });
    }

    private void turn() {
        turning.set(false); // news that come from here on need a turn of their own
        try {
            lease.tick();
            if (!leads) {
                path().catchUp();
            }
            settle();
            if (silent) {
                LOG.info("the log can be read again");
            }
            silent = false;
        } catch (StoreException e) {
            if (!silent) {
                LOG.warn("the log can't be read; what nodes have stays: {}", e.getMessage());
            }
            silent = true;
        }
        link.tick(leads ? Optional.empty() : lease.leader());
        turns++;
        if (!leads && turns % TELL_AGAIN == 0) {
            path().eachLateKill(link::tell);
        }
    }

    private void settle() {
        boolean now = lease.leads();
        if (now && !leads) {
            LOG.info("this replica leads from now on");
            link.tick(Optional.empty());
            leads = true;
            onLeading.run();
            leading.complete(null);
        } else if (!now && leads) {
            LOG.warn("another replica leads from now on");
            leads = false;
        }
    }

    /** What the leader's status page shows; empty when this one leads, or none answers. Blocks. */
    Optional<byte[]> leadersStatus() {
        return link.status();
    }

    /** Where a control plane stands that may be one of several. */
    static Standing standing(Optional<Replication> replication, int served) {
        return replication.map(it -> it.standing(served)).orElseGet(() -> Standing.leading(served));
    }

    /**
     * Where this replica stands.
     *
     * @param served nodes that are connected to it
     */
    Standing standing(int served) {
        if (leads) {
            return Standing.leading(served);
        }
        OptionalLong end = link.endOfLog();
        OptionalLong behind =
                end.isPresent()
                        ? OptionalLong.of(
                                Math.max(0, end.getAsLong() - path().feed().latest().seq()))
                        : OptionalLong.empty();
        return new Standing(false, end.isPresent(), behind, served);
    }

    private byte[] ownStatus() {
        return status.get();
    }

    private ChangePath path() {
        if (path == null) {
            throw new IllegalStateException("not begun (expected: begin before anything else)");
        }
        return path;
    }

    /** What the leader says. */
    private final class Heard implements LeaderLink.News {
        @Override
        public void connected() {
            nodes.tellAll();
        }

        @Override
        public void logGrew() {
            tick();
        }

        @Override
        public void killed(List<GateSpec> kills) {
            path().publishAhead(kills);
        }

        @Override
        public void dropped(Set<GateName> gates) {
            path().drop(gates);
        }
    }
}
