package dev.sluice.proxy.cluster;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/** Finds the addresses of host names. Thread-safe; never blocks its caller. */
@FunctionalInterface
public interface HostResolver {
    /** Looks a name up; one answer follows, on any thread. */
    void resolve(String host, Consumer<Resolution> answer);

    /** What a lookup found. */
    sealed interface Resolution {
        /**
         * The name is known.
         *
         * @param addresses of the name, possibly none
         */
        record Found(List<InetAddress> addresses) implements Resolution {
            public Found {
                addresses = List.copyOf(addresses);
            }
        }

        /**
         * The lookup failed.
         *
         * @param detail why it is not known
         */
        record Failed(String detail) implements Resolution {}
    }
}
