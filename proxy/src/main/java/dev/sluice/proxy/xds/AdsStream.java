package dev.sluice.proxy.xds;

import io.grpc.Status;
import java.util.List;
import java.util.Set;

/** One stream to a management server, in either protocol. Owned by the configuration thread. */
interface AdsStream {
    /** These names of a kind are wanted from now on; of a wildcard kind, everything is. */
    void want(ResourceKind kind, Set<String> names);

    /** Ends the stream; nothing more comes of it. */
    void cancel();

    /** Takes what comes on a stream, on the configuration thread. */
    interface Listener {
        /**
         * A state-of-the-world answer.
         *
         * @param version of the whole, {@code version_info}
         * @return why it is refused; empty: it is accepted
         */
        String whole(ResourceKind kind, String version, List<Received> resources);

        /**
         * A delta answer.
         *
         * @param version of the whole, {@code system_version_info}
         * @return why it is refused; empty: it is accepted
         */
        String delta(
                ResourceKind kind, String version, List<Received> changed, List<String> removed);

        /** The stream broke. */
        void broken(Status status);
    }
}
