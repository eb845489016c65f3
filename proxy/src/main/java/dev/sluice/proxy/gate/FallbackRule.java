package dev.sluice.proxy.gate;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Gate.FallbackPolicy;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.Reason;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.plan.Plan.FallbackWhen;
import java.util.Optional;

/**
 * When a request that failed on NEW may be repeated on LEGACY, and one that a retired LEGACY
 * refused on NEW. A write that NEW has the authority of is never repeated on LEGACY, not even when
 * no byte was sent: its key would be written to two stores. Pure.
 */
final class FallbackRule {
    private static final Optional<FallbackWhen> IF_RETIRED = Optional.of(FallbackWhen.RETIRED);

    private FallbackRule() {}

    /** When it may; empty: never. */
    static Optional<FallbackWhen> when(
            Gate gate, GateDecision decision, Operation operation, RequestView request) {
        if (decision.arm() == Arm.LEGACY) {
            return IF_RETIRED;
        }
        if (gate.takeBack() == TakeBack.FORBIDDEN || decision.reason() == Reason.WRITE_AUTHORITY) {
            return Optional.empty();
        }
        return switch (gate.fallback()) {
            case FallbackPolicy.Never() -> Optional.empty();
            case FallbackPolicy.ToLegacy(Optional<String> keyHeader) ->
                    switch (operation.operationClass()) {
                        case READ -> Optional.of(FallbackWhen.FAILED);
                        case IDEMPOTENT_WRITE ->
                                Optional.of(
                                        isRecognised(gate, keyHeader, request)
                                                ? FallbackWhen.FAILED
                                                : FallbackWhen.UNPROCESSED);
                        case UNSAFE_WRITE, STREAM -> Optional.empty();
                    };
        };
    }

    /** Whether the store would recognise the repeated write as the same one. */
    private static boolean isRecognised(
            Gate gate, Optional<String> keyHeader, RequestView request) {
        return gate.storeKind() == StoreKind.SHARED
                && keyHeader.flatMap(request::header).filter(key -> !key.isEmpty()).isPresent();
    }
}
