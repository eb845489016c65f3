package dev.sluice.proxy.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Parsed;
import dev.sluice.contract.decide.DecisionHeader;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Reason;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.testkit.LeakCheck;
import dev.sluice.testkit.http.Body;
import dev.sluice.testkit.http.H1Answer;
import dev.sluice.testkit.http.H1Response;
import dev.sluice.testkit.http.H1Upstream;
import dev.sluice.testkit.http.Headers;
import dev.sluice.testkit.http.RawHttp1Client;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gate between two upstreams, as clients of the proxy see it. */
@ExtendWith(LeakCheck.class)
@Tag("loops")
class GateIT {
    private static final int KEYS = 2000;

    private final H1Upstream old = H1Upstream.start(request -> H1Answer.ok("old"));
    private final H1Upstream fresh = H1Upstream.start(request -> H1Answer.ok("new"));

    @AfterEach
    void closeUpstreams() {
        old.close();
        fresh.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void sends_a_sticky_and_growing_share_of_keys_to_new(int loops) throws Exception {
        try (RunningProxy proxy = RunningProxy.start(loops, gated(250_000))) {
            Map<String, String> first = answers(proxy);
            Map<String, String> again = answers(proxy);
            proxy.swap(2, gated(500_000));
            Map<String, String> more = answers(proxy);

            assertThat(again).as("the same keys get the same arm").isEqualTo(first);
            // 2,000 keys at 25 %: 500 expected, standard deviation 19.4; 5 of them either way.
            assertThat(countNew(first)).as("keys on NEW of 2,000 at 25 %%").isBetween(403, 597);
            assertThat(countNew(more)).as("keys on NEW of 2,000 at 50 %%").isBetween(888, 1112);
            first.forEach((key, arm) -> {
                if (arm.equals("new")) {
                    assertThat(more).as("no key goes back").containsEntry(key, "new");
                }
            });
        }
    }

    @Test
    void explains_the_decision_when_asked_and_never_else() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(1_000_000))) {
            H1Response silent = RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");
            H1Response told =
                    RawHttp1Client.get(proxy.port(), "/", "x-user", "u1", "x-sluice-explain", "1");

            assertThat(silent.headers().has(DecisionHeader.NAME)).as("told unasked").isFalse();
            GateDecision decision = decision(told);
            assertThat(decision.arm()).as("arm").isEqualTo(Arm.NEW);
            assertThat(decision.reason()).as("reason").isEqualTo(Reason.SHARE);
            assertThat(decision.bucket()).as("bucket").isPresent();
        }
    }

    @Test
    void carries_the_decision_to_the_upstream_and_honours_one_that_came() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(0))) {
            H1Response answer =
                    RawHttp1Client.get(
                            proxy.port(),
                            "/",
                            "x-user",
                            "u1",
                            "x-sluice-explain",
                            "1",
                            "baggage",
                            "other=1,sluice.orders=0.0.6.17");

            assertThat(answer.body().text()).as("arm").isEqualTo("new");
            assertThat(decision(answer).reason()).as("reason").isEqualTo(Reason.CARRIED);
            assertThat(String.join(",", fresh.next().headers().all("baggage")))
                    .as("baggage of the upstream request")
                    .contains("other=1")
                    .contains("sluice.orders=0.0.6.17");
        }
    }

    /**
     * The sidecar of an application: its inbound listener trusts who brings decisions, and its
     * application passes on nothing but {@code traceparent}.
     */
    @Test
    void an_application_that_passes_on_traceparent_alone_still_carries_the_decision()
            throws Exception {
        AtomicInteger outbound = new AtomicInteger();
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (H1Upstream application =
                        H1Upstream.start(request -> H1Answer.ok(callOf(outbound.get(), trace)));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.sidecar(
                                        Yaml.routeTo("application"),
                                        Yaml.gatedRoute(0, "READ", ""),
                                        Yaml.cluster("application", application.port()),
                                        Yaml.cluster("old", old.port()),
                                        Yaml.cluster("new", fresh.port())))) {
            outbound.set(proxy.port("outbound"));
            String[] carried = {"traceparent", trace, "baggage", "sluice.orders=0.0.6.17"};

            H1Response during = RawHttp1Client.get(proxy.port("inbound"), "/", carried);
            // The client has its answer before the exchange is over.
            Stream<String> after =
                    Stream.generate(() -> callOf(outbound.get(), trace)).limit(1_000);

            assertThat(during.body().text()).as("arm of the application's call").isEqualTo("new");
            assertThat(String.join(",", fresh.next().headers().all("baggage")))
                    .as("baggage of that call")
                    .isEqualTo("sluice.orders=0.0.6.17");
            assertThat(after.anyMatch("old"::equals))
                    .as("a call after the request is decided by its own key")
                    .isTrue();
        }
    }

    private static String callOf(int port, String trace) {
        try {
            return RawHttp1Client.get(port, "/", "x-user", "u1", "traceparent", trace)
                    .body()
                    .text();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void a_client_without_a_key_gets_one_as_a_cookie_and_stays_on_its_arm() throws Exception {
        String issuing =
                Yaml.gatedRoute(500_000, "READ", "")
                        .replace(
                                "key: {header: x-user}, legacy: {}",
                                "key: {cookie: uid}, issue_cookie: {name: uid, max_age: 60s,"
                                        + " insecure: true}");
        try (RunningProxy proxy =
                RunningProxy.start(
                        1,
                        Yaml.bootstrap(
                                issuing,
                                Yaml.cluster("old", old.port()),
                                Yaml.cluster("new", fresh.port())))) {
            H1Response first = RawHttp1Client.get(proxy.port(), "/");
            String setCookie = first.headers().first("set-cookie").orElseThrow();
            String cookie = setCookie.substring(0, setCookie.indexOf(';'));
            H1Response second = RawHttp1Client.get(proxy.port(), "/", "cookie", cookie);

            assertThat(setCookie)
                    .as("attributes")
                    .matches("uid=[0-9a-f]{32}; Path=/; Max-Age=60; SameSite=Lax; HttpOnly");
            assertThat(first.headers().all("cache-control"))
                    .as("shared caches")
                    .contains("private");
            assertThat(second.body().text()).as("arm").isEqualTo(first.body().text());
            assertThat(second.headers().has("set-cookie")).as("issued again").isFalse();
        }
    }

    @Test
    void a_kill_takes_every_key_back_at_once() throws Exception {
        try (RunningProxy proxy = RunningProxy.start(1, gated(1_000_000))) {
            H1Response before = RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");

            GateTable.KillAnswer killed =
                    proxy.proxy()
                            .gates()
                            .kill(
                                    new GateName("orders"),
                                    new HeldGate.LocalKill("node/boot/1", "a test", Instant.EPOCH));
            H1Response after = RawHttp1Client.get(proxy.port(), "/", "x-user", "u1");

            assertThat(killed).as("kill").isInstanceOf(GateTable.KillAnswer.Killed.class);
            assertThat(before.body().text()).as("before the kill").isEqualTo("new");
            assertThat(after.body().text()).as("after the kill").isEqualTo("old");
        }
    }

    @Test
    void a_failed_read_on_new_is_answered_by_legacy() throws Exception {
        try (H1Upstream broken = H1Upstream.start(request -> H1Answer.status(500));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(
                                                1_000_000, "READ", "fallback: {enabled: true}"),
                                        Yaml.cluster("old", old.port()),
                                        Yaml.cluster("new", broken.port())))) {
            H1Response answer =
                    RawHttp1Client.get(proxy.port(), "/", "x-user", "u1", "x-sluice-explain", "1");
            ExchangeRecord record = proxy.nextRecord();

            assertThat(answer.body().text()).as("answer").isEqualTo("old");
            assertThat(decision(answer).reason()).as("reason").isEqualTo(Reason.FALLBACK);
            ExchangeRecord.GateOutcome outcome = record.gate().orElseThrow();
            assertThat(outcome.fellBack()).as("fell back").isTrue();
            assertThat(outcome.result())
                    .as("result of the first attempt")
                    .isEqualTo(ExchangeRecord.Result.SERVER_ERROR);
            assertThat(outcome.decision().arm()).as("decided arm").isEqualTo(Arm.NEW);
            assertThat(old.next().headers().all("baggage"))
                    .as("what LEGACY carries on: its own mode")
                    .singleElement()
                    .asString()
                    .startsWith("sluice.orders=0.0.1.");
        }
    }

    @Test
    void an_unsafe_write_is_never_repeated_on_legacy() throws Exception {
        try (H1Upstream broken = H1Upstream.start(request -> H1Answer.status(500));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.bootstrap(
                                        Yaml.gatedRoute(
                                                1_000_000,
                                                "UNSAFE_WRITE",
                                                "fallback: {enabled: true}"),
                                        Yaml.cluster("old", old.port()),
                                        Yaml.cluster("new", broken.port())));
                RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            H1Response answer =
                    client.exchange("POST", "/", Headers.of("x-user", "u1"), Body.of("one order"));

            assertThat(answer.status()).as("status").isEqualTo(500);
            assertThat(old.received()).as("requests on LEGACY").isEmpty();
        }
    }

    private String gated(int sharePpm) {
        return Yaml.bootstrap(
                Yaml.gatedRoute(sharePpm, "READ", ""),
                Yaml.cluster("old", old.port()),
                Yaml.cluster("new", fresh.port()));
    }

    private static Map<String, String> answers(RunningProxy proxy) throws Exception {
        Map<String, String> answers = new HashMap<>();
        try (RawHttp1Client client = RawHttp1Client.connect(proxy.port())) {
            for (int i = 0; i < KEYS; i++) {
                String key = "user-" + i;
                H1Response answer =
                        client.exchange("GET", "/", Headers.of("x-user", key), Body.EMPTY);
                answers.put(key, answer.body().text());
            }
        }
        return answers;
    }

    private static int countNew(Map<String, String> answers) {
        return (int) answers.values().stream().filter("new"::equals).count();
    }

    private static GateDecision decision(H1Response answer) {
        String header = answer.headers().first(DecisionHeader.NAME).orElseThrow();
        Parsed<GateDecision> parsed = DecisionHeader.parse(header);
        return parsed.orThrow();
    }

    @Test
    void a_path_key_is_of_the_path_that_is_matched_however_it_is_spelt() throws Exception {
        String routes =
                Yaml.gatedRoute(500_000, "READ", "")
                        .replace("{header: x-user}", "{path_segment: {index: 1}}");
        try (H1Upstream upstream = H1Upstream.start(request -> H1Answer.ok("any"));
                RunningProxy proxy =
                        RunningProxy.start(
                                1,
                                Yaml.withManager(
                                        "normalize_path: true",
                                        Yaml.bootstrap(
                                                routes,
                                                Yaml.cluster("old", upstream.port()),
                                                Yaml.cluster("new", upstream.port()))))) {
            List<Long> keys = new ArrayList<>();
            for (String path : List.of("/users/seven", "/x/../users/seven", "/users/%73even")) {
                RawHttp1Client.get(proxy.port(), path);
                keys.add(proxy.nextRecord().gate().orElseThrow().keyHash());
            }
            RawHttp1Client.get(proxy.port(), "/users/eight");

            assertThat(keys).as("keys of one path").containsOnly(keys.getFirst());
            assertThat(proxy.nextRecord().gate().orElseThrow().keyHash())
                    .as("key of another path")
                    .isNotEqualTo(keys.getFirst());
        }
    }
}
