package dev.sluice.control.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;

/** Nodes as they introduce themselves. */
public final class Nodes {
    private Nodes() {}

    /** A stock proxy of the service {@code web}. */
    static Node envoy(String id) {
        return Node.newBuilder().setId(id).setCluster("web").setUserAgentName("envoy").build();
    }

    /** A sidecar of the service {@code web} that knows this gate contract. */
    public static Node sluice(String id, int contract) {
        return Node.newBuilder()
                .setId(id)
                .setCluster("web")
                .setUserAgentName("sluice")
                .setMetadata(
                        Struct.newBuilder()
                                .putFields(
                                        "sluice",
                                        Value.newBuilder()
                                                .setStructValue(
                                                        Struct.newBuilder()
                                                                .putFields(
                                                                        "gate_contract_version",
                                                                        Value.newBuilder()
                                                                                .setNumberValue(
                                                                                        contract)
                                                                                .build()))
                                                .build()))
                .build();
    }
}
