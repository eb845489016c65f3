package dev.sluice.proxy.plan;

/** The gRPC codes that refusals use; their numbers are the wire's. */
enum Grpc {
    DEADLINE_EXCEEDED(4),
    PERMISSION_DENIED(7),
    RESOURCE_EXHAUSTED(8),
    FAILED_PRECONDITION(9),
    UNIMPLEMENTED(12),
    INTERNAL(13),
    UNAVAILABLE(14),
    UNAUTHENTICATED(16);

    private final int code;

    Grpc(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
