package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.Buckets;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.Salt;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.grpc.GrpcClient;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tls.TestCertificates;
import io.grpc.Metadata;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the bucketing key of a request comes from, and what a request without one gets. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class KeySourceIT {
    private static final Salt SALT = new Salt("pepper");

    private final H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("any"));

    @AfterEach
    void closeUpstream() {
        upstream.close();
    }

    private String keyedBy(String source, String missing) {
        return Yaml.bootstrap(
                Yaml.gatedRoute(500_000, "READ", "")
                        .replace(
                                "key: {header: x-user}, legacy: {}",
                                "key: {" + source + "}, " + missing + ": {}"),
                Yaml.cluster("old", upstream.port()),
                Yaml.cluster("new", upstream.port()));
    }

    private static GateDecision decided(RunningProxy proxy) {
        return proxy.nextRecord().gate().orElseThrow().decision();
    }

    /** The arm that the share says, by the bucket that the contract says for these bytes. */
    private static void isOf(byte[] key, GateDecision decision) {
        int bucket = Buckets.bucket(SALT, key);
        assertThat(decision.key()).as("key").isInstanceOf(GateDecision.Key.Used.class);
        assertThat(decision.bucket()).as("bucket").hasValue(bucket);
        assertThat(decision.reason()).as("reason").isEqualTo(Reason.SHARE);
        assertThat(decision.arm()).as("arm").isEqualTo(bucket < 500_000 ? Arm.NEW : Arm.LEGACY);
    }

    private static Arguments source(String source, String key, String path, String... headers) {
        return Arguments.of(source, key, path, headers);
    }

    private static String token(String claims) {
        Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
        return url.encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + url.encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".";
    }

    static Stream<Arguments> sources() {
        return Stream.of(
                source("header: x-user", "u1", "/", "x-user", " u1\t", "x-user", "u2"),
                source("cookie: uid", "c1", "/", "cookie", "a=b; uid=\"c1\"; uid=c2"),
                source(
                        "jwt_claim: {claim: sub}",
                        "j1",
                        "/",
                        "authorization",
                        "Bearer " + token("{\"sub\":\"j1\"}")),
                source(
                        "jwt_claim: {header: x-token, claim: shop.user}",
                        "42",
                        "/",
                        "x-token",
                        token("{\"shop\":{\"user\":42}}")),
                source("path_segment: {index: 1}", "p%201", "/users/p%201?q=2"),
                source("grpc_metadata: x-note", "m1", "/", "x-note", "m1"),
                source("grpc_metadata: x-note-bin", "m2", "/", "x-note-bin", "bTI="),
                source("peer_address: {}", "127.0.0.1", "/"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sources")
    void a_key_is_found_where_the_gate_says(
            String source, String key, String path, String[] headers) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, keyedBy(source, "legacy"))) {
            RawHttp1Client.get(proxy.port(), path, headers);

            isOf(key.getBytes(StandardCharsets.UTF_8), decided(proxy));
        }
    }

    @Test
    void binary_metadata_of_a_call_is_the_bytes_that_its_client_set() {
        byte[] key = {0, 1, (byte) 0xff, ','};
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("x-note-bin", Metadata.BINARY_BYTE_MARSHALLER), key);
        try (RunningProxy proxy =
                        RunningProxy.start(1, keyedBy("grpc_metadata: x-note-bin", "legacy"));
                GrpcClient client = GrpcClient.connect(proxy.port())) {
            var unused = client.call("shop.Orders/Get", metadata, Arrays.copyOf(key, 1));

            isOf(key, decided(proxy));
        }
    }

    @Test
    void the_identity_of_a_client_is_that_of_its_certificate(@TempDir Path folder)
            throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        String context =
                TlsYaml.showing(
                                certificates.issue("server", "localhost", "127.0.0.1"),
                                TlsYaml.trusting(certificates, ""))
                        + ", require_client_certificate: true";
        try (RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                TlsYaml.secured(
                                        keyedBy("client_identity: {}", "legacy"), context));
                TlsClient client =
                        TlsClient.of(
                                certificates,
                                Optional.of(certificates.issue("c", "spiffe://mesh/checkout")))) {
            client.get(Version.HTTP_1_1, proxy.port());

            isOf("spiffe://mesh/checkout".getBytes(StandardCharsets.UTF_8), decided(proxy));
        }
    }

    static Stream<Arguments> requestsWithoutAKey() {
        return Stream.of(
                Arguments.of(GateDecision.Key.Missing.class, new String[] {}),
                Arguments.of(GateDecision.Key.Missing.class, new String[] {"x-user", " "}),
                Arguments.of(
                        GateDecision.Key.TooLong.class, new String[] {"x-user", "u".repeat(1025)}));
    }

    @ParameterizedTest
    @MethodSource("requestsWithoutAKey")
    void a_request_without_a_key_gets_what_its_gate_says(
            Class<? extends GateDecision.Key> key, String[] headers) throws Exception {
        try (RunningProxy legacy = RunningProxy.start(1, keyedBy("header: x-user", "legacy"));
                RunningProxy random = RunningProxy.start(1, keyedBy("header: x-user", "random"))) {
            RawHttp1Client.get(legacy.port(), "/", headers);
            RawHttp1Client.get(random.port(), "/", headers);
            GateDecision always = decided(legacy);
            GateDecision drawn = decided(random);

            assertThat(always.key()).as("key").isInstanceOf(key);
            assertThat(always.arm()).as("arm").isEqualTo(Arm.LEGACY);
            assertThat(always.bucket()).as("bucket").isEmpty();
            assertThat(drawn.key()).as("key where it is drawn").isInstanceOf(key);
            assertThat(drawn.reason()).as("reason").isEqualTo(Reason.RANDOM);
        }
    }
}
