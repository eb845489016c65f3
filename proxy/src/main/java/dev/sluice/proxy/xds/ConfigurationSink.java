package dev.sluice.proxy.xds;

import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.grpc.Channel;
import java.util.Map;

/** Where assembled configuration goes. Called on the configuration thread. */
interface ConfigurationSink {
    /** Puts a snapshot in force. */
    void serve(ProxySnapshot snapshot);

    /** Puts the management server's layers of runtime values in force, by name. */
    void runtime(Map<String, Map<String, RuntimeValue>> layers);

    /** What is served, or what is waited for, may have changed. */
    void changed();

    /** A new connection is there, for those who share it. */
    void connected(Channel channel);

    /** The connection broke. */
    void disconnected();
}
