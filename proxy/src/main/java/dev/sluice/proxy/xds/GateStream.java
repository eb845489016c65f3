package dev.sluice.proxy.xds;

import dev.sluice.contract.GateName;
import dev.sluice.gate.v1.GateDiscoveryServiceGrpc;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of gates on one connection, opened when the first route names one: a server that has
 * no gates is never asked for any. Owned by the configuration thread.
 */
final class GateStream {
    private static final Logger LOG = LoggerFactory.getLogger(GateStream.class);

    private final Channel channel;
    private final Executor owner;
    private final Node node;
    private final Answers answers;
    private final Consumer<Status> onBroken;
    private @Nullable DeltaCall call;
    private Optional<String> refusal = Optional.empty();

    /** Takes gates; returns why some are refused, empty for acceptance. */
    interface Answers {
        String answered(List<Received> changed, List<String> removed);
    }

    GateStream(
            Channel channel,
            Executor owner,
            Node node,
            Answers answers,
            Consumer<Status> onBroken) {
        this.channel = channel;
        this.owner = owner;
        this.node = node;
        this.answers = answers;
        this.onBroken = onBroken;
    }

    /**
     * These gates are wanted from now on.
     *
     * @param held versions that are held from before
     */
    void want(Set<GateName> names, Map<String, String> held) {
        if (refusal.isPresent() || names.isEmpty() && call == null) {
            return;
        }
        if (call == null) {
            call =
                    new DeltaCall(
                            owner,
                            node,
                            responses ->
                                    GateDiscoveryServiceGrpc.newStub(channel).deltaGates(responses),
                            (type, changed, removed) -> answers.answered(changed, removed),
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
            LOG.error("gates: {}", text);
            refusal = Optional.of(text);
        } else {
            onBroken.accept(status);
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
