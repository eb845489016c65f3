package dev.sluice.chaos.load.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chaos.load.Answer;
import dev.sluice.chaos.load.LoadSettings;
import dev.sluice.chaos.load.Planned;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Request;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.tcp.TcpUpstream;
import dev.sluice.testkit.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The client of loads, against a server that frames its answers in every way. */
@ExtendWith(LeakCheck.class)
class HttpSenderIT {
    @TempDir private Path folder;

    private static LoadSettings settings(String target, Duration timeout) {
        return new LoadSettings(
                List.of(URI.create(target)),
                Set.of(),
                10,
                Duration.ofSeconds(1),
                5,
                Map.of("x-user", "{key}"),
                "x-request-id",
                Optional.of(new LoadSettings.Writes(30, "PUT", "<{value}>")),
                timeout,
                100,
                Optional.empty(),
                1);
    }

    private static HttpSender sender(int port) {
        return sender(port, Patience.LIMIT);
    }

    private static HttpSender sender(int port, Duration timeout) {
        return new HttpSender(settings("http://127.0.0.1:" + port + "/a%7Bkey%7D?b=c", timeout));
    }

    private static Answer answer(HttpSender sender, long id, Planned.Operation operation) {
        return Patience.await(
                sender.send(new Planned(id, "key-3", 0, operation, 0)), "the answer " + id);
    }

    private static Answer read(HttpSender sender, long id) {
        return answer(sender, id, Planned.Operation.READ);
    }

    static Stream<Arguments> framings() {
        return Stream.of(
                Arguments.of("a length", H1Answer.ok("body"), 200, 4, OptionalLong.of(4)),
                Arguments.of("chunks", H1Answer.chunked("bo", "dy"), 200, 4, OptionalLong.empty()),
                Arguments.of("its end", H1Answer.untilClose("body"), 200, 4, OptionalLong.empty()),
                Arguments.of("no body", H1Answer.status(204), 204, 0, OptionalLong.empty()),
                Arguments.of(
                        "no body, though a length",
                        H1Answer.raw("HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n"),
                        304,
                        0,
                        OptionalLong.of(9)),
                Arguments.of(
                        "an interim answer before",
                        H1Answer.ok("body").afterInterim(103, "link", "</a>"),
                        200,
                        4,
                        OptionalLong.of(4)),
                Arguments.of("an error", H1Answer.status(503), 503, 0, OptionalLong.of(0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void answers_are_whole_by(
            String framing, H1Answer script, int status, long bytes, OptionalLong declared) {
        try (H1Upstream server = H1Upstream.start(_ -> script);
                HttpSender sender = sender(server.port())) {
            for (int i = 0; i < 2; i++) {
                assertThat(read(sender, i))
                        .as(framing)
                        .isInstanceOfSatisfying(
                                Answer.Complete.class,
                                whole -> {
                                    assertThat(whole.status()).isEqualTo(status);
                                    assertThat(whole.body().bytes()).isEqualTo(bytes);
                                    assertThat(whole.body().declared()).isEqualTo(declared);
                                });
            }
        }
    }

    @Test
    void requests_are_what_was_planned() {
        try (H1Upstream server =
                        H1Upstream.start(request ->
                                H1Answer.of(
                                        200,
                                        Headers.of(
                                                "x-request-id",
                                                request.headers().first("x-request-id").get(),
                                                "x-sluice-decision",
                                                "d"),
                                        Body.of(request.body().text())));
                HttpSender sender = sender(server.port())) {
            Answer write = answer(sender, 7, Planned.Operation.WRITE);
            Answer read = read(sender, 8);

            H1Request first = server.next();
            assertThat(first.method() + " " + first.target()).isEqualTo("PUT /akey-3?b=c");
            assertThat(first.headers().first("host")).contains("127.0.0.1:" + server.port());
            assertThat(first.headers().first("x-user")).contains("key-3");
            assertThat(first.body().text()).matches("<sluice-[0-9a-f]{16}-7->");
            assertThat(server.next().method()).isEqualTo("GET");
            assertThat(server.connections()).as("one after the other").isEqualTo(1);
            assertThat(write)
                    .isInstanceOfSatisfying(
                            Answer.Complete.class,
                            whole -> {
                                assertThat(whole.own()).contains(true);
                                assertThat(whole.decision()).contains("d");
                                assertThat(whole.body().value()).hasValue(7);
                            });
            assertThat(read).isInstanceOf(Answer.Complete.class);
        }
    }

    @Test
    void the_first_request_finds_a_connection_that_is_open() {
        try (H1Upstream server = H1Upstream.start(_ -> H1Answer.ok("body"));
                HttpSender sender = sender(server.port());
                HttpSender refused = sender(TcpUpstream.refusedPort())) {
            sender.prepare();
            refused.prepare();

            assertThat(read(sender, 0)).isInstanceOf(Answer.Complete.class);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.received()).as("exchanges without a network").hasSize(1);
            assertThat(read(refused, 0)).isInstanceOf(Answer.Failed.class);
        }
    }

    @Test
    void a_busy_connection_keeps_no_other_request_waiting() {
        CountDownLatch both = new CountDownLatch(2);
        try (H1Upstream server =
                        H1Upstream.start(_ -> {
                            both.countDown();
                            return H1Answer.ok("body").after(both);
                        });
                HttpSender sender = sender(server.port())) {
            CompletableFuture<Answer> first =
                    sender.send(new Planned(0, "k", 0, Planned.Operation.READ, 0));

            assertThat(read(sender, 1)).isInstanceOf(Answer.Complete.class);
            assertThat(Patience.await(first, "the first")).isInstanceOf(Answer.Complete.class);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    static Stream<Arguments> brokenAnswers() {
        return Stream.of(
                Arguments.of(H1Answer.close(), new Answer.Failed(Connection.ENDED)),
                Arguments.of(
                        H1Answer.partial(9, "half").thenClose(),
                        new Answer.Cut(200, 4, Connection.ENDED)),
                Arguments.of(
                        H1Answer.raw(
                                        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")
                                .thenClose(),
                        new Answer.Cut(200, 4, Connection.ENDED)));
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void a_broken_answer_is_no_answer_and_its_request_is_not_sent_again(
            H1Answer script, Answer wanted) {
        try (H1Upstream server = H1Upstream.start(_ -> script);
                HttpSender sender = sender(server.port())) {
            assertThat(read(sender, 0)).isEqualTo(wanted);
            assertThat(server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 x', 0",
        "'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nz\r\n', 1"
    })
    void what_is_no_http_is_no_answer(String wire, int cut) {
        try (H1Upstream server = H1Upstream.start(_ -> H1Answer.raw(wire + "\r\n\r\n"));
                HttpSender sender = sender(server.port())) {
            assertThat(read(sender, 0))
                    .isInstanceOf(cut == 1 ? Answer.Cut.class : Answer.Failed.class);
        }
    }

    @Test
    void bytes_that_nobody_asked_for_are_not_the_next_answer() {
        H1Answer twice =
                H1Answer.raw(
                        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody"
                                + "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nother");
        try (H1Upstream server = H1Upstream.start(_ -> twice);
                HttpSender sender = sender(server.port())) {
            for (int i = 0; i < 3; i++) {
                assertThat(read(sender, i))
                        .isInstanceOfSatisfying(
                                Answer.Complete.class,
                                whole -> assertThat(whole.body().bytes()).isEqualTo(4));
            }
            assertThat(server.connections()).isEqualTo(3);
        }
    }

    @Test
    void an_answer_that_is_late_is_no_answer_and_nothing_of_it_is_taken_for_the_next() {
        try (H1Upstream server =
                        H1Upstream.start(request ->
                                request.headers().first("x-request-id").get().endsWith("-0")
                                        ? H1Answer.partial(9, "half")
                                        : H1Answer.ok("body"));
                HttpSender slow = sender(server.port(), Duration.ofMillis(900));
                HttpSender refused = sender(TcpUpstream.refusedPort())) {
            assertThat(read(slow, 0)).isEqualTo(new Answer.Cut(200, 4, Exchange.LATE));
            assertThat(read(slow, 1)).isInstanceOf(Answer.Complete.class);
            assertThat(server.connections()).isEqualTo(2);
            assertThat(read(refused, 0)).isInstanceOf(Answer.Failed.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true, true", "127.0.0.1, false, false", "localhost, true, false"})
    void tls_is_spoken_with_servers_that_are_trusted_and_meant(
            String host, boolean trusted, boolean answered) throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        TestCertificates.Issued issued = certificates.issue("server", "127.0.0.1");
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", certificates.authority());
        Path store = folder.resolve("trust.p12");
        try (var out = Files.newOutputStream(store)) {
            trust.store(out, "secret".toCharArray());
        }
        if (trusted) {
            System.setProperty("javax.net.ssl.trustStore", store.toString());
            System.setProperty("javax.net.ssl.trustStorePassword", "secret");
        }
        try (SSLServerSocket listener = listener(issued)) {
            Thread server = Thread.ofVirtual().start(() -> answerOnce(listener));
            try (HttpSender sender =
                    new HttpSender(
                            settings(
                                    "https://" + host + ":" + listener.getLocalPort() + "/",
                                    Patience.LIMIT))) {
                assertThat(read(sender, 0))
                        .isInstanceOf(answered ? Answer.Complete.class : Answer.Failed.class);
            }
            server.join();
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    private static SSLServerSocket listener(TestCertificates.Issued issued) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        char[] none = new char[0];
        keys.setKeyEntry(
                "server", issued.key(), none, new X509Certificate[] {issued.certificate()});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** A client that does not trust it says so by an alert. */
    private static void answerOnce(SSLServerSocket listener) {
        try (SSLSocket socket = (SSLSocket) listener.accept()) {
            if (socket.getInputStream().read() >= 0) {
                socket.getOutputStream()
                        .write(
                                "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbody"
                                        .getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException alert) {
            // The test looks at what the client makes of it.
        }
    }
}
