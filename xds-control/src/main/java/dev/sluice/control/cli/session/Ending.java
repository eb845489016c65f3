package dev.sluice.control.cli.session;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a command ends that could not do what it was asked: what people read and what scripts see.
 * Immutable.
 *
 * @param lines for the error stream: what, and one line for each problem
 */
public record Ending(ExitCode exitCode, List<String> lines) {
    public Ending {
        lines = List.copyOf(lines);
    }

    public static Ending of(Trouble trouble) {
        return new Ending(
                trouble.exitCode(),
                trouble.problems().stream()
                        .map(problem -> "sluice: " + problem.message())
                        .toList());
    }

    public static Ending of(StatusRuntimeException failure, Target target) {
        Status status = failure.getStatus();
        ExitCode exitCode = ExitCode.of(status.getCode());
        String said = status.getDescription() == null ? "no reason given" : status.getDescription();
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        if (details != null && details.getDetailsCount() > 0) {
            return new Ending(exitCode, refusal(status.getCode(), said, details));
        }
        return switch (exitCode) {
            case UNAVAILABLE ->
                    of(
                            new Trouble(
                                    exitCode,
                                    "control plane " + target,
                                    withCause(said, status.getCause()),
                                    "an answer",
                                    "start one with `sluice control`, or give --server"));
            case DENIED ->
                    of(
                            new Trouble(
                                    exitCode,
                                    "control plane " + target,
                                    said,
                                    "its token",
                                    "give --token, set SLUICE_TOKEN, or --state with its state folder"));
            case OK, REFUSED, INVALID, NOT_FOUND, STALE, EXISTS, CHANGES, INTERNAL ->
                    new Ending(exitCode, List.of("sluice: " + status.getCode() + ": " + said));
        };
    }

    /** gRPC says "io exception" of all that breaks a connection; what did is at the bottom. */
    private static String withCause(String said, @Nullable Throwable cause) {
        Throwable deepest = cause;
        while (deepest != null && deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest == null || deepest.getMessage() == null
                ? said
                : said + ": " + deepest.getMessage();
    }

    private static List<String> refusal(
            Status.Code code, String said, com.google.rpc.Status details) {
        List<String> problems = new ArrayList<>();
        String reason = "";
        String runbook = "";
        for (Any detail : details.getDetailsList()) {
            try {
                if (detail.is(BadRequest.class)) {
                    detail.unpack(BadRequest.class)
                            .getFieldViolationsList()
                            .forEach(v -> problems.add(line(v.getField(), v.getDescription())));
                } else if (detail.is(PreconditionFailure.class)) {
                    detail.unpack(PreconditionFailure.class)
                            .getViolationsList()
                            .forEach(v -> problems.add(line(v.getSubject(), v.getDescription())));
                } else if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    reason = info.getReason();
                    runbook = info.getMetadataOrDefault("runbook", "");
                }
            } catch (InvalidProtocolBufferException e) {
                problems.add("a detail that can't be read: " + detail.getTypeUrl());
            }
        }
        List<String> lines = new ArrayList<>();
        boolean telling = !reason.isEmpty() && !reason.equals(code.name());
        lines.add("sluice: " + code + (telling ? " (" + reason + ")" : "") + ": " + said);
        problems.stream().filter(problem -> !problem.strip().equals(said)).forEach(lines::add);
        if (!runbook.isEmpty()) {
            lines.add("  more in " + runbook);
        }
        return lines;
    }

    private static String line(String where, String what) {
        return "  " + (where.isEmpty() ? what : where + ": " + what);
    }
}
