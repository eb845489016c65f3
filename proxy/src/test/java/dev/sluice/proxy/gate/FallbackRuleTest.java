package dev.sluice.proxy.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.contract.match.RequestView;
import dev.sluice.gate.v1.FallbackPolicy;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.StoreKind;
import dev.sluice.gate.v1.TakeBack;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FallbackRuleTest {
    private static dev.sluice.gate.v1.Gate.Builder shared(dev.sluice.gate.v1.Gate.Builder gate) {
        return gate.setFallback(policy());
    }

    private static dev.sluice.gate.v1.Gate.Builder separate(dev.sluice.gate.v1.Gate.Builder gate) {
        return gate.setStoreKind(StoreKind.SEPARATE)
                .setFrom(Mode.SHADOW)
                .setTo(Mode.LIVE)
                .setFallback(policy());
    }

    private static FallbackPolicy policy() {
        return FallbackPolicy.newBuilder()
                .setEnabled(true)
                .setIdempotencyKeyHeader("idempotency-key")
                .build();
    }

    /** When it may; {@code never} where it may not. */
    private static String when(Gate gate, Arm arm, OperationClass type, RequestView request) {
        return when(gate, arm, type, request, Reason.SHARE);
    }

    private static String when(
            Gate gate, Arm arm, OperationClass type, RequestView request, Reason reason) {
        GateDecision decision =
                new GateDecision(
                        gate.name(),
                        gate.revision(),
                        arm,
                        arm == Arm.NEW ? gate.to() : gate.from(),
                        reason,
                        Optional.empty(),
                        OptionalInt.of(1),
                        gate.share(),
                        new GateDecision.Key.Used(1));
        return FallbackRule.when(gate, decision, new Operation("o", type), request)
                .map(Enum::name)
                .orElse("never");
    }

    @ParameterizedTest
    @CsvSource({
        "READ,             SHARED,   no,    FAILED",
        "READ,             SEPARATE, no,    FAILED",
        "IDEMPOTENT_WRITE, SHARED,   key,   FAILED",
        "IDEMPOTENT_WRITE, SHARED,   empty, UNPROCESSED",
        "IDEMPOTENT_WRITE, SHARED,   no,    UNPROCESSED",
        "IDEMPOTENT_WRITE, SEPARATE, key,   UNPROCESSED",
        "IDEMPOTENT_WRITE, SEPARATE, no,    UNPROCESSED",
        "UNSAFE_WRITE,     SHARED,   key,   never",
        "UNSAFE_WRITE,     SEPARATE, no,    never",
        "STREAM,           SHARED,   key,   never",
        "STREAM,           SEPARATE, no,    never"
    })
    void what_may_be_repeated_follows_from_class_store_and_key(
            OperationClass type, String store, String key, String expected) {
        Gate gate =
                TestGates.orders(
                        1, given -> store.equals("SHARED") ? shared(given) : separate(given));
        RequestView request =
                switch (key) {
                    case "key" -> PlainRequest.NOTHING.withHeader("idempotency-key", "k1");
                    case "empty" -> PlainRequest.NOTHING.withHeader("idempotency-key", "");
                    default -> PlainRequest.NOTHING;
                };

        assertThat(when(gate, Arm.NEW, type, request)).isEqualTo(expected);
    }

    @Test
    void a_write_of_news_authority_is_never_repeated_on_legacy() {
        Gate gate = TestGates.writes(1, 1_000_000, FallbackRuleTest::separate);
        OperationClass write = OperationClass.IDEMPOTENT_WRITE;

        assertThat(when(gate, Arm.NEW, write, PlainRequest.NOTHING, Reason.WRITE_AUTHORITY))
                .isEqualTo("never");
        assertThat(when(gate, Arm.LEGACY, write, PlainRequest.NOTHING, Reason.WRITE_AUTHORITY))
                .as("LEGACY is retired, and refused it")
                .isEqualTo("RETIRED");
    }

    @Test
    void legacy_is_left_only_when_it_is_retired_and_new_never_past_the_point_of_no_return() {
        Gate gate = TestGates.orders(1, FallbackRuleTest::shared);
        Gate forward = TestGates.orders(1, given -> shared(given).setTakeBack(TakeBack.FORBIDDEN));

        assertThat(when(gate, Arm.LEGACY, OperationClass.READ, PlainRequest.NOTHING))
                .as("decided LEGACY")
                .isEqualTo("RETIRED");
        assertThat(when(forward, Arm.LEGACY, OperationClass.UNSAFE_WRITE, PlainRequest.NOTHING))
                .as("decided LEGACY here, while the gate is past its point of no return")
                .isEqualTo("RETIRED");
        assertThat(when(forward, Arm.NEW, OperationClass.READ, PlainRequest.NOTHING))
                .as("past the point of no return")
                .isEqualTo("never");
    }

    @Test
    void without_a_policy_nothing_is_repeated() {
        Gate gate = TestGates.orders(1, given -> given);

        assertThat(when(gate, Arm.NEW, OperationClass.READ, PlainRequest.NOTHING))
                .isEqualTo("never");
    }
}
