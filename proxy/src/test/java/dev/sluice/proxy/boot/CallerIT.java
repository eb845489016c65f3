package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.ServedCall;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import dev.sluice.testkit.tls.TestCertificates;
import java.net.http.HttpClient.Version;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sidecar of a service that plays an arm of a gate, and its callers. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class CallerIT {
    private static final String REFUSED = "x-sluice-refused";

    private final H1Upstream application = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));

    @AfterEach
    void closeUpstreams() {
        application.close();
        fresh.close();
    }

    private RunningProxy callee(String arm, String takeBack) {
        return RunningProxy.start(1, sidecar(arm, takeBack));
    }

    private String sidecar(String arm, String takeBack) {
        return Yaml.bootstrap(
                Yaml.servedRoute(arm, takeBack),
                Yaml.cluster("application", application.port()),
                Yaml.cluster("old", application.port()),
                Yaml.cluster("new", fresh.port()));
    }

    private RunningProxy caller(int calleePort, String operationClass) {
        return RunningProxy.start(
                1,
                Yaml.bootstrap(
                        Yaml.gatedRoute(0, operationClass, ""),
                        Yaml.cluster("old", calleePort),
                        Yaml.cluster("new", fresh.port())));
    }

    @ParameterizedTest
    @CsvSource({"READ", "IDEMPOTENT_WRITE", "UNSAFE_WRITE", "STREAM"})
    void what_a_retired_legacy_refuses_is_sent_to_new_by_the_callers_sidecar(String operationClass)
            throws Exception {
        try (RunningProxy callee = callee("LEGACY", "FORBIDDEN");
                RunningProxy caller = caller(callee.port(), operationClass);
                RawHttp1Client client = RawHttp1Client.connect(caller.port())) {
            H1Response answer =
                    client.exchange(
                            "POST",
                            "/",
                            Headers.of("x-user", "u1", "x-sluice-explain", "1"),
                            Body.of("one order"));
            ExchangeRecord called = callee.nextRecord();
            ExchangeRecord.GateOutcome outcome = caller.nextRecord().gate().orElseThrow();

            assertThat(answer.body().text()).as("answer").isEqualTo("new");
            assertThat(fresh.next().body().text()).as("what NEW got").isEqualTo("one order");
            assertThat(application.received()).as("what LEGACY acted on").isEmpty();
            assertThat(called.status()).as("of the refusal").isEqualTo(421);
            assertThat(called.served().map(ServedCall::refused)).as("counted").hasValue(true);
            GateDecision told =
                    DecisionHeader.parse(answer.headers().first(DecisionHeader.NAME).orElseThrow())
                            .orThrow();
            assertThat(told.arm()).as("arm in the end").isEqualTo(Arm.NEW);
            assertThat(told.reason()).as("reason").isEqualTo(Reason.FALLBACK);
            assertThat(outcome.decision().arm()).as("decided arm").isEqualTo(Arm.LEGACY);
            assertThat(outcome.fellBack()).as("counts as a fallback from NEW").isFalse();
        }
    }

    @Test
    void a_caller_without_a_sidecar_is_told_why_it_is_refused() throws Exception {
        try (RunningProxy callee = callee("LEGACY", "FORBIDDEN")) {
            H1Response plain = RawHttp1Client.get(callee.port(), "/");
            H1Response grpc =
                    RawHttp1Client.get(callee.port(), "/", "content-type", "application/grpc");

            assertThat(plain.status()).as("status").isEqualTo(421);
            assertThat(plain.headers().first(REFUSED)).as("reason").hasValue("legacy_retired");
            assertThat(plain.body().text()).contains("gates/orders").contains("call the new");
            assertThat(grpc.headers().first("grpc-status")).as("gRPC").hasValue("9");
            assertThat(grpc.headers().first(REFUSED)).as("reason").hasValue("legacy_retired");
        }
    }

    @ParameterizedTest
    @CsvSource({"LEGACY, FROM", "NEW, FROM", "NEW, FORBIDDEN"})
    void calls_are_served_and_counted_until_legacy_is_retired(String arm, String takeBack)
            throws Exception {
        try (RunningProxy callee = callee(arm, takeBack)) {
            H1Response answer =
                    RawHttp1Client.get(
                            callee.port(), "/", "x-envoy-downstream-service-cluster", "checkout");
            ServedCall call = callee.nextRecord().served().orElseThrow();

            assertThat(answer.body().text()).as("answer").isEqualTo("old");
            assertThat(call)
                    .isEqualTo(
                            new ServedCall(
                                    call.gate(),
                                    Arm.valueOf(arm),
                                    "gated",
                                    "",
                                    "checkout",
                                    /* refused= */ false));
        }
    }

    @Test
    void a_caller_is_known_by_its_certificate(@TempDir Path folder) throws Exception {
        TestCertificates certificates = TestCertificates.in(folder);
        String context =
                TlsYaml.showing(
                                certificates.issue("server", "localhost", "127.0.0.1"),
                                TlsYaml.trusting(certificates, ""))
                        + ", require_client_certificate: true";
        try (RunningProxy callee =
                        RunningProxy.start(1, TlsYaml.secured(sidecar("LEGACY", "FROM"), context));
                TlsClient client =
                        TlsClient.of(
                                certificates,
                                Optional.of(certificates.issue("c", "spiffe://mesh/checkout")))) {
            client.get(Version.HTTP_1_1, callee.port());

            assertThat(callee.nextRecord().served().orElseThrow().identity())
                    .isEqualTo("spiffe://mesh/checkout");
        }
    }

    @Test
    void an_answer_that_only_looks_like_a_refusal_is_the_callers() throws Exception {
        try (H1Upstream misdirected = H1Upstream.start(request -> H1Answer.status(421));
                RunningProxy caller = caller(misdirected.port(), "READ")) {
            H1Response answer = RawHttp1Client.get(caller.port(), "/", "x-user", "u1");

            assertThat(answer.status()).as("status").isEqualTo(421);
            assertThat(fresh.received()).as("requests on NEW").isEmpty();
        }
    }
}
