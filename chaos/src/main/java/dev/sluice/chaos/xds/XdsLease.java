package dev.sluice.chaos.xds;

import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One fault for a while, and what it has met. Owned by the thread of the proxy. */
final class XdsLease {
    private final String name;
    private final XdsFault fault;
    private final Set<String> nodes;
    private State state = State.ACTIVE;
    private long matched;
    private long injected;
    private @Nullable ScheduledFuture<?> end;

    /** What became of a lease. */
    enum State {
        /** It injects. */
        ACTIVE,
        /** Its time is over. */
        EXPIRED,
        /** Somebody ended it. */
        ENDED
    }

    /**
     * @param nodes ids of nodes whose streams it meets; none: all
     */
    XdsLease(String name, XdsFault fault, Set<String> nodes) {
        this.name = name;
        this.fault = fault;
        this.nodes = Set.copyOf(nodes);
    }

    String name() {
        return name;
    }

    XdsFault fault() {
        return fault;
    }

    State state() {
        return state;
    }

    /** Messages and streams that it has chosen. */
    long matched() {
        return matched;
    }

    /** Of these, those that it has changed. */
    long injected() {
        return injected;
    }

    /** Whether it meets what this node sends and gets. */
    boolean meets(String node) {
        return state == State.ACTIVE && (nodes.isEmpty() || nodes.contains(node));
    }

    void hit() {
        matched++;
        injected++;
    }

    /** Chosen, but there was nothing to change. */
    void miss() {
        matched++;
    }

    void endsBy(ScheduledFuture<?> timer) {
        if (end != null) {
            end.cancel(/* mayInterruptIfRunning= */ false);
        }
        end = timer;
    }

    /** Ends it unless it has ended. */
    boolean end(State how) {
        if (state != State.ACTIVE) {
            return false;
        }
        state = how;
        if (end != null) {
            end.cancel(/* mayInterruptIfRunning= */ false);
        }
        return true;
    }
}
