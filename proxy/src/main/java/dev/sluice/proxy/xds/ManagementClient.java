package dev.sluice.proxy.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.Acceptance;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.BootstrapSpec.Ads;
import dev.sluice.proxy.resource.BootstrapSpec.Subscription;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this proxy's configuration as a management server has it:
 *
 * <pre>
 * connect    to the next address of the management cluster, after a growing wait
 * ask        listeners and clusters whole, routes and endpoints by the names in them
 * accept     an answer whole, or refuse it with every problem; what was accepted before stays
 * gates      those that routes name, on the stream of gates
 * assemble   what can be served: nothing that waits for something else
 * serve      the snapshot is put in force; the disk gets a copy
 * </pre>
 *
 * Owned by the configuration thread, which makes every call and gets every answer.
 */
final class ManagementClient implements AdsStream.Listener {
    static final String GATE_TYPE = "type.googleapis.com/sluice.gate.v1.Gate";
    private static final Logger LOG = LoggerFactory.getLogger(ManagementClient.class);

    private final BootstrapSpec bootstrap;
    private final Ads ads;
    private final Node node;
    private final Channels channels;
    private final ConfigurationThread thread;
    private final GateTable table;
    private final Serving serving;
    private final Clock clock;
    private final Backoff backoff;
    private final ResourceBook book = new ResourceBook();
    private final Map<String, Received> gates = new TreeMap<>();
    private Set<GateName> namedGates = Set.of();
    private final Set<ResourceKind> answered = new TreeSet<>();
    private List<String> waiting = List.of("the management server");
    private ProxySnapshot served = ProxySnapshot.EMPTY;
    private @Nullable ManagedChannel channel;
    private @Nullable AdsStream stream;
    private @Nullable DeltaCall gateCall;
    private boolean closed;

    /** What the client is given to work with. */
    interface Channels {
        /** A channel to the next address of the management cluster. */
        ManagedChannel next();
    }

    /** Where assembled configuration goes. */
    interface Serving {
        /** Puts a snapshot in force. */
        void serve(ProxySnapshot snapshot);

        /** Everything that was accepted is served; the disk may get it. */
        void settled(LastGood state);

        /** A new connection is there, for those who share it. */
        void connected(Channel channel);
    }

    ManagementClient(
            BootstrapSpec bootstrap,
            Channels channels,
            ConfigurationThread thread,
            GateTable table,
            Serving serving,
            Clock clock,
            RandomGenerator random) {
        this.bootstrap = bootstrap;
        this.ads = bootstrap.ads().orElseThrow();
        this.node = NodeIdentity.of(bootstrap.node());
        this.channels = channels;
        this.thread = thread;
        this.table = table;
        this.serving = serving;
        this.clock = clock;
        this.backoff = new Backoff(random);
    }

    /** Begins, from what the disk remembers if there is something. */
    void start(LastGood remembered) {
        remembered.resources().forEach((kind, resources) -> {
            List<Problem> problems = book.delta(kind, resources, List.of());
            if (!problems.isEmpty()) {
                LOG.warn("last good {} left out: {}", kind, problems);
            }
        });
        remembered.gates().forEach(received -> takeGate(received.name(), received));
        if (!remembered.isEmpty()) {
            assemble();
        }
        connect();
    }

    private void connect() {
        if (closed) {
            return;
        }
        ManagedChannel next = channels.next();
        channel = next;
        stream = switch (ads.protocol()) {
            case STATE_OF_THE_WORLD -> new WholeStream(next, thread, node, this);
            case DELTA -> new DeltaStream(next, thread, node, book::versions, this);
        };
        gateCall = null;
        ask();
        askForGates();
        serving.connected(next);
    }

    /** Asks for everything that is wanted now, on the present stream. */
    private void ask() {
        if (stream == null) {
            return;
        }
        for (ResourceKind kind : ResourceKind.values()) {
            boolean asked = switch (kind) {
                case CLUSTER -> ads.subscriptions().contains(Subscription.CLUSTERS);
                case LISTENER -> ads.subscriptions().contains(Subscription.LISTENERS);
                case ENDPOINTS, ROUTES -> true;
            };
            if (asked) {
                stream.want(kind, book.wanted(kind));
            }
        }
    }

    @Override
    public String whole(ResourceKind kind, List<Received> resources) {
        return taken(kind, book.whole(kind, resources));
    }

    @Override
    public String delta(ResourceKind kind, List<Received> changed, List<String> removed) {
        return taken(kind, book.delta(kind, changed, removed));
    }

    private String taken(ResourceKind kind, List<Problem> problems) {
        backoff.reset();
        answered.add(kind);
        if (!problems.isEmpty()) {
            String refusal = text(problems);
            LOG.warn("{} of the management server refused: {}", kind, refusal);
            return refusal;
        }
        thread.execute(() -> {
            ask();
            assemble();
        });
        return "";
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }

    @Override
    public void broken(Status status) {
        LOG.warn("management server: {} {}", status.getCode(), status.getDescription());
        hangUp();
        thread.after(backoff.next(), this::connect);
    }

    private void hangUp() {
        if (gateCall != null) {
            gateCall.cancel();
        }
        if (stream != null) {
            stream.cancel();
        }
        if (channel != null) {
            channel.shutdownNow();
        }
        gateCall = null;
        stream = null;
        channel = null;
    }

    /** The stream of gates is opened when the first route names one. */
    private void askForGates() {
        if (channel == null || namedGates.isEmpty() && gateCall == null) {
            return;
        }
        Channel live = channel;
        if (gateCall == null) {
            gateCall = new DeltaCall(
                    thread,
                    node,
                    responses -> GateDiscoveryServiceGrpc.newStub(live).deltaGates(responses),
                    this::gatesAnswered,
                    this::gatesBroken);
        }
        Map<String, String> held = new HashMap<>();
        gates.forEach((name, received) -> held.put(name, received.version()));
        gateCall.want(
                GATE_TYPE, namedGates.stream().map(GateName::name).collect(Collectors.toCollection(TreeSet::new)), held);
    }

    private void gatesBroken(Status status) {
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            LOG.error("the management server has no gates (GateDiscoveryService), yet routes name {};"
                    + " give the gates inline or use a Sluice control plane", namedGates);
            gateCall = null;
            return;
        }
        broken(status);
    }

    private String gatesAnswered(String typeUrl, List<Received> changed, List<String> removed) {
        List<Problem> problems = new ArrayList<>();
        changed.forEach(received -> problems.addAll(takeGate(received.name(), received)));
        for (String name : removed) {
            gates.remove(name);
            GateName.parse(name).toOptional().filter(gate -> !namedGates.contains(gate)).ifPresent(table::remove);
        }
        thread.execute(this::assemble);
        return text(problems);
    }

    /** Gates are independent of each other: one that is refused keeps no other out. */
    private List<Problem> takeGate(String name, Received received) {
        return switch (gate(received)) {
            case Parsed.Refused<Gate> refused -> refused.problems();
            case Parsed.Ok<Gate>(Gate gate) ->
                switch (table.offer(gate, clock.instant())) {
                    case Acceptance.Refused(Problem problem) -> List.of(problem);
                    case Acceptance.Accepted _, Acceptance.Unchanged _ -> {
                        gates.put(name, received);
                        yield List.of();
                    }
                };
        };
    }

    private static Parsed<Gate> gate(Received received) {
        try {
            return GateParser.parse(received.content().unpack(dev.sluice.gate.v1.Gate.class));
        } catch (InvalidProtocolBufferException e) {
            return Parsed.refused(new Problem(
                    received.name(), e.getMessage() == null ? "not a gate" : e.getMessage(), "a Gate", "send " + GATE_TYPE));
        }
    }

    private void assemble() {
        if (closed) {
            return;
        }
        Assembly assembly = Assembly.of(bootstrap, book, name -> table.find(name).isPresent(), served);
        waiting = assembly.waiting();
        if (!assembly.gates().equals(namedGates)) {
            namedGates = Set.copyOf(assembly.gates());
            askForGates();
        }
        if (!assembly.snapshot().sameContent(served)) {
            served = assembly.snapshot();
            serving.serve(served);
        }
        if (waiting.isEmpty()) {
            serving.settled(state());
        }
    }

    /** What has not come yet, as sentences; empty when everything accepted is served. */
    List<String> waiting() {
        List<String> all = new ArrayList<>(waiting);
        for (Subscription subscription : ads.subscriptions()) {
            ResourceKind kind = switch (subscription) {
                case LISTENERS -> ResourceKind.LISTENER;
                case CLUSTERS -> ResourceKind.CLUSTER;
            };
            if (!answered.contains(kind)) {
                all.add("no answer yet for " + kind);
            }
        }
        return all;
    }

    private LastGood state() {
        Map<ResourceKind, List<Received>> resources = new HashMap<>();
        for (ResourceKind kind : ResourceKind.values()) {
            resources.put(kind, book.of(kind).values().stream().map(Accepted::named).toList());
        }
        return new LastGood(clock.instant(), resources, List.copyOf(gates.values()));
    }

    /** Whether this age of remembered gates may still be served. */
    boolean isFresh(LastGood remembered, Instant now) {
        return remembered.gates().stream()
                .map(ManagementClient::gate)
                .flatMap(parsed -> parsed.toOptional().stream())
                .allMatch(gate -> !remembered.saved().plus(gate.maxStale()).isBefore(now));
    }

    void close() {
        closed = true;
        hangUp();
    }

}
