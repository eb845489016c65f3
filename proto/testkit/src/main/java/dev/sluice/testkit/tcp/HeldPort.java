package dev.sluice.testkit.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A loopback port that the system gives to nobody else. Connecting to it is refused until a server
 * asks for it by its number, and again when that server has stopped: a test that asks whether
 * nobody listens any more, or that lets a server listen again, can't meet a stranger there.
 *
 * <p>A socket is bound to it that does not listen. Linux lets a server listen beside that one when
 * both have SO_REUSEADDR, which all servers of this project and of its peers set, and never chooses
 * the port itself for a socket without one. Thread-safe.
 */
public final class HeldPort implements AutoCloseable {
    private final Socket holder;

    private HeldPort(Socket holder) {
        this.holder = holder;
    }

    /** One that nobody has. */
    public static HeldPort take() {
        Socket holder = new Socket();
        try {
            holder.setReuseAddress(true);
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return new HeldPort(holder);
        } catch (IOException failed) {
            throw new UncheckedIOException("no loopback port to hold", failed);
        }
    }

    public int port() {
        return holder.getLocalPort();
    }

    /** Gives the port back; who listens on it goes on. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException failed) {
            throw new UncheckedIOException("a held port does not close", failed);
        }
    }
}
