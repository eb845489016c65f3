package dev.sluice.control.admin.gate;

import dev.sluice.admin.v1.EvaluateGateRequest;
import dev.sluice.admin.v1.GatePreview;
import dev.sluice.contract.Problem;
import dev.sluice.contract.decide.Carried;
import dev.sluice.contract.decide.GateDecider;
import dev.sluice.contract.decide.HeldGate;
import dev.sluice.contract.decide.Preview;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.Operation;
import dev.sluice.contract.gate.OperationClass;
import dev.sluice.contract.match.PlainRequest;
import dev.sluice.control.admin.desk.Refusing;
import dev.sluice.gate.v1.Decision;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;

/** Answers what a gate would do, by the contract's own rules. Thread-safe. */
public final class GateQuestions {
    private final LongSupplier randomBits;

    /**
     * @param randomBits thread-safe; for requests without a key
     */
    public GateQuestions(LongSupplier randomBits) {
        this.randomBits = randomBits;
    }

    Decision evaluate(Gate gate, EvaluateGateRequest question) {
        GateDecider decider = new GateDecider(randomBits);
        HeldGate held = HeldGate.first(gate);
        PlainRequest request = request(question);
        Operation asked = new Operation("asked", operationClass(question));
        GateDecision decision =
                question.hasKey()
                        ? decider.decideForKey(
                                held, asked, request, question.getKey().toByteArray())
                        : decider.decide(held, asked, Carried.NOTHING, request);
        return GateWriter.write(decision);
    }

    private static OperationClass operationClass(EvaluateGateRequest question) {
        return switch (question.getOperationClass()) {
            case OPERATION_CLASS_UNSPECIFIED, READ, UNRECOGNIZED -> OperationClass.READ;
            case IDEMPOTENT_WRITE -> OperationClass.IDEMPOTENT_WRITE;
            case UNSAFE_WRITE -> OperationClass.UNSAFE_WRITE;
            case STREAM -> OperationClass.STREAM;
        };
    }

    static GatePreview preview(Gate present, Gate wanted) {
        Preview preview = Preview.between(present, wanted.withKill(present.kill()));
        return GatePreview.newBuilder()
                .setToPpm(preview.toPpm().value())
                .setBackPpm(preview.backPpm().value())
                .setExposedPpm(preview.exposedPpm().value())
                .addAllFixedRules(preview.fixedRules())
                .setNeedsAllowMoves(preview.needsAllowMoves())
                .setWritesToNewPpm(preview.writesToNewPpm().value())
                .setWritesToLegacyPpm(preview.writesToLegacyPpm().value())
                .build();
    }

    /** The request that a question is about. */
    static PlainRequest request(EvaluateGateRequest question) {
        PlainRequest request =
                PlainRequest.NOTHING.withLine(
                        question.getMethod().isEmpty() ? "GET" : question.getMethod(),
                        question.getPath().isEmpty() ? "/" : onTheWire(question.getPath()));
        for (EvaluateGateRequest.Header header : question.getHeadersList()) {
            request = request.withHeader(header.getName(), onTheWire(header.getValue()));
        }
        if (!question.getClientIdentity().isEmpty()) {
            request = request.withClient(question.getClientIdentity());
        }
        return question.getPeerAddress().isEmpty()
                ? request
                : request.withPeer(address(question.getPeerAddress()));
    }

    /** Its UTF-8 bytes, one char each, as a request view shows bytes. */
    private static String onTheWire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static byte[] address(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            throw Refusing.invalid(
                    List.of(
                            new Problem(
                                    "peer_address",
                                    Problem.quote(text),
                                    "an IP address",
                                    "give the peer's address without port")));
        }
    }
}
