package dev.sluice.proxy.process;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.Deque;

/** File descriptors that are held: sockets that are connected to nothing. Thread-safe. */
final class HeldDescriptors implements Harm {
    private final Deque<Channel> sockets;
    private final long injected;

    private HeldDescriptors(Deque<Channel> sockets) {
        this.sockets = sockets;
        injected = sockets.size();
    }

    /** Holds so many, or all that there are. */
    static HeldDescriptors of(int count, Descriptor opening) {
        Deque<Channel> sockets = new ArrayDeque<>();
        try {
            while (sockets.size() < count) {
                sockets.push(opening.open());
            }
        } catch (IOException noMore) {
            // What could be had is the fault.
        }
        return new HeldDescriptors(sockets);
    }

    @Override
    public void end() {
        synchronized (sockets) {
            while (!sockets.isEmpty()) {
                close(sockets.pop());
            }
        }
    }

    private static void close(Channel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket without a connection does not close", e);
        }
    }

    @Override
    public long injected() {
        return injected;
    }
}
