package dev.sluice.proxy.boot;

import dev.sluice.proxy.admin.ProxyState;
import java.util.List;
import java.util.function.Supplier;

/** Whether a proxy serves, and whether it says so. Thread-safe. */
final class Readiness {
    private volatile Supplier<List<String>> waiting = List::of;
    private volatile boolean unhealthy;
    private volatile ProxyState state = new ProxyState.Starting("no configuration yet");

    /** Draining, too, while its health is said to fail. */
    ProxyState state() {
        if (unhealthy && state instanceof ProxyState.Live) {
            return new ProxyState.Draining();
        }
        List<String> reasons = waiting.get();
        return reasons.isEmpty() || state instanceof ProxyState.Draining
                ? state
                : new ProxyState.Starting(String.join("; ", reasons));
    }

    /** Whether it wants to be sent requests: probes of its health ask this. */
    boolean isServing() {
        return state instanceof ProxyState.Live && !unhealthy;
    }

    /** The first configuration is in force. */
    void configured() {
        if (state instanceof ProxyState.Starting) {
            state = new ProxyState.Live();
        }
    }

    void draining() {
        state = new ProxyState.Draining();
    }

    void fail() {
        unhealthy = true;
    }

    void restore() {
        unhealthy = false;
    }

    /**
     * @param reasons why it does not serve yet; none: it does
     */
    void waitFor(Supplier<List<String>> reasons) {
        waiting = reasons;
    }
}
