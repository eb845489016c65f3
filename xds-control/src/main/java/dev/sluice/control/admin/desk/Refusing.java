package dev.sluice.control.admin.desk;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.Status;
import dev.sluice.contract.Problem;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.path.Outcome;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;

/**
 * Refusals on the wire (AIP 193): the weightiest reason names the code, and every reason is one
 * detail. Stateless.
 */
public final class Refusing {
    private static final String DOMAIN = "sluice.dev";

    private Refusing() {}

    /** A request that cannot even be read. */
    public static StatusRuntimeException invalid(List<Problem> problems) {
        return of(
                new Outcome.Refused(
                        problems.stream()
                                .map(problem -> new Refusal(Refusal.Kind.INVALID, problem))
                                .toList()));
    }

    /** A resource that a request names and that does not exist. */
    static StatusRuntimeException notFound(String name) {
        return of(
                new Outcome.Refused(
                        List.of(
                                Refusal.of(
                                        Refusal.Kind.NOT_FOUND,
                                        "name",
                                        Problem.quote(name),
                                        "an existing resource",
                                        "list what there is, or create it first"))));
    }

    public static StatusRuntimeException of(Outcome.Refused refused) {
        Status.Builder status =
                Status.newBuilder()
                        .setCode(code(refused.kind()).getNumber())
                        .setMessage(message(refused.refusals()))
                        .addDetails(
                                Any.pack(
                                        ErrorInfo.newBuilder()
                                                .setReason(reason(refused.kind()))
                                                .setDomain(DOMAIN)
                                                .putMetadata("runbook", runbook(refused.kind()))
                                                .build()));
        status.addDetails(
                refused.kind() == Refusal.Kind.PRECONDITION
                        ? preconditions(refused.refusals())
                        : violations(refused.refusals()));
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private static String message(List<Refusal> refusals) {
        return refusals.size() == 1
                ? refusals.getFirst().problem().message()
                : refusals.size() + " problems, each in a detail of this status";
    }

    private static Any violations(List<Refusal> refusals) {
        var violations = BadRequest.newBuilder();
        for (Refusal refusal : refusals) {
            violations.addFieldViolations(
                    BadRequest.FieldViolation.newBuilder()
                            .setField(refusal.problem().path())
                            .setReason(reason(refusal.kind()))
                            .setDescription(description(refusal.problem())));
        }
        return Any.pack(violations.build());
    }

    private static Any preconditions(List<Refusal> refusals) {
        var violations = PreconditionFailure.newBuilder();
        for (Refusal refusal : refusals) {
            violations.addViolations(
                    PreconditionFailure.Violation.newBuilder()
                            .setType(reason(refusal.kind()))
                            .setSubject(refusal.problem().path())
                            .setDescription(description(refusal.problem())));
        }
        return Any.pack(violations.build());
    }

    /** The problem without its path, which has a field of its own. */
    private static String description(Problem problem) {
        return new Problem("", problem.got(), problem.expected(), problem.remedy()).message();
    }

    /** The page that says what to do, within the project. */
    private static String runbook(Refusal.Kind kind) {
        return "docs/runbooks/" + reason(kind) + ".md";
    }

    private static String reason(Refusal.Kind kind) {
        return switch (kind) {
            case DENIED -> "DENIED";
            case UNAVAILABLE -> "STORE_UNAVAILABLE";
            case INVALID -> "INVALID";
            case NOT_FOUND -> "NOT_FOUND";
            case ALREADY_EXISTS -> "ALREADY_EXISTS";
            case ABORTED -> "STALE_ETAG";
            case PRECONDITION -> "PRECONDITION";
        };
    }

    private static Code code(Refusal.Kind kind) {
        return switch (kind) {
            case DENIED -> Code.PERMISSION_DENIED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
            case INVALID -> Code.INVALID_ARGUMENT;
            case NOT_FOUND -> Code.NOT_FOUND;
            case ALREADY_EXISTS -> Code.ALREADY_EXISTS;
            case ABORTED -> Code.ABORTED;
            case PRECONDITION -> Code.FAILED_PRECONDITION;
        };
    }
}
