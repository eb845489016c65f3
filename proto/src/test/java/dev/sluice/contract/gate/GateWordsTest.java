package dev.sluice.contract.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.TextFormat;
import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GateWordsTest {
    private static final Map<EnumDescriptor, Class<? extends Enum<?>>> WORDS =
            Map.of(
                    dev.sluice.gate.v1.Arm.getDescriptor(), Arm.class,
                    dev.sluice.gate.v1.Mode.getDescriptor(), Mode.class,
                    dev.sluice.gate.v1.StoreKind.getDescriptor(), StoreKind.class,
                    dev.sluice.gate.v1.OperationClass.getDescriptor(), OperationClass.class,
                    dev.sluice.gate.v1.TakeBack.getDescriptor(), TakeBack.class,
                    dev.sluice.gate.v1.Reason.getDescriptor(), Reason.class,
                    dev.sluice.gate.v1.CookieIssue.SameSite.getDescriptor(),
                            MissingKey.SameSite.class,
                    dev.sluice.gate.v1.GateFilter.CarriedTrust.getDescriptor(),
                            GateFilter.CarriedTrust.class,
                    dev.sluice.gate.v1.GateFilter.Explain.getDescriptor(),
                            GateFilter.Explain.class);

    /** The reader and the writer go by number. */
    @TestFactory
    Stream<DynamicTest> our_words_are_those_of_the_contract_in_the_order_of_their_numbers() {
        return WORDS.entrySet().stream()
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.getKey().getName(),
                                () -> same(entry.getKey(), entry.getValue())));
    }

    private static void same(EnumDescriptor contract, Class<? extends Enum<?>> words) {
        List<EnumValueDescriptor> values = contract.getValues();
        assertThat(values.getFirst().getName()).endsWith("_UNSPECIFIED");
        for (int i = 0; i < values.size(); i++) {
            assertThat(values.get(i).getNumber()).isEqualTo(i);
        }
        assertThat(values.stream().skip(1).map(EnumValueDescriptor::getName))
                .isEqualTo(Arrays.stream(words.getEnumConstants()).map(Enum::name).toList());
    }

    @Test
    void each_mode_reads_and_writes_as_the_table_says() {
        Arm old = Arm.LEGACY;
        Arm fresh = Arm.NEW;
        StoreKind two = StoreKind.SEPARATE;

        assertThat(Mode.OFF.reads()).containsExactly(old);
        assertThat(Mode.DUAL_WRITE.reads()).containsExactly(old);
        assertThat(Mode.SHADOW.reads()).containsExactly(old, fresh);
        assertThat(Mode.LIVE.reads()).containsExactly(fresh, old);
        assertThat(Mode.RAMP_DOWN.reads()).containsExactly(fresh);
        assertThat(Mode.COMPLETE.reads()).containsExactly(fresh);
        assertThat(Mode.OFF.writes(two)).containsExactly(old);
        assertThat(Mode.DUAL_WRITE.writes(two)).containsExactly(old, fresh);
        assertThat(Mode.SHADOW.writes(two)).containsExactly(old, fresh);
        assertThat(Mode.LIVE.writes(two)).containsExactly(fresh, old);
        assertThat(Mode.RAMP_DOWN.writes(two)).containsExactly(fresh, old);
        assertThat(Mode.COMPLETE.writes(two)).containsExactly(fresh);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_shared_store_is_written_once_by_the_arm_that_answers(Mode mode) {
        assertThat(mode.writes(StoreKind.SHARED)).containsExactly(mode.authoritative());
        assertThat(mode.reads().getFirst()).isEqualTo(mode.authoritative());
    }

    @Test
    void nothing_follows_complete() {
        assertThat(Mode.COMPLETE.next(StoreKind.SEPARATE)).isEmpty();
        assertThat(Mode.COMPLETE.next(StoreKind.SHARED)).isEmpty();
        assertThat(Mode.LIVE.next(StoreKind.SHARED)).isEmpty();
    }

    @Test
    void revisions_compare_by_epoch_first() {
        GateRevision early = new GateRevision(1, 99);
        GateRevision late = new GateRevision(2, 1);

        assertThat(early.isBelow(late)).isTrue();
        assertThat(late.isBelow(early)).isFalse();
        assertThat(early.isBelow(early)).isFalse();
        assertThat(early).hasToString("1.99");
        assertThatThrownBy(() -> new GateRevision(0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new GateRevision(1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_salt_has_1_to_128_bytes() {
        assertThat(new Salt("é").bytes()).hasSize(2);
        assertThat(new Salt("a")).hasToString("a");
        assertThatThrownBy(() -> new Salt("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Salt("é".repeat(65)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_gate_is_never_made_with_modes_that_are_no_neighbours() {
        Gate gate = GatesForWords.least();

        assertThatThrownBy(() ->
                        new Gate(
                                gate.name(),
                                1,
                                gate.revision(),
                                gate.gateSet(),
                                "old",
                                "new",
                                StoreKind.SHARED,
                                Mode.OFF,
                                Mode.LIVE,
                                gate.share(),
                                gate.bucketing(),
                                gate.rules(),
                                gate.takeBack(),
                                gate.maxStale(),
                                gate.kill(),
                                gate.acknowledgedTrips(),
                                gate.trip(),
                                gate.writeAuthority(),
                                gate.writeHold(),
                                gate.fallback()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OFF to LIVE");
    }

    @Test
    void a_kill_is_not_in_force_past_the_point_of_no_return() {
        Gate.Kill kill = new Gate.Kill("x", Optional.empty(), "");
        Gate forbidden =
                GateParser.parse(
                                GateWriter.write(GatesForWords.least()).toBuilder()
                                        .setTakeBack(dev.sluice.gate.v1.TakeBack.FORBIDDEN)
                                        .build())
                        .orThrow();

        assertThat(forbidden.withKill(Optional.of(kill)).isKilled()).isFalse();
        assertThat(GatesForWords.least().withKill(Optional.of(kill)).isKilled()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void every_reason_is_explained_in_a_sentence(Reason reason) {
        String keyed = decision(reason, Optional.of("vip"), OptionalInt.of(123)).explanation();
        String bare = decision(reason, Optional.empty(), OptionalInt.of(999_999)).explanation();

        assertThat(keyed)
                .startsWith("gates/orders revision 1.42: ")
                .endsWith(", so mode COMPLETE is in force and NEW answers");
        assertThat(bare).doesNotContain("rule 'vip'");
        assertThat(GateWriter.write(decision(reason, Optional.of("vip"), OptionalInt.of(123))))
                .satisfies(proto -> {
                    assertThat(proto.getReason().name()).isEqualTo(reason.name());
                    assertThat(proto.getBucket()).isEqualTo(123);
                    assertThat(proto.getRule()).isEqualTo("vip");
                    assertThat(proto.getExplanation()).isEqualTo(keyed);
                    assertThat(proto.getRevision().getNumber()).isEqualTo(42);
                });
    }

    @Test
    void an_explanation_shows_the_figures_that_decided() {
        assertThat(decision(Reason.SHARE, Optional.empty(), OptionalInt.of(123)).explanation())
                .contains("bucket 123 is below the share 250000 (25 %)");
        assertThat(decision(Reason.SHARE, Optional.empty(), OptionalInt.of(250_000)).explanation())
                .contains("bucket 250000 is not below the share");
        assertThat(decision(Reason.RULE, Optional.of("vip"), OptionalInt.empty()).explanation())
                .contains("rule 'vip' decides alone");
        assertThat(decision(Reason.CARRIED, Optional.empty(), OptionalInt.empty()).explanation())
                .contains("carried from upstream, so");
        assertThat(
                        decision(Reason.MISSING_KEY, Optional.empty(), OptionalInt.empty())
                                .explanation())
                .contains("the request has no key; the policy for a missing key is LEGACY");
    }

    @Test
    void an_inline_gate_at_the_whole_is_explained_without_revision() {
        GateDecision decision =
                new GateDecision(
                        new GateName("orders"),
                        Optional.empty(),
                        Arm.NEW,
                        Mode.COMPLETE,
                        Reason.MISSING_KEY,
                        Optional.empty(),
                        OptionalInt.empty(),
                        PartsPerMillion.ALL,
                        new GateDecision.Key.Missing());

        assertThat(decision.explanation())
                .startsWith("gates/orders (inline): ")
                .contains("at a share of 100 % every request is in");
        assertThat(GateWriter.write(decision).hasRevision()).isFalse();
        assertThat(GateWriter.write(decision).hasBucket()).isFalse();
    }

    private static GateDecision write(OptionalInt bucket, GateDecision.Key key, int below) {
        return new GateDecision(
                new GateName("orders"),
                Optional.empty(),
                Arm.LEGACY,
                Mode.SHADOW,
                Reason.WRITE_AUTHORITY,
                Optional.empty(),
                bucket,
                new PartsPerMillion(250_000),
                key,
                Optional.of(new PartsPerMillion(below)));
    }

    @Test
    void a_write_is_explained_by_the_write_authority() {
        GateDecision.Key used = new GateDecision.Key.Used(7);
        GateDecision.Key missing = new GateDecision.Key.Missing();
        OptionalInt bucket = OptionalInt.of(123);

        assertThat(write(bucket, used, 124).explanation())
                .contains("it is a write; bucket 123 is below the write authority 124 (0.0124 %)");
        assertThat(write(bucket, used, 123).explanation())
                .contains("bucket 123 is not below the write authority 123");
        assertThat(write(bucket, missing, 123).explanation())
                .contains("it is a write; the request has no key; a random bucket 123 is not");
        assertThat(write(OptionalInt.empty(), missing, 999_999).explanation())
                .contains(
                        "the request has no key; at the write authority 999999 (99.9999 %) writes")
                .contains("without one stay with LEGACY");
        assertThat(write(OptionalInt.empty(), new GateDecision.Key.TooLong(), 1_000_000))
                .satisfies(decision ->
                        assertThat(decision.explanation())
                                .contains("over 1,024 bytes")
                                .contains("(100 %) every write is in"));
        assertThat(GateWriter.write(write(bucket, used, 124)).getWriteAuthorityPpm())
                .isEqualTo(124);
        assertThat(GateWriter.write(write(bucket, used, 124).fallback()).getWriteAuthorityPpm())
                .isEqualTo(124);
        assertThat(
                        GateWriter.write(decision(Reason.SHARE, Optional.empty(), bucket))
                                .hasWriteAuthorityPpm())
                .isFalse();
    }

    @Test
    void only_what_chance_drew_by_the_share_compares_versions() {
        OptionalInt bucket = OptionalInt.of(123);
        GateDecision.Key used = new GateDecision.Key.Used(7);

        assertThat(write(bucket, used, 250_000).isDrawn()).isTrue();
        assertThat(write(bucket, new GateDecision.Key.Issued(7, "a=b"), 250_000).isDrawn())
                .isTrue();
        assertThat(write(bucket, used, 249_999).isDrawn()).as("another authority").isFalse();
        assertThat(write(bucket, new GateDecision.Key.NotRead(), 250_000).isDrawn())
                .as("carried")
                .isFalse();
        assertThat(write(bucket, new GateDecision.Key.Missing(), 250_000).isDrawn()).isFalse();
        for (Reason reason : Reason.values()) {
            assertThat(decision(reason, Optional.empty(), bucket).isDrawn())
                    .as(reason.name())
                    .isEqualTo(reason == Reason.SHARE);
        }
    }

    @Test
    void a_gate_with_a_write_authority_is_of_the_contract_that_has_it() {
        Gate gate = GatesForWords.separate("SHADOW", "LIVE");
        Gate.WriteAuthority half = new Gate.WriteAuthority.NewBelow(new PartsPerMillion(500_000));
        Gate.WriteHold hold = new Gate.WriteHold(0, 5, Gate.WriteHold.DEFAULT_MAX_WAIT);

        Gate moved = gate.withWrites(half, Optional.of(hold));

        assertThat(moved.contractVersion()).isEqualTo(Gate.WriteAuthority.CONTRACT_VERSION);
        assertThat(GateParser.parse(GateWriter.write(moved)).orThrow()).isEqualTo(moved);
        assertThat(moved.movesWriteAuthority()).isTrue();
        assertThat(moved.withWrites(new Gate.WriteAuthority.ByMode(), Optional.empty()))
                .satisfies(back -> {
                    assertThat(back.movesWriteAuthority()).isFalse();
                    assertThat(back.contractVersion()).isEqualTo(moved.contractVersion());
                });
        assertThat(gate.withWrites(gate.writeAuthority(), Optional.empty())).isEqualTo(gate);
        for (String[] pair : new String[][] {{"DUAL_WRITE", "SHADOW"}, {"LIVE", "RAMP_DOWN"}}) {
            assertThat(
                            GatesForWords.separate(pair[0], pair[1])
                                    .withWrites(half, Optional.empty())
                                    .movesWriteAuthority())
                    .as("between %s and %s every key has one authority", pair[0], pair[1])
                    .isFalse();
        }
        assertThat(GatesForWords.least().withWrites(half, Optional.empty()).movesWriteAuthority())
                .as("one store")
                .isFalse();
    }

    private static GateDecision decision(Reason reason, Optional<String> rule, OptionalInt bucket) {
        return new GateDecision(
                new GateName("orders"),
                Optional.of(new GateRevision(1, 42)),
                Arm.NEW,
                Mode.COMPLETE,
                reason,
                rule,
                bucket,
                new PartsPerMillion(250_000),
                new GateDecision.Key.NotRead());
    }

    /** The least gate that parses. */
    private static final class GatesForWords {
        static Gate least() {
            dev.sluice.gate.v1.Gate.Builder proto = dev.sluice.gate.v1.Gate.newBuilder();
            try {
                TextFormat.merge(GateParserTest.LEAST, proto);
            } catch (TextFormat.ParseException bad) {
                throw new AssertionError(bad);
            }
            return GateParser.parse(proto.build()).orThrow();
        }

        static Gate separate(String from, String to) {
            return GateParser.parse(
                            GateWriter.write(least()).toBuilder()
                                    .setStoreKind(dev.sluice.gate.v1.StoreKind.SEPARATE)
                                    .setFrom(dev.sluice.gate.v1.Mode.valueOf(from))
                                    .setTo(dev.sluice.gate.v1.Mode.valueOf(to))
                                    .build())
                    .orThrow();
        }
    }
}
