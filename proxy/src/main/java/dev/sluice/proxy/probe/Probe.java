package dev.sluice.proxy.probe;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Asks endpoints of one cluster whether they are well. Loop-owned. */
@FunctionalInterface
public interface Probe {
    /**
     * Asks once; exactly one verdict follows, on the loop, within the check's timeout.
     *
     * @param host what this endpoint is called in checks; empty: what the check says
     */
    void ask(InetSocketAddress remote, String host, Consumer<Verdict> verdict);
}
