package dev.sluice.chaos.toxiproxy;

import java.net.InetSocketAddress;

/** A Toxiproxy that the wire contract is held against. {@link #close} ends it. */
interface Subject extends AutoCloseable {
    /** Where its API listens. */
    InetSocketAddress api();

    /** Whether it is the original, which has its documented differences. */
    boolean original();

    @Override
    void close();
}
