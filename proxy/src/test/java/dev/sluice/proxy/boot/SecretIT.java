package dev.sluice.proxy.boot;

import static dev.sluice.proxy.boot.Xds.CDS;
import static dev.sluice.proxy.boot.Xds.EDS;
import static dev.sluice.proxy.boot.Xds.GATES;
import static dev.sluice.proxy.boot.Xds.LDS;
import static dev.sluice.proxy.boot.Xds.RDS;
import static dev.sluice.proxy.boot.Xds.SDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.sluice.proxy.admin.ProxyState;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.Patience;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.tls.TestCertificates;
import dev.sluice.testkit.tls.TestCertificates.Issued;
import dev.sluice.testkit.xds.ScriptedAds;
import dev.sluice.testkit.xds.SotwStream;
import dev.sluice.testkit.xds.StandingConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets of a management server (SDS): waiting, rotation, and where they must not be. */
@ExtendWith(LeakCheck.class)
class SecretIT {
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path folder;
    private TestCertificates certificates;
    private Issued first;
    private Issued second;

    @BeforeEach
    void issue() {
        certificates = TestCertificates.in(folder);
        first = certificates.issue("first", "localhost");
        second = certificates.issue("second", "localhost");
    }

    private StandingConfig plain(H1Upstream upstream) {
        return new StandingConfig()
                .put(CDS, "app", Xds.cluster("app"))
                .put(EDS, "app", Xds.endpoints("app", upstream.port()))
                .put(LDS, "main", Xds.secured(Xds.listener("main", "r"), "server-cert"))
                .put(RDS, "r", Xds.routes("r", "app"));
    }

    private static Message secret(Issued issued) throws IOException {
        return Xds.certificate("server-cert", issued);
    }

    private static String reason(ManagedProxy proxy) {
        return switch (proxy.proxy().state()) {
            case ProxyState.Starting(String reason) -> reason;
            case ProxyState.Live(), ProxyState.Draining() -> "";
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void a_listener_waits_for_its_certificate(String protocol) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                ScriptedAds ads = ScriptedAds.serving(plain(upstream), GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap(protocol, ads.port()))) {
            ManagedProxy.until(
                    "the reason",
                    () ->
                            reason(proxy)
                                    .contains("listener main waits for its secrets [server-cert]"));

            assertThat(proxy.isReady()).as("ready without its certificate").isFalse();
            assertThat(proxy.proxy().snapshot().listeners()).as("listeners").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void a_cluster_waits_for_its_authorities(String protocol) throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"))) {
            StandingConfig config =
                    plain(upstream)
                            .put(SDS, "server-cert", secret(first))
                            .put(CDS, "app", Xds.trusting(Xds.cluster("app"), "authorities"));
            try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                    ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap(protocol, ads.port()))) {
                ManagedProxy.until(
                        "the reason",
                        () ->
                                reason(proxy)
                                        .contains(
                                                "cluster app waits for its secrets [authorities]"));
                boolean early = proxy.isReady();
                config.put(
                        SDS,
                        "authorities",
                        Xds.authorities("authorities", certificates.authorityFile()));
                proxy.awaitReady();

                assertThat(early).as("ready before").isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void a_new_certificate_is_for_new_connections_and_nobody_is_cut_off(String protocol)
            throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"))) {
            StandingConfig config = plain(upstream).put(SDS, "server-cert", secret(first));
            try (ScriptedAds ads = ScriptedAds.serving(config, GATES);
                    ManagedProxy proxy =
                            ManagedProxy.start(Xds.bootstrap(protocol, ads.port())).awaitReady();
                    TlsClient http = TlsClient.of(certificates, Optional.empty());
                    SSLSocket old = http.connect(proxy.port(), "localhost")) {
                int port = proxy.port();
                AtomicBoolean stop = new AtomicBoolean();
                CompletableFuture<Integer> requests =
                        CompletableFuture.supplyAsync(() -> requests(http, port, stop));
                String before = shown(port);
                config.put(SDS, "server-cert", secret(second));
                ManagedProxy.until("the new one", () -> shown(port).equals("CN=second"));
                stop.set(true);

                assertThat(before).as("first").isEqualTo("CN=first");
                assertThat(Patience.await(requests, "load")).as("all answered").isPositive();
                old.getOutputStream().write(REQUEST);
                assertThat(
                                new String(
                                        old.getInputStream().readNBytes(12),
                                        StandardCharsets.US_ASCII))
                        .as("an answer on the connection of before")
                        .isEqualTo("HTTP/1.1 200");
            }
        }
    }

    /** Half on one kept connection, half on a new one each; none may fail. */
    private int requests(TlsClient kept, int port, AtomicBoolean stop) {
        int done = 0;
        while (!stop.get()) {
            try (TlsClient fresh = TlsClient.of(certificates, Optional.empty())) {
                for (TlsClient client : List.of(kept, fresh)) {
                    assertThat(client.get(Version.HTTP_1_1, port).statusCode()).isEqualTo(200);
                    done++;
                }
            } catch (IOException | InterruptedException failed) {
                throw new AssertionError("a request failed while the certificate changed", failed);
            }
        }
        return done;
    }

    private String shown(int port) {
        try (TlsClient fresh = TlsClient.of(certificates, Optional.empty());
                SSLSocket socket = fresh.connect(port, "localhost")) {
            return socket.getSession().getPeerPrincipal().getName();
        } catch (IOException failed) {
            throw new AssertionError("no connection", failed);
        }
    }

    @Test
    void a_refused_secret_is_told_without_what_is_in_it_and_the_old_one_stays() throws Exception {
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"));
                ScriptedAds ads = ScriptedAds.start(GATES);
                ManagedProxy proxy = ManagedProxy.start(Xds.bootstrap("GRPC", ads.port()))) {
            SotwStream stream = ads.nextSotw();
            stream.awaitRequest(CDS);
            stream.awaitAck(stream.send(CDS, "1", List.of(Xds.cluster("app"))));
            stream.awaitRequest(EDS, "app");
            stream.awaitAck(stream.send(EDS, "1", List.of(Xds.endpoints("app", upstream.port()))));
            stream.awaitAck(
                    stream.send(
                            LDS,
                            "1",
                            List.of(Xds.secured(Xds.listener("main", "r"), "server-cert"))));
            stream.awaitRequest(SDS, "server-cert");
            stream.awaitAck(stream.send(SDS, "1", List.of(secret(first))));
            stream.awaitRequest(RDS, "r");
            stream.awaitAck(stream.send(RDS, "1", List.of(Xds.routes("r", "app"))));
            proxy.awaitReady();
            Secret torn = torn();
            String text =
                    stream.awaitNack(stream.send(SDS, "2", List.of(torn)))
                            .getErrorDetail()
                            .getMessage();

            assertThat(text).as("NACK").contains("secret server-cert: tls_certificate.private_key");
            assertThat(text).as("NACK").doesNotContain(keyLine(second)).doesNotContain("MII");
            assertThat(shown(proxy.port())).as("still shown").isEqualTo("CN=first");
        }
    }

    /** The first certificate with the second key. */
    private Secret torn() throws IOException {
        Secret.Builder secret = ((Secret) secret(first)).toBuilder();
        secret.getTlsCertificateBuilder()
                .setPrivateKey(((Secret) secret(second)).getTlsCertificate().getPrivateKey());
        return secret.build();
    }

    private static String keyLine(Issued issued) throws IOException {
        return Files.readString(issued.keyFile()).lines().skip(1).findFirst().orElseThrow();
    }

    @Test
    void secrets_are_in_no_dump_and_on_no_disk_and_a_restart_says_that_they_are_missing()
            throws Exception {
        Path state = folder.resolve("state");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"))) {
            StandingConfig config = plain(upstream).put(SDS, "server-cert", secret(first));
            try (ScriptedAds ads = ScriptedAds.serving(config, GATES)) {
                String bootstrap = Xds.bootstrap("GRPC", ads.port());
                try (ManagedProxy proxy =
                        ManagedProxy.start(bootstrap, state, Clock.systemUTC()).awaitReady()) {
                    assertThat(proxy.proxy().snapshot().toString())
                            .as("what config_dump shows")
                            .contains("[redacted]")
                            .doesNotContain(keyLine(first));
                }
                assertThat(onDisk(state)).as("on the disk").doesNotContain(keyLine(first));
                assertNotReady(ads, bootstrap, state, "listener main waits for its secrets");
            }
        }
    }

    @Test
    void a_private_key_in_a_listener_is_on_no_disk_and_a_restart_says_so() throws Exception {
        Path state = folder.resolve("state");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("hello"))) {
            StandingConfig config =
                    plain(upstream).put(LDS, "main", Xds.secured(Xds.listener("main", "r"), first));
            try (ScriptedAds ads = ScriptedAds.serving(config, GATES)) {
                String bootstrap = Xds.bootstrap("GRPC", ads.port());
                ManagedProxy.start(bootstrap, state, Clock.systemUTC()).awaitReady().close();

                assertThat(onDisk(state)).as("on the disk").doesNotContain(keyLine(first));
                assertNotReady(ads, bootstrap, state, "sent no listener yet");
            }
        }
    }

    private static void assertNotReady(ScriptedAds ads, String bootstrap, Path state, String reason)
            throws Exception {
        ads.refuse();
        try (ManagedProxy again = ManagedProxy.start(bootstrap, state, Clock.systemUTC())) {
            ManagedProxy.until("the reason", () -> reason(again).contains(reason));
            boolean early = again.isReady();
            ads.accept();
            again.awaitReady();

            assertThat(early).as("ready without its key").isFalse();
        }
    }

    private static String onDisk(Path state) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(state)) {
            for (Path file : files.toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(all.toString()).as("the listener was remembered").contains("main");
        return all.toString();
    }
}
