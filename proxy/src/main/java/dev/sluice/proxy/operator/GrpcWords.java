package dev.sluice.proxy.operator;

import dev.sluice.proxy.snapshot.log.LogPart.GrpcForm;
import java.util.List;
import java.util.Locale;

/** Names of gRPC status codes, as Envoy's access logs write them. Stateless. */
final class GrpcWords {
    private static final int CANCELLED = 1;
    private static final List<String> NAMES =
            List.of(
                    "OK",
                    "Canceled",
                    "Unknown",
                    "InvalidArgument",
                    "DeadlineExceeded",
                    "NotFound",
                    "AlreadyExists",
                    "PermissionDenied",
                    "ResourceExhausted",
                    "FailedPrecondition",
                    "Aborted",
                    "OutOfRange",
                    "Unimplemented",
                    "Internal",
                    "Unavailable",
                    "DataLoss",
                    "Unauthenticated");

    private GrpcWords() {}

    /**
     * The code in this form; a number where it has no name.
     *
     * @param code negative: there is none
     */
    static LogValue of(int code, GrpcForm form) {
        if (code < 0 || code >= NAMES.size() || form == GrpcForm.NUMBER) {
            return LogValue.known(code);
        }
        return new LogValue.Text(form == GrpcForm.CAMEL_STRING ? NAMES.get(code) : snake(code));
    }

    private static String snake(int code) {
        return code == CANCELLED
                ? "CANCELLED"
                : NAMES.get(code).replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }
}
