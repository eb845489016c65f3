package dev.sluice.control.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.admin.v1.CreateServiceRequest;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.admin.v1.Service;
import dev.sluice.admin.v1.ServiceServiceGrpc;
import dev.sluice.control.admin.access.UsersFile;
import dev.sluice.control.store.SqliteEventStore.History;
import dev.sluice.control.xds.NodeProof;
import dev.sluice.testkit.tls.TestCertificates;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People, CI and machines at the admin API of a whole control plane. */
class CallersIT {
    @TempDir private Path folder;

    private volatile JWKSet published = new JWKSet();
    private final AtomicInteger fetches = new AtomicInteger();
    private TestCertificates certificates;
    private HttpServer provider;
    private ControlPlane plane;

    @BeforeEach
    void start() throws IOException {
        certificates = TestCertificates.in(folder);
        provider = HttpServer.create(loopback(), 0);
        provider.createContext(
                "/keys",
                exchange -> {
                    fetches.incrementAndGet();
                    byte[] body = published.toString().getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        provider.start();
        Path users =
                Files.writeString(
                        folder.resolve("users.yaml"),
                        """
                        users:
                        - {name: deployer, spiffe_id: "spiffe://corp/ci/deployer", roles: [admin]}
                        issuers:
                        - name: corp
                          issuer: https://login.corp.example
                          audiences: [sluice]
                          jwks_uri: http://127.0.0.1:%d/keys
                          grants:
                          - {claim: groups, value: readers, roles: [viewer]}
                          - {claim: groups, value: builders, roles: [admin]}
                        """
                                .formatted(provider.getAddress().getPort()));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        TestCertificates.Issued server = certificates.issue("admin", "127.0.0.1");
        plane =
                ControlPlane.start(
                        new Settings(
                                loopback(),
                                Optional.of(
                                        new Tls(
                                                server.chainFile(),
                                                server.keyFile(),
                                                Optional.of(certificates.authorityFile()))),
                                loopback(),
                                Optional.empty(),
                                new NodeProof.Believed(),
                                Optional.empty(),
                                folder.resolve("state"),
                                Optional.empty(),
                                UsersFile.read(users).orThrow(),
                                Outward.NOWHERE,
                                Inquiry.NONE,
                                folder.resolve("backups"),
                                Optional.empty(),
                                History.CONTINUED),
                        Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        plane.close();
        provider.stop(0);
    }

    @Test
    void a_client_certificate_stands_for_its_user() throws IOException {
        assertThat(events(certificate("spiffe://corp/ci/deployer"), Optional.empty(), "orders"))
                .extracting(Event::getActor)
                .containsOnly("deployer");
    }

    @Test
    void a_certificate_of_nobody_and_none_are_not_let_in() throws IOException {
        refused(Code.UNAUTHENTICATED, certificate("spiffe://corp/ci/other"), Optional.empty());
        refused(Code.UNAUTHENTICATED, trust().build(), Optional.empty());
    }

    @Test
    void a_provider_vouches_for_people_with_keys_that_change() throws Exception {
        RSAKey first = key("first");
        published = new JWKSet(first.toPublicJWK());
        assertThat(events(trust().build(), Optional.of(token(first, "builders")), "orders"))
                .extracting(Event::getActor)
                .containsOnly("corp:4711");
        refused(Code.PERMISSION_DENIED, trust().build(), Optional.of(token(first, "readers")));
        refused(Code.UNAUTHENTICATED, trust().build(), Optional.of(token(first, "guests")));
        assertThat(fetches).as("keys are kept").hasValue(1);

        RSAKey second = key("second");
        refused(Code.UNAUTHENTICATED, trust().build(), Optional.of(token(second, "builders")));
        published = new JWKSet(List.of(first.toPublicJWK(), second.toPublicJWK()));
        assertThat(fetches.get()).as("a key not seen yet is looked for").isBetween(2, 3);
    }

    private List<Event> events(
            ChannelCredentials credentials, Optional<String> token, String service) {
        return call(
                credentials,
                token,
                channel -> {
                    create(channel, service);
                    return EventServiceGrpc.newBlockingStub(channel)
                            .listEvents(ListEventsRequest.getDefaultInstance())
                            .getEventsList();
                });
    }

    private void refused(Code code, ChannelCredentials credentials, Optional<String> token) {
        assertThatThrownBy(() ->
                        call(
                                credentials,
                                token,
                                channel -> {
                                    create(channel, "refused");
                                    return code;
                                }))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
    }

    private static void create(Channel channel, String service) {
        ServiceServiceGrpc.newBlockingStub(channel)
                .createService(
                        CreateServiceRequest.newBuilder()
                                .setServiceId(service)
                                .setService(Service.newBuilder().setOwner("a"))
                                .build());
    }

    private interface Call<A> {
        A on(Channel channel);
    }

    private <A> A call(ChannelCredentials credentials, Optional<String> token, Call<A> call) {
        ManagedChannel channel =
                Grpc.newChannelBuilder("127.0.0.1:" + plane.adminPort(), credentials).build();
        Metadata headers = new Metadata();
        token.ifPresent(text ->
                headers.put(
                        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                        "Bearer " + text));
        try {
            return call.on(
                    ClientInterceptors.intercept(
                            channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
        } finally {
            channel.shutdownNow();
        }
    }

    private ChannelCredentials certificate(String identity) throws IOException {
        TestCertificates.Issued client = certificates.issue("client", identity);
        return trust().keyManager(client.chainFile().toFile(), client.keyFile().toFile()).build();
    }

    private TlsChannelCredentials.Builder trust() throws IOException {
        return TlsChannelCredentials.newBuilder()
                .trustManager(certificates.authorityFile().toFile());
    }

    private static RSAKey key(String id) throws JOSEException {
        return new RSAKeyGenerator(2_048).keyID(id).generate();
    }

    private static String token(RSAKey key, String group) throws JOSEException {
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                        new JWTClaimsSet.Builder()
                                .issuer("https://login.corp.example")
                                .audience("sluice")
                                .subject("4711")
                                .claim("groups", List.of(group))
                                .expirationTime(
                                        Date.from(
                                                Clock.systemUTC()
                                                        .instant()
                                                        .plus(Duration.ofMinutes(5))))
                                .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
