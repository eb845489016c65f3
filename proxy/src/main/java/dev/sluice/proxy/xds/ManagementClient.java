package dev.sluice.proxy.xds;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.BootstrapSpec.Ads;
import dev.sluice.proxy.resource.SentConfiguration;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this proxy's configuration as a management server has it:
 *
 * <pre>
 * connect    to the next address of the management cluster, after a growing wait
 * ask        listeners and clusters whole; routes, endpoints, secrets and runtime layers by name
 * accept     an answer whole, or refuse it with every problem; what was accepted before stays
 * gates      those that routes name, on the stream of gates
 * assemble   what can be served: nothing that waits for something else
 * serve      the snapshot is put in force; the disk gets a copy
 * </pre>
 *
 * Owned by the configuration thread, which makes every call and gets every answer.
 */
final class ManagementClient implements AdsStream.Listener, GateStream.Listener {
    /** While connected, the state on disk is never older than about this. */
    static final Duration CONFIRM = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger(ManagementClient.class.getName());

    private final BootstrapSpec bootstrap;
    private final Ads ads;
    private final Node node;
    private final Transport transport;
    private final ConfigurationThread thread;
    private final GateBook gates;
    private final ConfigurationSink serving;
    private final Clock clock;
    private final Backoff backoff;
    private final ResourceBook book;
    private final Heard heard = new Heard();
    private Assembly assembly = new Assembly(ProxySnapshot.EMPTY, Set.of(), List.of());
    private Map<ResourceKind, List<Received>> settled = Map.of();
    private @Nullable Connection connection;
    private boolean closed;

    ManagementClient(
            BootstrapSpec bootstrap,
            Transport transport,
            ConfigurationThread thread,
            GateBook gates,
            ConfigurationSink serving,
            Clock clock,
            RandomGenerator random) {
        this.bootstrap = bootstrap;
        this.ads = bootstrap.ads().orElseThrow();
        this.node = NodeIdentity.of(bootstrap.node());
        this.transport = transport;
        this.thread = thread;
        this.gates = gates;
        this.serving = serving;
        this.clock = clock;
        this.backoff = new Backoff(random);
        this.book = new ResourceBook(bootstrap, new Lifetimes(thread, this::ended), clock);
    }

    /** Begins, from what the disk remembers if there is something. */
    void start(LastGood remembered) {
        gates.remember(remembered.latches());
        if (!remembered.isEmpty()) {
            restore(remembered);
        }
        assemble();
        connect();
        thread.after(CONFIRM, this::confirm);
    }

    private void restore(LastGood remembered) {
        Duration silence = Duration.between(remembered.heard(), clock.instant());
        List<Problem> problems = new ArrayList<>(gates.take(remembered.gates()));
        for (ResourceKind kind : ResourceKind.values()) {
            List<Received> resources =
                    remembered.resources().getOrDefault(kind, List.of()).stream()
                            .flatMap(one -> one.after(silence).stream())
                            .toList();
            problems.addAll(book.delta(kind, resources, List.of()));
        }
        if (problems.isEmpty()) {
            heard.fromDisk(remembered.heard());
        } else {
            LOG.log(
                    Level.ERROR,
                    "last good state is served in part only: " + ProblemText.of(problems));
        }
    }

    private void connect() {
        if (closed) {
            return;
        }
        ManagedChannel channel = transport.next();
        AdsStream resources =
                switch (ads.protocol()) {
                    case STATE_OF_THE_WORLD -> new WholeStream(channel, thread, node, this);
                    case DELTA -> new DeltaStream(channel, thread, node, book::versions, this);
                };
        GateStream gateStream = new GateStream(channel, thread, node, this);
        connection = new Connection(channel, resources, gateStream);
        ask();
        gateStream.want(assembly.gates(), gates.versions());
        serving.connected(channel);
    }

    /** Asks for everything that is wanted now, on the present stream. */
    private void ask() {
        if (connection == null) {
            return;
        }
        for (ResourceKind kind : ResourceKind.values()) {
            if (kind.isAsked(ads.subscriptions())) {
                connection.resources().want(kind, book.wanted(kind));
            }
        }
    }

    @Override
    public String whole(ResourceKind kind, String version, List<Received> resources) {
        return taken(kind, version, book.whole(kind, resources));
    }

    @Override
    public String delta(
            ResourceKind kind, String version, List<Received> changed, List<String> removed) {
        return taken(kind, version, book.delta(kind, changed, removed));
    }

    private String taken(ResourceKind kind, String version, List<Problem> problems) {
        backoff.reset();
        heard.at(clock.instant());
        if (problems.isEmpty()) {
            book.answered(kind, version);
            thread.execute(() -> follow(kind));
            return "";
        }
        String refusal = ProblemText.of(problems);
        heard.refused(kind, refusal);
        book.declined(kind);
        LOG.log(Level.WARNING, "management server: " + kind.what() + " refused: " + refusal);
        serving.changed();
        return refusal;
    }

    /**
     * What is wanted and what can be served follow what was accepted, after its ACK is out. Only
     * with this is the kind here: what it waits for would else be missed by whoever asks between.
     */
    private void follow(ResourceKind kind) {
        heard.accepted(kind);
        ask();
        assemble();
    }

    /** The time to live of a resource has passed: it is gone as if the server had removed it. */
    private void ended(ResourceKind kind, String name) {
        if (!closed && book.holds(kind, name)) {
            LOG.log(Level.WARNING, kind.what() + " " + name + " was not renewed in time and ends");
            book.delta(kind, List.of(), List.of(name));
            ask();
            assemble();
        }
    }

    @Override
    public String gates(List<Received> changed, List<String> removed) {
        heard.at(clock.instant());
        List<Problem> problems = gates.take(changed);
        gates.removed(removed);
        thread.execute(this::assemble);
        if (!problems.isEmpty()) {
            LOG.log(Level.WARNING, "management server: gates refused: " + ProblemText.of(problems));
        }
        return ProblemText.of(problems);
    }

    @Override
    public void refused() {
        serving.changed();
    }

    @Override
    public void broken(Status status) {
        LOG.log(
                Level.WARNING,
                "management server: " + status.getCode() + " " + status.getDescription());
        hangUp();
        thread.after(backoff.next(), this::connect);
    }

    private void hangUp() {
        Connection ended = connection;
        connection = null;
        if (ended != null) {
            ended.end();
            serving.disconnected();
        }
    }

    private void assemble() {
        if (closed) {
            return;
        }
        serving.runtime(book.runtime());
        ProxySnapshot served = assembly.snapshot();
        Assembly next = Assembler.assemble(bootstrap, book, gates::find, served);
        boolean isNew = !next.snapshot().sameContent(served);
        assembly = isNew ? next : new Assembly(served, next.gates(), next.waiting());
        if (connection != null) {
            connection.gates().want(assembly.gates(), gates.versions());
        }
        if (waiting().isEmpty()) {
            settled = book.remembered();
        }
        if (isNew) {
            serving.serve(assembly.snapshot());
        }
        serving.changed();
    }

    /**
     * A snapshot is in force (the very one that was handed out last): gates that only earlier ones
     * named are not obeyed any more.
     */
    @SuppressWarnings("ReferenceEquality")
    void inForce(ProxySnapshot snapshot) {
        if (snapshot == assembly.snapshot()) {
            gates.keepOnly(assembly.gates());
        }
    }

    /** A connection that lives confirms what was heard, however little changes. */
    private void confirm() {
        if (closed) {
            return;
        }
        if (connection != null && heard.isAnythingAccepted()) {
            heard.at(clock.instant());
            serving.changed();
        }
        thread.after(CONFIRM, this::confirm);
    }

    /** Why not everything that was accepted is served, as sentences; empty when it is. */
    List<String> waiting() {
        List<String> all = new ArrayList<>(assembly.waiting());
        if (!all.isEmpty() && connection != null) {
            connection.gates().refusal().ifPresent(all::add);
        }
        all.addAll(heard.missing(ads.subscriptions()));
        return all;
    }

    /**
     * What the disk may remember: the resources that were last served without waiting for anything,
     * and all gates and latches. Empty before there were such.
     */
    Optional<LastGood> state() {
        return settled.isEmpty() || !heard.isAnything()
                ? Optional.empty()
                : Optional.of(
                        new LastGood(heard.last(), settled, gates.received(), gates.latches()));
    }

    /** What came and what became of it, to be shown. */
    SentConfiguration sent() {
        return book.sent();
    }

    /** What is said without effect by what was accepted. */
    List<String> inert() {
        return book.inert();
    }

    void close() {
        closed = true;
        hangUp();
    }
}
