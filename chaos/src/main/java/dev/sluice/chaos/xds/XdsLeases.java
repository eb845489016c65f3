package dev.sluice.chaos.xds;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The leases of a proxy, by name. Owned by the thread of the proxy. */
final class XdsLeases {
    /** Leases remembered, those that ended included. */
    static final int MOST = 256;

    private final ScheduledExecutorService loop;
    private final Map<String, XdsLease> leases = new LinkedHashMap<>();
    private final List<Runnable> listeners = new ArrayList<>();

    XdsLeases(ScheduledExecutorService loop) {
        this.loop = loop;
    }

    /** Calls this whenever a lease begins or ends. */
    void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Takes a lease; false when an active one has its name. */
    boolean take(XdsLease lease, Duration ttl) {
        XdsLease namesake = leases.get(lease.name());
        if (namesake != null && namesake.state() == XdsLease.State.ACTIVE) {
            return false;
        }
        leases.remove(lease.name());
        if (leases.size() >= MOST) {
            leases.values().stream()
                    .filter(old -> old.state() != XdsLease.State.ACTIVE)
                    .findFirst()
                    .ifPresent(oldest -> leases.remove(oldest.name()));
        }
        leases.put(lease.name(), lease);
        expire(lease, ttl);
        changed();
        return true;
    }

    /** Lets it last so long from now, unless it has ended. */
    void renew(XdsLease lease, Duration ttl) {
        if (lease.state() == XdsLease.State.ACTIVE) {
            expire(lease, ttl);
        }
    }

    private void expire(XdsLease lease, Duration ttl) {
        lease.endsBy(
                loop.schedule(
                        () -> end(lease, XdsLease.State.EXPIRED),
                        ttl.toMillis(),
                        TimeUnit.MILLISECONDS));
    }

    void end(XdsLease lease, XdsLease.State how) {
        if (lease.end(how)) {
            changed();
        }
    }

    Optional<XdsLease> find(String name) {
        return Optional.ofNullable(leases.get(name));
    }

    /** The youngest first. */
    List<XdsLease> all() {
        return new ArrayList<>(leases.values()).reversed();
    }

    /** Those that meet a node, the oldest first. */
    List<XdsLease> on(String node) {
        return leases.values().stream().filter(lease -> lease.meets(node)).toList();
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
