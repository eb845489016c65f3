package dev.sluice.bench.control.fleet;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.evidence.v1.EvidenceReceipt;
import dev.sluice.evidence.v1.EvidenceServiceGrpc;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.MethodDescriptor;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sidecar as the control plane sees it: structure by ADS, gates by their own stream, reports by
 * the evidence stream, all on one connection, as the proxy speaks them. It obeys what comes; it has
 * no traffic. Owned by its event loop.
 */
final class Sidecar {
    private static final int GATE_CONTRACT = 1;

    private final Node node;
    private final Names names;
    private final EventLoop loop;
    private final Reports reports;
    private final Map<String, Map<String, String>> held = new HashMap<>();
    private final Map<String, Set<String>> wanted = new HashMap<>();
    private final Map<String, Gate> gates = new HashMap<>();
    private @Nullable Wire connection; // null: cut
    private @Nullable DeltaCall structure;
    private @Nullable DeltaCall gateStream;
    private Optional<Waiting> waiting = Optional.empty();
    private int connections;
    private long changed; // first report with all gates as they are
    private long receipted; // last report that was taken

    /**
     * A round, and what it waits for.
     *
     * @param report whose receipt ends it here; 0 while the goal is not met
     */
    private record Waiting(Round round, long report) {}

    /**
     * A sidecar that is not connected.
     *
     * @param number of it, which makes its id
     * @param service beside which it stands
     */
    Sidecar(int number, String service, Names names, EventLoop loop) {
        this.names = names;
        this.loop = loop;
        this.node =
                Node.newBuilder()
                        .setId("bench-" + number)
                        .setCluster(service)
                        .setUserAgentName("sluice")
                        .setUserAgentVersion("bench")
                        .setMetadata(
                                Struct.newBuilder()
                                        .putFields(
                                                "sluice",
                                                Value.newBuilder()
                                                        .setStructValue(capabilities())
                                                        .build()))
                        .build();
        this.reports = new Reports(node.getId(), "%032x".formatted(number + 1), loop);
    }

    private static Struct capabilities() {
        return Struct.newBuilder()
                .putFields(
                        "gate_contract_version",
                        Value.newBuilder().setNumberValue(GATE_CONTRACT).build())
                .build();
    }

    /** This is waited for from now on. */
    void join(Round round) {
        waiting = Optional.of(new Waiting(round, 0));
        look();
    }

    /** Connects, with all that it holds from before. */
    void connect(int port) {
        int mine = ++connections;
        Wire wire = new Wire("127.0.0.1:" + port, why -> broken(mine, why));
        connection = wire;
        structure =
                new DeltaCall(
                        node,
                        call(
                                wire,
                                AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod(),
                                this::took));
        gateStream = null;
        structure.want(Names.CLUSTER, Set.of(), held(Names.CLUSTER));
        structure.want(Names.LISTENER, Set.of(), held(Names.LISTENER));
        Map.copyOf(wanted).forEach(this::want);
        reports.connect(call(wire, EvidenceServiceGrpc.getStreamEvidenceMethod(), this::receipted));
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(wire)
                .connect("127.0.0.1", port)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        broken(mine, String.valueOf(connected.cause()));
                    }
                });
    }

    /** A call of the present connection. */
    private <A> Wire.Call call(Wire wire, MethodDescriptor<?, A> method, Consumer<A> taker) {
        int mine = connections;
        return wire.call(
                "/" + method.getFullMethodName(),
                message -> {
                    if (mine == connections) {
                        taker.accept(method.parseResponse(new ByteArrayInputStream(message)));
                    }
                });
    }

    /** Cuts the connection; what it holds stays. */
    void cut() {
        connections++;
        reports.disconnect();
        if (connection != null) {
            connection.cut();
            connection = null;
        }
    }

    /** Whether it has all that what it holds names. */
    boolean isWhole() {
        return !gates.isEmpty()
                && wanted.entrySet().stream()
                        .allMatch(
                                type -> held(type.getKey()).keySet().containsAll(type.getValue()));
    }

    /** How many gates it decides by. */
    int gates() {
        return gates.size();
    }

    /** The gate that it decides by. */
    Optional<Gate> gate(String name) {
        return Optional.ofNullable(gates.get(name));
    }

    /** Version of a resource that it holds. */
    Optional<String> version(String typeUrl, String name) {
        return Optional.ofNullable(held(typeUrl).get(name));
    }

    private void took(DeltaDiscoveryResponse response) {
        String type = response.getTypeUrl();
        Map<String, String> has = held(type);
        Set<String> named = new HashSet<>();
        for (Resource resource : response.getResourcesList()) {
            has.put(resource.getName(), resource.getVersion());
            if (type.equals(Names.GATE)) {
                Gate gate = Names.gate(resource);
                gates.put(gate.getName(), gate);
                reports.apply(gate);
            } else {
                named.addAll(names.in(resource));
            }
        }
        has.keySet().removeAll(response.getRemovedResourcesList());
        DeltaCall call = type.equals(Names.GATE) ? gateStream : structure;
        if (call != null) {
            call.accept(response);
        }
        if (!named.isEmpty()) {
            next(type).ifPresent(next -> want(next, named));
        }
        if (type.equals(Names.GATE)) {
            changed = reports.reportChange();
        }
        look();
    }

    private static Optional<String> next(String type) {
        return switch (type) {
            case Names.CLUSTER -> Optional.of(Names.ENDPOINT);
            case Names.LISTENER -> Optional.of(Names.ROUTE);
            case Names.ROUTE -> Optional.of(Names.GATE);
            default -> Optional.empty();
        };
    }

    private void want(String type, Set<String> more) {
        Set<String> all = wanted.computeIfAbsent(type, _ -> new HashSet<>());
        all.addAll(more);
        DeltaCall call = type.equals(Names.GATE) ? gateStream() : structure;
        if (call != null) {
            call.want(type, all, held(type));
        }
    }

    private @Nullable DeltaCall gateStream() {
        if (gateStream == null && connection != null) {
            gateStream =
                    new DeltaCall(
                            node,
                            call(
                                    connection,
                                    GateDiscoveryServiceGrpc.getDeltaGatesMethod(),
                                    this::took));
        }
        return gateStream;
    }

    private Map<String, String> held(String type) {
        return held.computeIfAbsent(type, _ -> new HashMap<>());
    }

    private void receipted(EvidenceReceipt receipt) {
        receipted = receipt.getSequence();
        int mine = connections;
        reports.receipted(receipt, () -> due(mine));
        look();
    }

    private void due(int of) {
        if (of == connections) {
            reports.send();
        }
    }

    /** A goal is reached when the control plane has the report of the gates that met it. */
    private void look() {
        waiting = waiting.flatMap(this::looked);
    }

    private Optional<Waiting> looked(Waiting before) {
        Waiting now =
                before.report() == 0 && before.round().isMet(this)
                        ? new Waiting(before.round(), changed)
                        : before;
        if (now.report() == 0 || receipted < now.report()) {
            return Optional.of(now);
        }
        now.round().reached();
        return Optional.empty();
    }

    private void broken(int of, String why) {
        if (of == connections) {
            throw new IllegalStateException(node.getId() + " was cut off: " + why);
        }
    }
}
