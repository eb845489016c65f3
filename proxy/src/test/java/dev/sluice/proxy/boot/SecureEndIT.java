package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ResponseFlag;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpScript;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * HTTP over TLS whose peer ends its half by {@code close_notify} alone: that ends the other half
 * too, and what was said before it arrives.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class SecureEndIT {
    private static final String ASK =
            """
            GET /chat HTTP/1.1\r
            host: a\r
            connection: upgrade\r
            upgrade: websocket\r
            sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;
    private static final String AGREE =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

    @TempDir private Path folder;
    private TestCertificates certificates;
    private String shown;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        shown = TlsYaml.showing(certificates.issue("server", "localhost"), "");
    }

    private static String tunnelling(String cluster) {
        return Yaml.withManager(
                "upgrade_configs: [{upgrade_type: websocket}]",
                Yaml.bootstrap(Yaml.routeTo("app"), cluster));
    }

    private RunningProxy secured(TcpUpstream upstream) {
        return RunningProxy.start(
                1, TlsYaml.secured(tunnelling(Yaml.cluster("app", upstream.port())), shown));
    }

    /** A proxy whose endpoint has TLS. */
    private RunningProxy securing(RunningProxy inner) {
        String context = "common_tls_context: {%s}".formatted(TlsYaml.trusting(certificates, ""));
        return RunningProxy.start(
                1, tunnelling(TlsYaml.secureCluster(Yaml.cluster("app", inner.port()), context)));
    }

    private static TcpUpstream agreeing(TcpScript script) {
        return TcpUpstream.start(connection -> {
            upTo(connection.in(), "\r\n\r\n");
            connection.send(AGREE);
            script.serve(connection);
        });
    }

    private static String upTo(InputStream in, String end) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            int next = in.read();
            assertThat(next).as("next byte after '%s'", read).isNotNegative();
            read.append((char) next);
        }
        return read.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_client_that_ends_its_half_has_said_all_and_hears_no_more() throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the endpoint heard");
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.send("hi");
                            heard.put(text(connection.readToEnd()));
                            connection.send("too late");
                        });
                RunningProxy proxy = secured(upstream);
                TlsClient tls = TlsClient.of(certificates, Optional.empty());
                SSLSocket client = tls.connect(proxy.port(), "localhost")) {
            client.getOutputStream().write(bytes(ASK));
            String agreed = upTo(client.getInputStream(), "\r\n\r\nhi");
            client.getOutputStream().write(bytes("hello"));
            client.shutdownOutput();

            assertThat(agreed).as("agreement").startsWith("HTTP/1.1 101 ");
            assertThat(heard.take()).as("what the endpoint heard").isEqualTo("hello");
            assertThat(client.getInputStream().readAllBytes()).as("what came after").isEmpty();
            assertThat(proxy.nextRecord().bytesReceived()).as("received").isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ASK, "GET / HTTP/1.1\r\nhost: a\r\n\r\n"})
    void a_client_that_asks_and_ends_its_half_has_left(String request) throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(TcpConnection::readToEnd);
                RunningProxy proxy = secured(upstream);
                TlsClient tls = TlsClient.of(certificates, Optional.empty());
                SSLSocket client = tls.connect(proxy.port(), "localhost")) {
            client.getOutputStream().write(bytes(request));
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).as("an answer").isEmpty();
            assertThat(proxy.nextRecord().flags())
                    .as("flags")
                    .containsExactly(ResponseFlag.DOWNSTREAM_CONNECTION_TERMINATION);
        }
    }

    @Test
    void what_an_endpoint_with_tls_says_before_its_end_arrives() throws Exception {
        try (TcpUpstream upstream =
                        agreeing(connection -> {
                            connection.send("got " + text(connection.read(5)));
                            connection.finish();
                            connection.readToEnd();
                        });
                RunningProxy inner = secured(upstream);
                RunningProxy outer = securing(inner);
                RawHttp1Client client = RawHttp1Client.connect(outer.port())) {
            client.send(ASK);
            int status = client.readHead().status();
            client.send("hello");

            assertThat(status).as("status").isEqualTo(101);
            assertThat(client.readToClose().text()).as("answer").isEqualTo("got hello");
            client.connection().finish();
            assertThat(outer.nextRecord().bytesSent()).as("sent").isEqualTo(9);
        }
    }

    @Test
    void an_answer_that_ends_with_its_connection_ends_with_close_notify() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            upTo(connection.in(), "\r\n\r\n");
                            connection.send("HTTP/1.1 200 OK\r\n\r\nto the end");
                            connection.finish();
                            connection.await(read);
                        });
                RunningProxy inner = SecureTcpIT.secured(upstream, shown);
                RunningProxy outer = securing(inner)) {
            H1Response answer = RawHttp1Client.get(outer.port(), "/");
            read.countDown();

            assertThat(answer.body().text()).as("body").isEqualTo("to the end");
            assertThat(outer.nextRecord().flags()).as("flags").isEmpty();
        }
    }
}
