package dev.sluice.proxy.xds;

import dev.sluice.proxy.snapshot.ProxySnapshot;
import io.grpc.Channel;

/** Where assembled configuration goes. Called on the configuration thread. */
interface ConfigurationSink {
    /** Puts a snapshot in force. */
    void serve(ProxySnapshot snapshot);

    /** What is served, or what is waited for, may have changed. */
    void changed();

    /** A new connection is there, for those who share it. */
    void connected(Channel channel);

    /** The connection broke. */
    void disconnected();
}
