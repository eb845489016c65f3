package dev.sluice.e2e.simulation;

import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.gate.Reason;
import dev.sluice.e2e.simulation.invariant.History;
import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The requests of some hundred users, at one sidecar each time. Used by one thread. */
final class Traffic {
    private static final int USERS = 240;
    private static final int LONGEST_ANSWER = 30_000_000;
    private static final Duration LONGEST_HELD = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Fleet fleet;
    private final Arms arms;
    private final VirtualTime time;
    private final SplittableRandom random;
    private final History history;
    private final Sometimes sometimes;
    private final Wiring wiring;

    Traffic(
            Fleet fleet,
            Arms arms,
            VirtualTime time,
            SplittableRandom random,
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

    /** One request at one of the sidecars; its chance is its own, whatever became of the others. */
    void request() {
        RandomGenerator own = random.split();
        String node = fleet.nodes().get(own.nextInt(fleet.nodes().size()));
        Requests.Request request = any(own);
        fleet.sidecar(node).ifPresent(sidecar -> send(node, sidecar, request, own, failed -> {}));
    }

    /** Somebody writes the same between two stores at all sidecars at once. */
    void writeEverywhere() {
        SplittableRandom own = random.split();
        Requests.Request request =
                Requests.Request.write(Shop.SEPARATE, "u" + own.nextInt(1 + own.nextInt(USERS)));
        for (String node : fleet.nodes()) {
            RandomGenerator there = own.split();
            fleet.sidecar(node)
                    .filter(SimulatedSidecar::isReady)
                    .ifPresent(sidecar -> write(node, sidecar, request, there, LONGEST_HELD));
        }
    }

    /**
     * As a sidecar that holds it: again and again, until it may.
     *
     * @param left how long it may still wait
     */
    private void write(
            String node,
            SimulatedSidecar sidecar,
            Requests.Request request,
            RandomGenerator random,
            Duration left) {
        if (sidecar.isDead() || left.isNegative()) {
            return;
        }
        Optional<GateAnswer.Decided> decided = sidecar.decide(request);
        if (decided.isEmpty()) {
            sometimes.met(Sometimes.Event.WRITE_WAITED);
            time.after(
                    LOOK_AGAIN,
                    () -> write(node, sidecar, request, random, left.minus(LOOK_AGAIN)));
            return;
        }
        GateDecision decision = decided.get().decision();
        if (decision.arm() == Arm.NEW) {
            sometimes.met(Sometimes.Event.WRITE_WENT_TO_NEW);
        }
        long begun = time.nanos();
        Result result = arms.fails(decision.arm(), random) ? Result.SERVER_ERROR : Result.SUCCESS;
        time.after(
                Duration.ofNanos(random.nextInt(LONGEST_ANSWER)),
                () -> {
                    if (!sidecar.isDead()) {
                        history.add(
                                new History.Wrote(
                                        time.nanos(), begun, node, request.key(), decision));
                        decided.get().write().end().release();
                        sidecar.finished(
                                request,
                                decision,
                                new Requests.Ending(result, /* fellBack= */ false));
                    }
                });
    }

    /** What somebody may ask for. */
    static Requests.Request any(RandomGenerator random) {
        String key = "u" + random.nextInt(1 + random.nextInt(USERS));
        return switch (random.nextInt(4)) {
            case 0 -> Requests.Request.read(Shop.SEPARATE, key);
            case 1 -> Requests.Request.write(Shop.SHARED, key);
            default -> Requests.Request.read(Shop.SHARED, key);
        };
    }

    /** A request that came to a sidecar over a connection, and its answer, in two parts. */
    void serve(String node, SimulatedSidecar sidecar, ServerStream stream, RandomGenerator random) {
        Requests.Request request = Requests.Request.of(stream.request());
        send(
                node,
                sidecar,
                request,
                random,
                failed -> answer(sidecar, stream, failed ? 500 : 200, random));
    }

    private void answer(
            SimulatedSidecar sidecar, ServerStream stream, int status, RandomGenerator random) {
        if (sidecar.isDead()) {
            return;
        }
        CharSequence id = Objects.requireNonNull(stream.request().headers().first(Requests.ID));
        HeaderBlock headers =
                new HeaderBlock().add("content-length", Integer.toString(id.length()));
        BodySink body = stream.respond(new ResponseHead(status, headers), /* ended= */ false);
        body.data(bytes(id.subSequence(0, 1)), /* last= */ false);
        time.after(
                Duration.ofNanos(random.nextInt(LONGEST_ANSWER)),
                () -> {
                    if (!sidecar.isDead()) {
                        body.data(bytes(id.subSequence(1, id.length())), /* last= */ true);
                    }
                });
    }

    private static ByteBuf bytes(CharSequence text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /**
     * @param onEnd told when it is over, and whether the user gets an error
     */
    private void send(
            String node,
            SimulatedSidecar sidecar,
            Requests.Request request,
            RandomGenerator random,
            Consumer<Boolean> onEnd) {
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
        boolean failed = arms.fails(decision.arm(), random);
        boolean fellBack =
                failed && wiring.fallsBack(decided.get()) && !arms.fails(Arm.LEGACY, random);
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
                () -> {
                    sidecar.finished(request, decision, new Requests.Ending(result, fellBack));
                    onEnd.accept(failed && !fellBack);
                });
    }
}
