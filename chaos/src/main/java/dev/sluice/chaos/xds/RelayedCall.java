package dev.sluice.chaos.xds;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call between a node and the control plane. Each direction keeps its order: what a fault holds
 * back holds what comes behind it. Owned by the proxy's thread.
 */
final class RelayedCall {
    private static final Status CUT =
            Status.UNAVAILABLE.withDescription("a partition was injected");

    private static final Status MOVED =
            Status.UNAVAILABLE.withDescription("another control plane was injected");

    private final ServerCall<byte[], byte[]> down;
    private final Metadata head;
    private final ControlPlanes planes;
    private final XdsLeases leases;
    private final ScheduledExecutorService loop;
    private final XdsMessages messages;
    private final Responses responses = new Responses();
    private final Deque<byte[]> toServer = new ArrayDeque<>();
    private final Deque<byte[]> toNode = new ArrayDeque<>();
    private Runnable onEnd = () -> {};
    private @Nullable ClientCall<byte[], byte[]> up;
    private Optional<XdsFault.Reroute> other = Optional.empty();
    private String node = "";
    private @Nullable ScheduledFuture<?> waiting;
    private boolean headersSent;
    private boolean halfClosed;
    private boolean over;

    RelayedCall(
            ServerCall<byte[], byte[]> down,
            Metadata head,
            ControlPlanes planes,
            XdsLeases leases,
            ScheduledExecutorService loop) {
        this.down = down;
        this.head = head;
        this.planes = planes;
        this.leases = leases;
        this.loop = loop;
        this.messages = XdsMessages.of(down.getMethodDescriptor().getFullMethodName());
    }

    void onEnd(Runnable action) {
        onEnd = action;
    }

    ServerCall.Listener<byte[]> start() {
        down.request(1);
        return new FromNode();
    }

    /**
     * The call to the control plane. It begins with what the node says first: only then it is known
     * which node this is, and where its calls go.
     */
    private ClientCall<byte[], byte[]> up() {
        if (up == null) {
            other = reroute();
            up = planes.to(other).newCall(down.getMethodDescriptor(), CallOptions.DEFAULT);
            up.start(new FromServer(), head);
            up.request(1);
        }
        return up;
    }

    /** Where a fault sends this node's streams: the youngest decides. */
    private Optional<XdsFault.Reroute> reroute() {
        Optional<XdsFault.Reroute> found = Optional.empty();
        for (XdsLease lease : leases.on(node)) {
            if (lease.fault() instanceof XdsFault.Reroute address) {
                lease.hit();
                found = Optional.of(address);
            }
        }
        return found;
    }

    /** Whether a lease began or ended that sends this node's streams elsewhere. */
    private boolean goesElsewhere() {
        return up != null
                && !leases.on(node).stream()
                        .map(XdsLease::fault)
                        .filter(XdsFault.Reroute.class::isInstance)
                        .map(XdsFault.Reroute.class::cast)
                        .reduce((_, last) -> last)
                        .equals(other);
    }

    /** A lease has begun or ended: what waited for it may go on, and streams may have to break. */
    void leasesChanged() {
        if (!over && has(XdsFault.Partition.class)) {
            close(CUT);
            return;
        }
        if (!over && goesElsewhere()) {
            close(MOVED);
            return;
        }
        endWait();
        toServer();
        responses.flush(leases.on(node)).forEach(toNode::add);
        toNode();
    }

    private boolean has(Class<? extends XdsFault> kind) {
        boolean found = false;
        for (XdsLease lease : leases.on(node)) {
            if (kind.isInstance(lease.fault())) {
                lease.hit();
                found = true;
            }
        }
        return found;
    }

    private boolean holds() {
        return leases.on(node).stream().anyMatch(l -> l.fault() instanceof XdsFault.BlackHole);
    }

    /** Ends both halves. */
    void close(Status status) {
        if (!over) {
            end();
            cancel(status.getDescription());
            down.close(status, new Metadata());
        }
    }

    private void cancel(@Nullable String why) {
        if (up != null) {
            up.cancel(why, null);
        }
    }

    private void end() {
        over = true;
        if (waiting != null) {
            waiting.cancel(/* mayInterruptIfRunning= */ false);
        }
        onEnd.run();
    }

    private Duration ackDelay() {
        Duration most = Duration.ZERO;
        for (XdsLease lease : leases.on(node)) {
            if (lease.fault() instanceof XdsFault.SlowAck(Duration by)) {
                lease.hit();
                most = by.compareTo(most) > 0 ? by : most;
            }
        }
        return most;
    }

    /** What the node has said waits no longer than the fault that holds it back. */
    private void endWait() {
        boolean isSlow =
                leases.on(node).stream().anyMatch(l -> l.fault() instanceof XdsFault.SlowAck);
        if (waiting != null && !isSlow) {
            waiting.cancel(/* mayInterruptIfRunning= */ false);
            waiting = null;
        }
    }

    private void toServer() {
        if (over || waiting != null || holds()) {
            return;
        }
        while (!toServer.isEmpty()) {
            up().sendMessage(toServer.removeFirst());
        }
        if (halfClosed) {
            up().halfClose();
            halfClosed = false;
        }
    }

    private void toNode() {
        if (over || toNode.isEmpty() || holds()) {
            return;
        }
        if (!headersSent) {
            headersSent = true;
            down.sendHeaders(new Metadata());
        }
        while (!toNode.isEmpty()) {
            down.sendMessage(toNode.removeFirst());
        }
    }

    /** What the node says. */
    private final class FromNode extends ServerCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            if (over) {
                return;
            }
            if (node.isEmpty()) {
                node = messages.node(message);
                if (has(XdsFault.Partition.class)) {
                    close(CUT);
                    return;
                }
            }
            toServer.add(message);
            if (holds()) {
                has(XdsFault.BlackHole.class);
            }
            Duration delay = waiting == null ? ackDelay() : Duration.ZERO;
            if (!delay.isZero()) {
                waiting = loop.schedule(this::waited, delay.toMillis(), TimeUnit.MILLISECONDS);
            }
            toServer();
            down.request(1);
        }

        private void waited() {
            waiting = null;
            toServer();
        }

        @Override
        public void onHalfClose() {
            halfClosed = true;
            toServer();
        }

        @Override
        public void onCancel() {
            if (!over) {
                end();
                cancel("the node left");
            }
        }
    }

    /** What the control plane says. */
    private final class FromServer extends ClientCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            List<XdsLease> active = leases.on(node);
            if (holds()) {
                has(XdsFault.BlackHole.class);
            }
            responses.next(message, messages, active).forEach(toNode::add);
            toNode();
            if (!over) {
                up().request(1);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (!over) {
                end();
                down.close(status, trailers);
            }
        }
    }
}
