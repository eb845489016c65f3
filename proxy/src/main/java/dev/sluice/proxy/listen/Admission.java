package dev.sluice.proxy.listen;

import dev.sluice.proxy.overload.Overload;
import dev.sluice.proxy.snapshot.listener.ListenerSpec.Exemption;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Whether a listener may have one more connection. Thread-safe.
 *
 * @param overload of the proxy
 * @param exempt from what of it
 */
record Admission(Overload overload, Set<Exemption> exempt) {
    /** Whether a connection that was just accepted stays; each that does {@link #left} once. */
    boolean admits(RandomGenerator random) {
        boolean shed =
                !exempt.contains(Exemption.OVERLOAD)
                        && overload.hits(Action.REJECT_INCOMING_CONNECTIONS, random);
        return !shed && (isUncounted() || overload.takeConnection());
    }

    /** A connection that was admitted has ended. */
    void left() {
        if (!isUncounted()) {
            overload.giveBackConnection();
        }
    }

    private boolean isUncounted() {
        return exempt.contains(Exemption.CONNECTION_LIMIT);
    }
}
