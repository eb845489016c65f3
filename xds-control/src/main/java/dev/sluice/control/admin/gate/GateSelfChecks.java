package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.GateSelfCheck;
import dev.sluice.contract.GateName;
import dev.sluice.control.judge.SelfCheck;
import dev.sluice.control.judge.SelfCheck.Split;
import dev.sluice.control.orchestrate.SelfChecks;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Answers how often the judge is wrong about two parts of legacy. Thread-safe.
 *
 * @param states how the trials of gates stand
 */
public record GateSelfChecks(Function<GateName, Optional<SelfChecks.State>> states) {
    GateSelfCheck of(GateName gate) {
        var message = GateSelfCheck.newBuilder().setName(gate.name()).setLimit(SelfCheck.LIMIT);
        states.apply(gate).ifPresent(state -> write(state, message));
        return message.build();
    }

    private static void write(SelfChecks.State state, GateSelfCheck.Builder message) {
        message.setRevision(
                        dev.sluice.gate.v1.GateRevision.newBuilder()
                                .setEpoch(state.revision().epoch())
                                .setNumber(state.revision().number()))
                .setPartPpm(state.part().value())
                .setErrorKeys(state.keys().errors().size())
                .setSlowKeys(state.keys().slow().size())
                .setErrorEValue(largest(state, Split::errorEValue))
                .setSlowEValue(largest(state, Split::slowEValue))
                .setTrials(state.trials())
                .setAlarms(state.alarms());
    }

    private static double largest(SelfChecks.State state, ToDoubleFunction<Split> of) {
        return state.newest().splits().stream().mapToDouble(of).max().orElse(1);
    }
}
