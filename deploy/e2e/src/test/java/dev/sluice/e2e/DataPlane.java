package dev.sluice.e2e;

import dev.sluice.demo.stage.Bootstrap.Protocol;

/** What stands in the path of users, and how it hears of structure. */
enum DataPlane {
    /** A sidecar of ours, state of the world. */
    SLUICE_SOTW(Protocol.GRPC),
    /** A sidecar of ours, incremental. */
    SLUICE_DELTA(Protocol.DELTA_GRPC),
    /** An unmodified Envoy, state of the world. */
    ENVOY_SOTW(Protocol.GRPC),
    /** An unmodified Envoy, incremental. */
    ENVOY_DELTA(Protocol.DELTA_GRPC);

    private final Protocol protocol;

    DataPlane(Protocol protocol) {
        this.protocol = protocol;
    }

    Protocol protocol() {
        return protocol;
    }
}
