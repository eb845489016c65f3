package dev.sluice.contract.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.testkit.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes of a gate with a write authority: only their bucket moves them. */
class WriteAuthorityTest {
    private static final PlainRequest ALICE = PlainRequest.NOTHING.withHeader("x-user", "alice");

    /** Bucket of alice (decisions.tsv). */
    private static final int BUCKET = 825_182;

    private static final String KILL = "kill { reason: 'x' } ";
    private static final String RULE = "rules { name: 'r' match { methods: 'GET' } arm: %s } ";

    private final GateDecider decider = new GateDecider(() -> 999_999L);

    private GateDecision write(Gate gate, Carried carried, PlainRequest request) {
        return decider.decide(HeldGate.first(gate), Gates.WRITE, carried, request);
    }

    private GateDecision write(Gate gate) {
        return write(gate, Carried.NOTHING, ALICE);
    }

    private GateDecision read(Gate gate) {
        return decider.decide(HeldGate.first(gate), Gates.READ, Carried.NOTHING, ALICE);
    }

    private static Carried carried(long number, Mode mode, OptionalInt bucket) {
        return Carried.of(
                new CarriedDecision(
                        "orders", Optional.of(new GateRevision(1, number)), mode, bucket));
    }

    @Test
    void a_write_follows_its_bucket() {
        GateDecision in = write(Gates.writes(BUCKET + 1, ""));
        GateDecision out = write(Gates.writes(BUCKET, ""));

        assertThat(in.arm()).isEqualTo(Arm.NEW);
        assertThat(in.mode()).isEqualTo(Mode.LIVE);
        assertThat(in.reason()).isEqualTo(Reason.WRITE_AUTHORITY);
        assertThat(in.bucket()).hasValue(BUCKET);
        assertThat(in.writesBelow()).contains(new PartsPerMillion(BUCKET + 1));
        assertThat(in.share()).isEqualTo(PartsPerMillion.NONE);
        assertThat(in.key()).isInstanceOf(GateDecision.Key.Used.class);
        assertThat(out.arm()).isEqualTo(Arm.LEGACY);
        assertThat(out.mode()).isEqualTo(Mode.SHADOW);
    }

    @Test
    void share_rules_and_kill_move_reads_and_no_write() {
        for (String moves : List.of("share_ppm: 1000000 ", RULE.formatted("NEW"))) {
            Gate gate = Gates.writes(0, moves);
            assertThat(read(gate).arm()).as(moves).isEqualTo(Arm.NEW);
            assertThat(write(gate).arm()).as(moves).isEqualTo(Arm.LEGACY);
        }
        for (String moves :
                List.of(
                        "",
                        "share_ppm: 1000000 " + KILL,
                        "share_ppm: 1000000 " + RULE.formatted("LEGACY"))) {
            Gate gate = Gates.writes(1_000_000, moves);
            assertThat(read(gate).arm()).as(moves).isEqualTo(Arm.LEGACY);
            assertThat(write(gate).arm()).as(moves).isEqualTo(Arm.NEW);
            assertThat(write(gate).reason()).isEqualTo(Reason.WRITE_AUTHORITY);
            assertThat(write(gate).rule()).isEmpty();
        }
    }

    @Test
    void a_trip_and_a_local_kill_move_reads_and_no_write() {
        Gate gate = Gates.writes(1_000_000, "share_ppm: 1000000");
        HeldGate.LocalKill kill = new HeldGate.LocalKill("n/b/1", "errors", Instant.EPOCH);
        HeldGate held =
                HeldGate.first(gate)
                        .withTrip("get", "n/b/2")
                        .withTrip("put", "n/b/3")
                        .withLocalKill(kill);

        for (HeldGate taken : List.of(held, held.withoutLocalKill())) {
            assertThat(decider.decide(taken, Gates.READ, Carried.NOTHING, ALICE).arm())
                    .isEqualTo(Arm.LEGACY);
            assertThat(decider.decide(taken, Gates.WRITE, Carried.NOTHING, ALICE).arm())
                    .isEqualTo(Arm.NEW);
        }
    }

    @ParameterizedTest
    @EnumSource(OperationClass.class)
    void all_but_reads_are_writes(OperationClass operationClass) {
        Gate gate = Gates.writes(1_000_000, "");

        GateDecision decision =
                decider.decide(
                        HeldGate.first(gate),
                        new Operation("op", operationClass),
                        Carried.NOTHING,
                        ALICE);

        assertThat(decision.reason())
                .isEqualTo(
                        operationClass == OperationClass.READ
                                ? Reason.SHARE
                                : Reason.WRITE_AUTHORITY);
    }

    @Test
    void a_carried_bucket_counts_and_neither_its_mode_nor_its_revision_does() {
        Gate gate = Gates.writes(8, "");

        for (Carried in :
                List.of(
                        carried(42, Mode.SHADOW, OptionalInt.of(7)),
                        carried(41, Mode.LIVE, OptionalInt.of(7)),
                        carried(42, Mode.DUAL_WRITE, OptionalInt.of(7)))) {
            GateDecision decision = write(gate, in, ALICE);
            assertThat(decision.arm()).isEqualTo(Arm.NEW);
            assertThat(decision.bucket()).hasValue(7);
            assertThat(decision.reason()).isEqualTo(Reason.WRITE_AUTHORITY);
            assertThat(decision.key()).isEqualTo(new GateDecision.Key.NotRead());
        }
        assertThat(write(gate, carried(42, Mode.LIVE, OptionalInt.of(8)), ALICE).arm())
                .isEqualTo(Arm.LEGACY);
    }

    @Test
    void the_own_key_counts_where_nothing_carried_has_a_bucket() {
        Gate gate = Gates.writes(BUCKET, "");

        for (Carried out : List.of(carried(42, Mode.LIVE, OptionalInt.empty()), Carried.CONFLICT)) {
            assertThat(write(gate, out, ALICE).bucket()).hasValue(BUCKET);
            assertThat(write(gate, out, ALICE).arm()).isEqualTo(Arm.LEGACY);
        }
    }

    @Test
    void a_write_without_a_key_is_with_legacy_until_every_write_is_with_new() {
        GateDecision out = write(Gates.writes(999_999, ""), Carried.NOTHING, PlainRequest.NOTHING);
        GateDecision in = write(Gates.writes(1_000_000, ""), Carried.NOTHING, PlainRequest.NOTHING);
        PlainRequest longKey = PlainRequest.NOTHING.withHeader("x-user", "k".repeat(1025));

        assertThat(out.arm()).isEqualTo(Arm.LEGACY);
        assertThat(out.reason()).isEqualTo(Reason.WRITE_AUTHORITY);
        assertThat(out.bucket()).isEmpty();
        assertThat(out.key()).isEqualTo(new GateDecision.Key.Missing());
        assertThat(in.arm()).isEqualTo(Arm.NEW);
        assertThat(write(Gates.writes(999_999, ""), Carried.NOTHING, longKey))
                .satisfies(decision -> {
                    assertThat(decision.arm()).isEqualTo(Arm.LEGACY);
                    assertThat(decision.key()).isEqualTo(new GateDecision.Key.TooLong());
                });
    }

    @Test
    void a_drawn_bucket_and_an_issued_key_follow_the_write_authority_too() {
        String random = "share_ppm: 1000000 bucketing { random {} }";
        String cookie =
                "bucketing { key { cookie: 'uid' } issue_cookie { name: 'uid' } } share_ppm: %d";

        GateDecision drawn =
                write(Gates.writes(999_999, random), Carried.NOTHING, PlainRequest.NOTHING);
        GateDecision issued =
                write(
                        Gates.writes(1_000_000, cookie.formatted(0)),
                        Carried.NOTHING,
                        PlainRequest.NOTHING);

        assertThat(drawn.bucket()).hasValue(999_999);
        assertThat(drawn.arm()).isEqualTo(Arm.LEGACY);
        assertThat(drawn.reason()).isEqualTo(Reason.WRITE_AUTHORITY);
        assertThat(issued.arm()).isEqualTo(Arm.NEW);
        assertThat(issued.key()).isInstanceOf(GateDecision.Key.Issued.class);
        assertThat(issued.reason()).isEqualTo(Reason.WRITE_AUTHORITY);
    }

    @Test
    void between_modes_of_one_arm_the_write_authority_says_nothing() {
        for (String pair : List.of("from: DUAL_WRITE to: SHADOW ", "from: LIVE to: RAMP_DOWN ")) {
            GateDecision decision = write(Gates.writes(1_000_000, pair + "share_ppm: 0"));
            assertThat(decision.reason()).as(pair).isEqualTo(Reason.SHARE);
            assertThat(decision.writesBelow()).isEmpty();
        }
        Gate byMode = Gates.parse(Gates.WRITES + "share_ppm: 1000000 " + KILL);
        assertThat(write(byMode).reason()).as("absent").isEqualTo(Reason.KILL);
    }

    @Test
    void a_hold_keeps_the_writes_of_its_buckets_waiting_and_no_read() {
        String held = "write_hold { from_bucket: %d to_bucket: %d max_wait { seconds: 2 } }";

        assertThat(holding(held.formatted(BUCKET, BUCKET + 1), Gates.WRITE, ALICE))
                .contains(new Gate.WriteHold(BUCKET, BUCKET + 1, java.time.Duration.ofSeconds(2)));
        assertThat(holding(held.formatted(BUCKET + 1, 1_000_000), Gates.WRITE, ALICE)).isEmpty();
        assertThat(holding(held.formatted(0, BUCKET), Gates.WRITE, ALICE)).isEmpty();
        assertThat(holding(held.formatted(0, 1_000_000), Gates.READ, ALICE)).isEmpty();
        assertThat(holding("", Gates.WRITE, ALICE)).isEmpty();
        assertThat(holding(held.formatted(5, 1_000_000), Gates.WRITE, PlainRequest.NOTHING))
                .as("without a key, to the end")
                .isPresent();
        assertThat(holding(held.formatted(0, 999_999), Gates.WRITE, PlainRequest.NOTHING))
                .isEmpty();
    }

    private Optional<Gate.WriteHold> holding(
            String hold, Operation operation, PlainRequest request) {
        HeldGate held = HeldGate.first(Gates.writes(0, "share_ppm: 1000000 " + hold));
        return held.holding(decider.decide(held, operation, Carried.NOTHING, request));
    }

    @Test
    void a_hold_between_modes_of_one_arm_keeps_nothing_waiting() {
        HeldGate held =
                HeldGate.first(
                        Gates.writes(
                                1_000_000,
                                "from: LIVE to: RAMP_DOWN write_hold { to_bucket: 1000000 }"));

        assertThat(held.holding(decider.decide(held, Gates.WRITE, Carried.NOTHING, ALICE)))
                .isEmpty();
    }

    @Test
    void raising_the_write_authority_only_adds_keys_whatever_else_the_gate_says() {
        RandomGenerator random = Seeds.printed("write authority").generator("gates");
        for (int i = 0; i < 2_000; i++) {
            int low = random.nextInt(PartsPerMillion.WHOLE + 1);
            int high = low + random.nextInt(PartsPerMillion.WHOLE + 1 - low);
            byte[] key = new byte[1 + random.nextInt(20)];
            random.nextBytes(key);

            Mode before = drawn(random, low, key);
            Mode after = drawn(random, high, key);

            assertThat(after).isGreaterThanOrEqualTo(before);
        }
    }

    private Mode drawn(RandomGenerator random, int below, byte[] key) {
        String rest =
                "share_ppm: %d ".formatted(random.nextInt(PartsPerMillion.WHOLE + 1))
                        + (random.nextBoolean() ? KILL : "")
                        + (random.nextBoolean() ? RULE.formatted("NEW") : "");
        return decider.decideForKey(
                        HeldGate.first(Gates.writes(below, rest)),
                        Gates.WRITE,
                        PlainRequest.NOTHING,
                        key)
                .mode();
    }

    @Test
    void a_write_is_told_with_the_write_authority() {
        String header = DecisionHeader.write(write(Gates.writes(900_000, "share_ppm: 1")));

        assertThat(header)
                .isEqualTo(
                        "gate=\"orders\", arm=NEW, mode=LIVE, reason=WRITE_AUTHORITY, share=1,"
                                + " writes=900000, bucket=825182, rev=\"1.42\"");
        assertThat(DecisionHeader.parse(header).orThrow().writesBelow())
                .contains(new PartsPerMillion(900_000));
        assertThat(DecisionHeader.parse(header + ", writes=1000001").problems()).hasSize(1);
    }
}
