package dev.sluice.testkit.xds;

import dev.sluice.testkit.grpc.GrpcClient;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.grpc.Metadata;

/**
 * A client of management servers whose every step the test gives. Thread-safe; each stream is a
 * call of its own over one connection.
 */
public final class AdsClient implements AutoCloseable {
    private final GrpcClient client;

    private AdsClient(GrpcClient client) {
        this.client = client;
    }

    /** Connects, at the first stream, to a port of this machine in the clear. */
    public static AdsClient connect(int port) {
        return new AdsClient(GrpcClient.connect(port));
    }

    /** A node as most tests need it. */
    public static Node node(String id, String cluster) {
        return Node.newBuilder().setId(id).setCluster(cluster).build();
    }

    /** Opens a state-of-the-world ADS stream; {@code node} goes out with its first request. */
    public SotwSubscription sotw(Node node) {
        return new SotwSubscription(client.open(XdsMethods.SOTW, new Metadata()), node);
    }

    /** Opens an incremental ADS stream; {@code node} goes out with its first request. */
    public DeltaSubscription delta(Node node) {
        return delta(XdsMethods.DELTA_ADS, node);
    }

    /** Opens an incremental stream under another method, {@code package.Service/Method}. */
    public DeltaSubscription delta(String fullMethod, Node node) {
        return new DeltaSubscription(
                client.open(XdsMethods.delta(fullMethod), new Metadata()), node);
    }

    @Override
    public void close() {
        client.close();
    }
}
