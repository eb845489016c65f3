package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Mailbox;
import dev.sluice.testkit.tcp.TcpConnection;
import dev.sluice.testkit.tcp.TcpScript;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes carried over TLS, whose halves end each by itself as those of a plain connection do. The
 * TLS between two proxies is that of the outer one's cluster and of the inner one's listener.
 */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class SecureTcpIT {
    @TempDir private Path folder;
    private TestCertificates certificates;
    private String shown;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        shown = TlsYaml.showing(certificates.issue("server", "localhost"), "");
    }

    private static String carrying(String tls, String cluster) {
        return """
        static_resources:
          listeners:
            - name: main
              address: {socket_address: {address: 127.0.0.1, port_value: 0}}
              filter_chains:
                - filters:
                    - name: tcp
                      typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: app}
                  %s
          clusters:
        """
                        .formatted(tls)
                + cluster.indent(4);
    }

    private RunningProxy secured(TcpUpstream upstream) {
        return secured(upstream, shown);
    }

    /** A proxy whose clients have TLS by this context. */
    static RunningProxy secured(TcpUpstream upstream, String context) {
        return RunningProxy.start(
                1, carrying(TlsYaml.downstream(context), Yaml.cluster("app", upstream.port())));
    }

    /** A proxy whose endpoint has TLS. */
    private RunningProxy securing(RunningProxy inner) {
        String context = "common_tls_context: {%s}".formatted(TlsYaml.trusting(certificates, ""));
        return RunningProxy.start(
                1, carrying("", TlsYaml.secureCluster(Yaml.cluster("app", inner.port()), context)));
    }

    private static TcpConnection connect(RunningProxy proxy) throws IOException {
        return TcpConnection.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
    }

    /** Answers when the client has said all. */
    private static TcpScript last() {
        return connection -> {
            connection.send("hi");
            connection.send("got " + text(connection.readToEnd()));
        };
    }

    /** Says all, and hears the client after that. */
    private static TcpScript first(Mailbox<String> heard) {
        return connection -> {
            connection.send("banner");
            connection.finish();
            heard.put(text(connection.readToEnd()));
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void a_client_that_has_said_all_still_gets_the_answer() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(last());
                RunningProxy proxy = secured(upstream);
                TlsClient tls = TlsClient.of(certificates, Optional.empty());
                SSLSocket client = tls.connect(proxy.port(), "localhost")) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();

            assertThat(text(client.getInputStream().readAllBytes()))
                    .as("what the client read")
                    .isEqualTo("higot hello");
            ExchangeRecord record = proxy.nextRecord();
            assertThat(record.flags()).as("flags").isEmpty();
            assertThat(record.bytesSent()).as("sent").isEqualTo(11);
        }
    }

    @Test
    void a_client_is_heard_after_the_endpoint_has_said_all() throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the endpoint heard");
        try (TcpUpstream upstream = TcpUpstream.start(first(heard));
                RunningProxy proxy = secured(upstream);
                TlsClient tls = TlsClient.of(certificates, Optional.empty());
                SSLSocket client = tls.connect(proxy.port(), "localhost")) {
            assertThat(text(client.getInputStream().readAllBytes()))
                    .as("banner")
                    .isEqualTo("banner");
            client.getOutputStream().write("late".getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();

            assertThat(heard.take()).as("what came late").isEqualTo("late");
            assertThat(proxy.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @Test
    void an_endpoint_with_tls_answers_after_the_client_has_said_all() throws Exception {
        try (TcpUpstream upstream = TcpUpstream.start(last());
                RunningProxy inner = secured(upstream);
                RunningProxy outer = securing(inner);
                TcpConnection client = connect(outer)) {
            client.send("hello");
            client.finish();

            assertThat(text(client.readToEnd())).as("answer").isEqualTo("higot hello");
            assertThat(outer.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    @Test
    void an_endpoint_with_tls_hears_the_client_after_it_has_said_all() throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the endpoint heard");
        try (TcpUpstream upstream = TcpUpstream.start(first(heard));
                RunningProxy inner = secured(upstream);
                RunningProxy outer = securing(inner);
                TcpConnection client = connect(outer)) {
            assertThat(text(client.readToEnd())).as("banner").isEqualTo("banner");
            client.send("late");
            client.finish();

            assertThat(heard.take()).as("what came late").isEqualTo("late");
            assertThat(outer.nextRecord().flags()).as("flags").isEmpty();
        }
    }

    /** RFC 5246 section 7.2.1 has the one who is told answer by closing at once. */
    @Test
    void with_tls_1_2_an_end_is_that_of_both_halves_and_nothing_said_before_is_lost()
            throws Exception {
        Mailbox<String> heard = new Mailbox<>("what the endpoint heard");
        try (TcpUpstream upstream =
                        TcpUpstream.start(connection -> {
                            connection.send("hi");
                            heard.put(text(connection.readToEnd()));
                        });
                RunningProxy proxy = secured(upstream);
                TlsClient tls = TlsClient.of(certificates, Optional.empty());
                SSLSocket client = tls.connect(proxy.port(), "localhost", "TLSv1.2")) {
            byte[] greeting = client.getInputStream().readNBytes(2);
            client.getOutputStream().write("hello".getBytes(StandardCharsets.ISO_8859_1));
            client.shutdownOutput();

            assertThat(text(greeting)).as("what came before").isEqualTo("hi");
            assertThat(heard.take()).as("what the client had said").isEqualTo("hello");
            assertThat(client.getInputStream().readAllBytes()).as("what came after").isEmpty();
            assertThat(proxy.nextRecord().bytesReceived()).as("received").isEqualTo(5);
        }
    }
}
