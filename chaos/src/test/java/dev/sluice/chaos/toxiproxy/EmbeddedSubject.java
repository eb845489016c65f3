package dev.sluice.chaos.toxiproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Our own server on a port of its own. */
record EmbeddedSubject(ToxiproxyServer server) implements Subject {
    static final long SEED = 42;

    static EmbeddedSubject start() {
        return start(SEED);
    }

    static EmbeddedSubject start(long seed) {
        return start(seed, ToxiproxyServer.Page.NONE);
    }

    static EmbeddedSubject start(long seed, ToxiproxyServer.Page page) {
        try {
            var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return new EmbeddedSubject(
                    ToxiproxyServer.start(new ToxiproxyServer.Settings(loopback, seed, 2, page)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public InetSocketAddress api() {
        return server.address();
    }

    @Override
    public boolean original() {
        return false;
    }

    @Override
    public void close() {
        server.close();
        assertThat(server.openSockets()).as("sockets open after the end").isZero();
    }
}
