package dev.sluice.e2e;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for programs that are started later: below those that systems give to connections, else a
 * connection might have one before the program that is to listen there. Each of the JVMs that run
 * tests side by side has ports of its own, and hands each out once in a round. Thread-safe.
 */
final class Ports {
    /** Of this JVM. */
    static final Ports HERE = new Ports(Integer.getInteger("surefire.forkNumber", 1));

    private static final int LOWEST = 20_000;
    private static final int SIZE = 3_000;
    private static final int JVMS = 4;

    private final int first;
    private final AtomicInteger next = new AtomicInteger(ThreadLocalRandom.current().nextInt(SIZE));

    /**
     * @param jvm which of the JVMs that run at the same time, from 1 to 4
     */
    Ports(int jvm) {
        this.first = LOWEST + (jvm - 1) % JVMS * SIZE;
    }

    /** One that nobody listens on at this moment. */
    int next() throws IOException {
        while (true) {
            int port = first + next.getAndIncrement() % SIZE;
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // another one
            }
        }
    }
}
