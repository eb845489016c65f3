package dev.sluice.proxy.path;

import dev.sluice.contract.decide.Xxh3;
import dev.sluice.contract.fault.Selection.Identity;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.match.RequestView;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.fault.ArmFaults;
import dev.sluice.proxy.fault.FaultBook;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.plan.Plan;
import java.nio.charset.StandardCharsets;

/**
 * Where faults stand: behind the decision of a gate, before the attempts on one of its arms.
 * Loop-owned.
 */
record FaultPoint(FaultBook book, Loop loop) {
    /** The target behind the faults of this arm. */
    Plan.Target before(Arm arm, GateAnswer.Decided decided, Matched matched, Plan.Target target) {
        ArmFaults faults =
                book.on(
                        decided.gate().name(),
                        arm,
                        decided.operation(),
                        matched.request().withHeaders(target.head().headers()),
                        request ->
                                new Identity(
                                        requestHash(request),
                                        Exchange.keyHash(decided.decision())));
        return faults == ArmFaults.NONE ? target : target.behind(faults);
    }

    private long requestHash(RequestView request) {
        return request.header("x-request-id")
                .map(id -> Xxh3.hash(id.toString().getBytes(StandardCharsets.ISO_8859_1)))
                .orElseGet(loop.random()::nextLong);
    }
}
