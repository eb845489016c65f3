package dev.sluice.contract.decide;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.match.PlainRequest;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GateDeciderTest {
    private static final PlainRequest ALICE = PlainRequest.NOTHING.withHeader("x-user", "alice");
    private static final HeldGate.LocalKill LOCAL_KILL =
            new HeldGate.LocalKill("n/b/1", "errors", Instant.EPOCH);

    private final GateDecider decider = new GateDecider(() -> 999_999L);

    private GateDecision decide(HeldGate held, Operation operation, PlainRequest request) {
        return decider.decide(held, operation, Carried.NOTHING, request);
    }

    private GateDecision decide(String fields, PlainRequest request) {
        return decide(HeldGate.first(Gates.orders(fields)), Gates.READ, request);
    }

    @Test
    void a_local_kill_takes_every_key_back() {
        HeldGate killed = HeldGate.first(Gates.orders(1_000_000)).withLocalKill(LOCAL_KILL);

        GateDecision decision = decide(killed, Gates.READ, ALICE);

        assertThat(decision.reason()).isEqualTo(Reason.KILL);
        assertThat(decision.mode()).isEqualTo(Mode.OFF);
        assertThat(decision.bucket()).isEmpty();
        assertThat(decision.key()).isEqualTo(new GateDecision.Key.NotRead());
    }

    @Test
    void kill_and_trip_have_no_effect_past_the_point_of_no_return() {
        HeldGate held =
                HeldGate.first(Gates.orders("share_ppm: 1000000 take_back: FORBIDDEN"))
                        .withLocalKill(LOCAL_KILL)
                        .withTrip("get", "n/b/2");

        assertThat(held.isKilled()).isFalse();
        assertThat(decide(held, Gates.READ, ALICE).arm()).isEqualTo(Arm.NEW);
        assertThat(decide(held, Gates.READ, ALICE).reason()).isEqualTo(Reason.SHARE);
    }

    @Test
    void a_trip_takes_back_the_keys_of_its_operation_only() {
        HeldGate held = HeldGate.first(Gates.orders(1_000_000)).withTrip("put", "n/b/1");

        assertThat(decide(held, Gates.WRITE, ALICE).reason()).isEqualTo(Reason.TRIP);
        assertThat(decide(held, Gates.WRITE, ALICE).mode()).isEqualTo(Mode.OFF);
        assertThat(decide(held, Gates.READ, ALICE).reason()).isEqualTo(Reason.SHARE);
    }

    @Test
    void a_trip_of_a_separate_store_moves_reads_only() {
        Gate gate = Gates.orders("store_kind: SEPARATE from: SHADOW to: LIVE share_ppm: 1000000");
        HeldGate held = HeldGate.first(gate).withTrip("put", "n/b/1").withTrip("get", "n/b/2");

        assertThat(decide(held, Gates.READ, ALICE).reason()).isEqualTo(Reason.TRIP);
        assertThat(decide(held, Gates.READ, ALICE).mode()).isEqualTo(Mode.SHADOW);
        assertThat(decide(held, Gates.WRITE, ALICE).mode()).isEqualTo(Mode.LIVE);
    }

    @Test
    void a_trip_goes_before_a_carried_decision() {
        HeldGate held = HeldGate.first(Gates.orders(1_000_000)).withTrip("get", "n/b/2");
        Carried carried =
                Carried.of(
                        new CarriedDecision(
                                "orders", held.floor(), Mode.COMPLETE, OptionalInt.of(1)));

        GateDecision decision = decider.decide(held, Gates.READ, carried, ALICE);

        assertThat(decision.reason()).isEqualTo(Reason.TRIP);
    }

    @Test
    void an_inline_gate_honours_a_carried_decision_of_any_revision() {
        Gate inline =
                dev.sluice.contract.gate.GateParser.parseInline(
                                Gates.proto(Gates.ORDERS).toBuilder().clearRevision().build())
                        .orThrow();
        Carried carried =
                Carried.of(
                        new CarriedDecision(
                                "orders",
                                Optional.of(new GateRevision(1, 1)),
                                Mode.COMPLETE,
                                OptionalInt.empty()));

        GateDecision decision = decider.decide(HeldGate.first(inline), Gates.READ, carried, ALICE);

        assertThat(decision.reason()).isEqualTo(Reason.CARRIED);
        assertThat(decision.revision()).isEmpty();
    }

    @Test
    void a_missing_key_gets_a_random_bucket_where_the_policy_says_so() {
        GateDecision out =
                decide("share_ppm: 999999 bucketing { random {} }", PlainRequest.NOTHING);
        GateDecision in =
                decide("share_ppm: 1000000 bucketing { random {} }", PlainRequest.NOTHING);

        assertThat(out.reason()).isEqualTo(Reason.RANDOM);
        assertThat(out.bucket()).hasValue(999_999);
        assertThat(out.mode()).isEqualTo(Mode.OFF);
        assertThat(in.mode()).isEqualTo(Mode.COMPLETE);
        assertThat(in.key()).isEqualTo(new GateDecision.Key.Missing());
    }

    @Test
    void a_missing_cookie_is_issued_and_decides_as_it_will_when_it_comes_back() {
        String cookie =
                "share_ppm: 500000 bucketing { key { cookie: 'uid' } issue_cookie { name: 'uid' } }";

        GateDecision first = decide(cookie, PlainRequest.NOTHING);

        assertThat(first.key()).isInstanceOf(GateDecision.Key.Issued.class);
        GateDecision.Key.Issued issued = (GateDecision.Key.Issued) first.key();
        assertThat(issued.setCookie())
                .isEqualTo(
                        "uid=00000000000f423f00000000000f423f; Path=/; Max-Age=2592000;"
                                + " SameSite=Lax; Secure; HttpOnly");
        String pair = issued.setCookie().substring(0, issued.setCookie().indexOf(';'));
        GateDecision second = decide(cookie, PlainRequest.NOTHING.withHeader("cookie", pair));
        assertThat(second.bucket()).isEqualTo(first.bucket());
        assertThat(second.mode()).isEqualTo(first.mode());
        assertThat(second.key()).isEqualTo(new GateDecision.Key.Used(issued.hash()));
        assertThat(first.reason()).isEqualTo(Reason.SHARE);
    }

    @Test
    void an_issued_cookie_has_the_attributes_of_the_gate() {
        GateDecision decision =
                decide(
                        """
                        bucketing { key { cookie: "uid" } issue_cookie {
                          name: "uid" path: "/shop" domain: "a.example" max_age { seconds: 60 }
                          same_site: STRICT insecure: true } }\
                        """,
                        PlainRequest.NOTHING);

        assertThat(((GateDecision.Key.Issued) decision.key()).setCookie())
                .endsWith("; Path=/shop; Domain=a.example; Max-Age=60; SameSite=Strict; HttpOnly");
    }

    @Test
    void a_key_over_1024_bytes_is_missing_and_told() {
        GateDecision decision =
                decide("", PlainRequest.NOTHING.withHeader("x-user", "k".repeat(1025)));

        assertThat(decision.reason()).isEqualTo(Reason.MISSING_KEY);
        assertThat(decision.key()).isEqualTo(new GateDecision.Key.TooLong());
        assertThat(decision.explanation()).contains("over 1,024 bytes");
    }

    @Test
    void a_stated_key_decides_as_the_same_key_in_a_request() {
        HeldGate held = HeldGate.first(Gates.orders(500_000));
        byte[] alice = "alice".getBytes(StandardCharsets.UTF_8);

        GateDecision stated = decider.decideForKey(held, Gates.READ, PlainRequest.NOTHING, alice);

        assertThat(stated).isEqualTo(decide(held, Gates.READ, ALICE));
        assertThat(stated.key())
                .isEqualTo(
                        new GateDecision.Key.Used(Buckets.evidenceHash(held.gate().name(), alice)));
    }

    @Test
    void a_stated_key_may_be_empty_or_too_long() {
        HeldGate held = HeldGate.first(Gates.orders(500_000));

        assertThat(decider.decideForKey(held, Gates.READ, ALICE, new byte[0]).key())
                .isEqualTo(new GateDecision.Key.Missing());
        assertThat(decider.decideForKey(held, Gates.READ, ALICE, new byte[1025]).key())
                .isEqualTo(new GateDecision.Key.TooLong());
    }

    @Test
    void a_fixed_rule_puts_in_and_keeps_out_by_mode_where_both_modes_have_one_arm() {
        String gate =
                """
                store_kind: SEPARATE from: DUAL_WRITE to: SHADOW
                rules { name: "in" match { methods: "GET" } arm: NEW }\
                """;

        GateDecision decision = decide(gate, ALICE);

        assertThat(decision.mode()).isEqualTo(Mode.SHADOW);
        assertThat(decision.arm()).isEqualTo(Arm.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.RULE);
    }

    @Test
    void what_is_carried_on_is_what_was_decided() {
        Gate gate = Gates.orders("share_ppm: 1000000 gate_set: 'gateSets/shop'");
        GateDecision decision = decide(HeldGate.first(gate), Gates.READ, ALICE);

        CarriedDecision carried = CarriedDecision.of(gate, decision);

        assertThat(carried)
                .isEqualTo(
                        new CarriedDecision(
                                "shop", gate.revision(), Mode.COMPLETE, decision.bucket()));
    }

    @Test
    void a_fallback_is_told_as_one() {
        GateDecision decision = decide("share_ppm: 1000000", ALICE).fallback();

        assertThat(decision.arm()).isEqualTo(Arm.LEGACY);
        assertThat(decision.reason()).isEqualTo(Reason.FALLBACK);
        assertThat(decision.explanation()).contains("failed").endsWith("LEGACY answers");
    }

    @Test
    void an_answer_of_new_in_the_place_of_a_retired_legacy_is_told_as_one() {
        GateDecision decision = decide("share_ppm: 0", ALICE).fallback();

        assertThat(decision.arm()).isEqualTo(Arm.NEW);
        assertThat(decision.explanation()).contains("retired").endsWith("NEW answers");
    }

    @Test
    void a_key_is_the_same_bytes_whatever_holds_its_text() {
        KeyBuffer string = new KeyBuffer();
        KeyBuffer builder = new KeyBuffer();

        string.add("k\u00ff\u0080", PlainRequest.NOTHING);
        builder.add(CharBuffer.wrap("k\u00ff\u0080"), PlainRequest.NOTHING);

        assertThat(builder.copy()).isEqualTo(string.copy()).containsExactly('k', 0xff, 0x80);
    }

    private static final String BETA =
            "contract_version: 2 rules { name: 'beta' cohort { include { exact: 'alice' }"
                    + " include { prefix: 'qa-' } exclude { exact: 'qa-7' } } arm: NEW } ";

    @Test
    void a_rule_for_a_cohort_decides_for_its_keys_only() {
        for (String in : List.of("alice", "qa-1", "qa-")) {
            GateDecision decision =
                    decide(BETA, PlainRequest.NOTHING.withHeader("x-user", " " + in));
            assertThat(decision.reason()).as(in).isEqualTo(Reason.RULE);
            assertThat(decision.rule()).contains("beta");
            assertThat(decision.arm()).isEqualTo(Arm.NEW);
            assertThat(decision.key()).isEqualTo(new GateDecision.Key.NotRead());
        }
        for (String out : List.of("Alice", "alic", "alices", "qa-7", "bob")) {
            GateDecision decision = decide(BETA, PlainRequest.NOTHING.withHeader("x-user", out));
            assertThat(decision.reason()).as(out).isEqualTo(Reason.SHARE);
            assertThat(decision.arm()).isEqualTo(Arm.LEGACY);
        }
    }

    @Test
    void a_request_without_a_key_is_in_no_cohort_that_names_keys() {
        String keys = "contract_version: 2 rules { name: 'r' cohort { exclude { exact: 'x' } }";
        String none = "contract_version: 2 rules { name: 'r' cohort { match { methods: 'GET' } }";

        assertThat(decide(keys + " arm: NEW }", PlainRequest.NOTHING).reason())
                .isEqualTo(Reason.MISSING_KEY);
        assertThat(decide(keys + " arm: NEW }", ALICE).reason()).isEqualTo(Reason.RULE);
        assertThat(
                        decide(keys + " arm: NEW }", PlainRequest.NOTHING.withHeader("x-user", "x"))
                                .reason())
                .isEqualTo(Reason.SHARE);
        assertThat(decide(none + " arm: NEW }", PlainRequest.NOTHING).reason())
                .isEqualTo(Reason.RULE);
        assertThat(decide(none + " arm: NEW }", ALICE.withLine("PUT", "/")).reason())
                .isEqualTo(Reason.SHARE);
    }

    @Test
    void a_stated_key_is_in_the_cohort_that_names_it() {
        HeldGate held = HeldGate.first(Gates.orders(BETA));

        GateDecision decision =
                decider.decideForKey(
                        held,
                        Gates.READ,
                        PlainRequest.NOTHING,
                        "qa-8".getBytes(StandardCharsets.UTF_8));

        assertThat(decision.rule()).contains("beta");
    }

    @Test
    void a_rule_of_share_for_a_cohort_keeps_the_bucket_of_its_key() {
        GateDecision by =
                decide(
                        "contract_version: 2 share_ppm: 1000000 rules { name: 'r' cohort { include"
                                + " { exact: 'alice' } } share {} }",
                        ALICE);

        assertThat(by.rule()).contains("r");
        assertThat(by.bucket()).isEqualTo(decide("", ALICE).bucket());
        assertThat(by.mode()).isEqualTo(Mode.COMPLETE);
    }

    @Test
    void keys_of_a_cohort_are_bytes_and_never_transcoded() {
        String key =
                "contract_version: 2 rules { name: 'r' cohort { include { safe_regex {"
                        + " regex: 'k[^x]' } } } arm: NEW }";
        String wire = new String("k\u043a".getBytes(StandardCharsets.UTF_8), ISO_8859_1);

        assertThat(decide(key, PlainRequest.NOTHING.withHeader("x-user", wire)).rule())
                .contains("r");
        assertThat(decide(key, PlainRequest.NOTHING.withHeader("x-user", "kx")).rule()).isEmpty();
    }
}
