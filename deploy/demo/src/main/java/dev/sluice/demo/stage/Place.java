package dev.sluice.demo.stage;

import java.util.List;
import java.util.Optional;

/**
 * One version of one service and the sidecar beside it, on a loopback address of its own, as a pod
 * would have one. Immutable.
 *
 * @param service {@code customers} or {@code orders}
 * @param version {@code legacy} or {@code new}
 * @param address of 127/8
 */
record Place(String service, String version, String address) {
    static final List<Place> ALL =
            List.of(
                    new Place("customers", "legacy", "127.0.11.1"),
                    new Place("customers", "new", "127.0.11.2"),
                    new Place("orders", "legacy", "127.0.12.1"),
                    new Place("orders", "new", "127.0.12.2"));

    String name() {
        return service + "-" + version;
    }

    /** What its sidecar stands beside. */
    Bootstrap.Beside beside() {
        return new Bootstrap.Beside(service, Optional.of(version), address);
    }
}
