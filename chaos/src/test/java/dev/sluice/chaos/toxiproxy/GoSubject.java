package dev.sluice.chaos.toxiproxy;

import dev.sluice.chaos.Peers;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.tcp.TcpUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The original server as a process of its own. */
record GoSubject(Process process, InetSocketAddress api) implements Subject {
    static GoSubject start(String... more) {
        Path binary = Peers.find("toxiproxy-server");
        int port = TcpUpstream.refusedPort();
        try {
            List<String> command = new ArrayList<>(List.of(binary.toString()));
            command.addAll(List.of("-host", "127.0.0.1", "-port", Integer.toString(port)));
            command.addAll(List.of(more));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            CountDownLatch ready = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> follow(process, ready));
            Patience.await(ready, "the original Toxiproxy to start");
            return new GoSubject(
                            process, new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .listening();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Reads the log to its end, so that the process never waits for a reader. */
    private static void follow(Process process, CountDownLatch ready) {
        try (BufferedReader log = process.inputReader()) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                if (line.contains("Starting Toxiproxy HTTP server")) {
                    ready.countDown();
                }
            }
        } catch (IOException ended) {
            ready.countDown();
        }
    }

    /** The log line comes just before the socket. */
    private GoSubject listening() {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try (var probe = new java.net.Socket()) {
                probe.connect(api);
                return this;
            } catch (IOException notYet) {
                Thread.onSpinWait();
            }
        }
        throw new AssertionError("the original Toxiproxy does not listen on " + api);
    }

    boolean crashed() {
        try {
            return process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Override
    public boolean original() {
        return true;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
