package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Channel;
import io.grpc.Status;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The stream of gates on one connection, opened when the first route names one: a server that has
 * no gates is never asked for any. Owned by the configuration thread.
 */
final class GateStream {
    private static final System.Logger LOG = System.getLogger(GateStream.class.getName());

    private final Channel channel;
    private final Executor owner;
    private final Node node;
    private final Listener listener;
    private @Nullable DeltaCall call;
    private Optional<String> refusal = Optional.empty();

    /** Takes what comes on the stream, on its owner. */
    interface Listener {
        /** Gates; returns why some are refused, empty for acceptance. */
        String gates(List<Received> changed, List<String> removed);

        /** The server has no such stream: {@link #refusal} says so from now on. */
        void refused();

        /** The stream broke. */
        void broken(Status status);
    }

    GateStream(Channel channel, Executor owner, Node node, Listener listener) {
        this.channel = channel;
        this.owner = owner;
        this.node = node;
        this.listener = listener;
    }

    /**
     * These gates are wanted from now on.
     *
     * @param held versions that are held from before
     */
    void want(Set<GateName> names, Map<String, String> held) {
        if (refusal.isPresent() || (names.isEmpty() && call == null)) {
            return;
        }
        if (call == null) {
            call =
                    new DeltaCall(
                            owner,
                            node,
                            responses ->
                                    GateDiscoveryServiceGrpc.newStub(channel).deltaGates(responses),
                            (type, version, changed, removed) -> listener.gates(changed, removed),
                            this::broken);
        }
        Set<String> wanted =
                names.stream().map(GateName::name).collect(Collectors.toCollection(TreeSet::new));
        call.want(GateBook.TYPE_URL, wanted, held);
    }

    private void broken(Status status) {
        if (status.getCode() == Status.Code.UNIMPLEMENTED) {
            String text =
                    "the management server has no GateDiscoveryService (answered UNIMPLEMENTED);"
                            + " use a Sluice control plane, or write the gates into the routes";
            LOG.log(Level.ERROR, text);
            refusal = Optional.of(text);
            listener.refused();
        } else {
            listener.broken(status);
        }
    }

    /** Why this server gives no gates at all. */
    Optional<String> refusal() {
        return refusal;
    }

    void cancel() {
        if (call != null) {
            call.cancel();
        }
    }
}
