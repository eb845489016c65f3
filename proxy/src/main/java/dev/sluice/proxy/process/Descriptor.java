package dev.sluice.proxy.process;

import java.io.IOException;
import java.nio.channels.Channel;

/** Opens file descriptors of this process. */
@FunctionalInterface
public interface Descriptor {
    /**
     * Opens one.
     *
     * @throws IOException when there are no more
     */
    Channel open() throws IOException;
}
