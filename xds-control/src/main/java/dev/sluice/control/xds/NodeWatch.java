package dev.sluice.control.xds;

/** A subscription to what changes of nodes. */
public interface NodeWatch extends AutoCloseable {
    @Override
    void close();
}
