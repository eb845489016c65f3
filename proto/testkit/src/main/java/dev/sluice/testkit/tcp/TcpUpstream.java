package dev.sluice.testkit.tcp;

import dev.sluice.testkit.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scripted TCP server on a free loopback port. Thread-safe. {@link #close} ends every connection
 * and throws what a script threw, so that an assertion inside a script fails the test.
 */
public final class TcpUpstream implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final Queue<HeldPort> REFUSED = new ConcurrentLinkedQueue<>();

    private final ServerSocket listener;
    private final TcpScript script;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<TcpConnection> live = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile boolean closing;

    private TcpUpstream(ServerSocket listener, TcpScript script) {
        this.listener = listener;
        this.script = script;
    }

    /** Listens on a port of its own and plays {@code script} on each connection. */
    public static TcpUpstream start(TcpScript script) {
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            TcpUpstream upstream = new TcpUpstream(new ServerSocket(0, BACKLOG, loopback), script);
            upstream.threads.execute(upstream::accept);
            return upstream;
        } catch (IOException failed) {
            throw new UncheckedIOException("no loopback port to listen on", failed);
        }
    }

    /**
     * A loopback port on which nobody listens: connecting to it is refused. It is held for as long
     * as this JVM lives; a test that needs many takes a {@link HeldPort} for each.
     */
    public static int refusedPort() {
        HeldPort refused = HeldPort.take();
        REFUSED.add(refused);
        return refused.port();
    }

    public int port() {
        return listener.getLocalPort();
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return accepted.get();
    }

    /** Connections that neither side has ended yet. */
    public int liveConnections() {
        return live.size();
    }

    /** Ends all connections by FIN and accepts no more; a second call does nothing. */
    @Override
    public void close() {
        closing = true;
        quietly(listener);
        live.forEach(TcpUpstream::quietly);
        threads.shutdownNow();
        awaitScripts();
        Throwable first = failures.poll();
        if (first != null) {
            AssertionError failed = new AssertionError("an upstream's script failed", first);
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }

    private void awaitScripts() {
        try {
            if (!threads.awaitTermination(Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("a script of the upstream does not end when interrupted");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!closing) {
            try {
                Socket socket = listener.accept();
                TcpConnection connection = TcpConnection.of(accepted.incrementAndGet(), socket);
                live.add(connection);
                start(connection);
            } catch (IOException stopped) {
                if (!closing) {
                    failures.add(stopped);
                    return;
                }
            }
        }
    }

    private void start(TcpConnection connection) {
        try {
            threads.execute(() -> play(connection));
        } catch (RejectedExecutionException closedMeanwhile) {
            quietly(connection);
        }
    }

    /** A failure is on record before the connection ends, so that whoever sees the end finds it. */
    private void play(TcpConnection connection) {
        try {
            script.serve(connection);
        } catch (IOException peerWentAway) {
            // The end of this connection only; what the client saw is what the test asserts.
        } catch (Exception | AssertionError failed) {
            if (!closing) {
                failures.add(failed);
            }
        } finally {
            quietly(connection);
            live.remove(connection);
        }
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyGone) {
            // Closing is best effort: the peer may have been faster.
        }
    }
}
