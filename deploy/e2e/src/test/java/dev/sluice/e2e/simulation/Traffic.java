package dev.sluice.e2e.simulation;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The requests of some hundred users, at one sidecar each time. Used by one thread. */
final class Traffic {
    private static final int USERS = 240;
    private static final int LONGEST_ANSWER = 30_000_000;

    private final Fleet fleet;
    private final Arms arms;
    private final VirtualTime time;
    private final RandomGenerator random;
    private final History history;
    private final Sometimes sometimes;
    private final Wiring wiring;

    Traffic(
            Fleet fleet,
            Arms arms,
            VirtualTime time,
            RandomGenerator random,
            History history,
            Sometimes sometimes,
            Wiring wiring) {
        this.wiring = wiring;
        this.fleet = fleet;
        this.arms = arms;
        this.time = time;
        this.random = random;
        this.history = history;
        this.sometimes = sometimes;
    }

    /** One request at one of the sidecars. */
    void request() {
        String node = fleet.nodes().get(random.nextInt(fleet.nodes().size()));
        String key = "u" + random.nextInt(1 + random.nextInt(USERS));
        Requests.Request request =
                switch (random.nextInt(4)) {
                    case 0 -> Requests.Request.read(Shop.SEPARATE, key);
                    case 1 -> Requests.Request.write(Shop.SHARED, key);
                    default -> Requests.Request.read(Shop.SHARED, key);
                };
        fleet.sidecar(node).ifPresent(sidecar -> send(node, sidecar, request));
    }

    private void send(String node, SimulatedSidecar sidecar, Requests.Request request) {
        if (!sidecar.isReady()) {
            sometimes.met(Sometimes.Event.NOT_READY);
            return;
        }
        Optional<GateAnswer.Decided> decided = sidecar.decide(request);
        if (decided.isEmpty()) {
            throw new IllegalStateException(
                    node + " is ready without " + request.gate() + " (expected: with it)");
        }
        if (fleet.control().isEmpty()) {
            sometimes.met(Sometimes.Event.SERVED_WITHOUT_CONTROL);
        }
        GateDecision decision = decided.get().decision();
        if (decision.reason() == Reason.KILL) {
            sometimes.met(Sometimes.Event.KILL_OBEYED);
        }
        history.add(
                new History.Decided(
                        time.nanos(), node, request.operation().name(), request.key(), decision));
        boolean failed = arms.fails(decision.arm());
        boolean fellBack = failed && wiring.fallsBack(decided.get()) && !arms.fails(Arm.LEGACY);
        if (failed) {
            history.add(
                    new History.Failed(
                            time.nanos(),
                            node,
                            request.operation(),
                            decision,
                            wiring.fallsBack(decided.get())));
        }
        if (fellBack) {
            sometimes.met(Sometimes.Event.FALLBACK);
        } else if (failed && wiring.fallsBack(decided.get())) {
            sometimes.met(Sometimes.Event.BOTH_ARMS_FAILED);
        } else if (failed && request.operation().operationClass() != OperationClass.READ) {
            sometimes.met(Sometimes.Event.WRITE_FAILED);
        }
        Result result = failed ? Result.SERVER_ERROR : Result.SUCCESS;
        time.after(
                Duration.ofNanos(random.nextInt(LONGEST_ANSWER)),
                () -> sidecar.finished(request, decision, new Requests.Ending(result, fellBack)));
    }
}
