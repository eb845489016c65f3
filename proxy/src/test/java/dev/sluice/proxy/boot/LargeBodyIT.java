package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.http.H1Exchange;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A body far larger than the memory of the proxy, both ways, through a process of its own. */
class LargeBodyIT {
    private static final long GIB = 1L << 30;
    private static final byte[] BLOCK = new byte[64 * 1024];

    @TempDir private Path folder;

    @Test
    @Timeout(value = 180, unit = TimeUnit.SECONDS)
    void one_gib_passes_both_ways_through_64_mib_of_heap_and_direct_memory() throws Exception {
        try (H1Upstream upstream = H1Upstream.startAtHead(request -> LargeBodyIT::swallowAndPour)) {
            Process proxy = start(upstream.port());
            try (BufferedReader out = proxy.inputReader();
                    Socket client =
                            new Socket(InetAddress.getLoopbackAddress(), port(out.readLine()))) {
                Thread upload = Thread.ofVirtual().start(() -> upload(client));

                String head = head(client.getInputStream());
                long received = count(client.getInputStream(), GIB);
                upload.join();

                assertThat(head).as("head of the answer").startsWith("HTTP/1.1 200");
                assertThat(head).as("what the upstream got").contains("x-received: " + GIB);
                assertThat(received).as("bytes of the answer").isEqualTo(GIB);
                assertThat(proxy.isAlive()).as("the proxy is alive").isTrue();
            } finally {
                proxy.destroyForcibly().waitFor();
            }
        }
    }

    private static void swallowAndPour(H1Exchange exchange) throws IOException {
        long received = exchange.drainBody();
        exchange.sendHead(
                200,
                Headers.of(
                        "content-length",
                        Long.toString(GIB),
                        "x-received",
                        Long.toString(received)));
        for (long sent = 0; sent < GIB; sent += BLOCK.length) {
            exchange.send(BLOCK);
        }
    }

    private Process start(int upstreamPort) throws IOException {
        Path config = folder.resolve("bootstrap.yaml");
        Files.writeString(
                config,
                Yaml.bootstrap(
                        "- {match: {prefix: /}, route: {cluster: app, timeout: 0s}}\n",
                        Yaml.cluster("app", upstreamPort)));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "-c",
                        config.toString(),
                        "--event-loops",
                        "1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int port(String ready) {
        assertThat(ready).as("first line of the proxy").startsWith("sluice proxy ready");
        return Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
    }

    private static void upload(Socket client) {
        try {
            OutputStream out = client.getOutputStream();
            String head =
                    "POST /large HTTP/1.1\r\nhost: sluice.test\r\ncontent-length: "
                            + GIB
                            + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            for (long sent = 0; sent < GIB; sent += BLOCK.length) {
                out.write(BLOCK);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("next byte after '%s'", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static long count(InputStream in, long expected) throws IOException {
        byte[] block = new byte[256 * 1024];
        long count = 0;
        while (count < expected) {
            int read = in.read(block);
            if (read < 0) {
                return count;
            }
            count += read;
        }
        return count;
    }
}
