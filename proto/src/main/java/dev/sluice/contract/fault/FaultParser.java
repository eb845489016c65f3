package dev.sluice.contract.fault;

import dev.sluice.contract.Problems;
import dev.sluice.contract.gate.Fields;
import java.time.Duration;
import java.util.Optional;

/** Reads what a lease injects. Stateless. */
final class FaultParser {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final long MOST_BYTES = 1L << 30;
    private static final int MEBI = 1 << 20;
    private static final int LONGEST_MESSAGE = 1024;

    private FaultParser() {}

    /** Empty, after one problem was added, when the fault has no kind or one unknown here. */
    static Optional<Fault> parse(dev.sluice.chaos.v1.Fault proto, Problems at) {
        return switch (proto.getKindCase()) {
            case DELAY -> some(new Fault.Delay(length(proto.getDelay(), at.field("delay"))));
            case HTTP_STATUS ->
                    some(
                            new Fault.HttpStatus(
                                    Fields.number(
                                            proto.getHttpStatus(),
                                            200,
                                            599,
                                            at.field("http_status"))));
            case GRPC_STATUS -> some(grpc(proto.getGrpcStatus(), at.field("grpc_status")));
            case RESET -> reset(proto, at.field("reset"));
            case GOAWAY -> some(new Fault.Goaway());
            case BODY_BYTES_PER_SECOND ->
                    some(
                            new Fault.BodyRate(
                                    bytes(
                                            proto.getBodyBytesPerSecond(),
                                            1,
                                            at.field("body_bytes_per_second"))));
            case CORRUPT_ONE_IN_BYTES ->
                    some(
                            new Fault.CorruptBody(
                                    Fields.number(
                                            proto.getCorruptOneInBytes(),
                                            1,
                                            MEBI,
                                            at.field("corrupt_one_in_bytes"))));
            case CUT_BODY ->
                    some(
                            new Fault.CutBody(
                                    bytes(
                                            proto.getCutBody().getAfterBytes(),
                                            0,
                                            at.field("cut_body").field("after_bytes"))));
            case SLOW_TRAILERS ->
                    some(
                            new Fault.SlowTrailers(
                                    length(proto.getSlowTrailers(), at.field("slow_trailers"))));
            case CONTENT_LENGTH_OFF_BY ->
                    some(
                            wrongLength(
                                    proto.getContentLengthOffBy(),
                                    at.field("content_length_off_by")));
            case MISSING_TRAILERS -> some(new Fault.MissingTrailers());
            case KIND_NOT_SET -> {
                at.add("no fault", "exactly one, such as http_status", "say what is injected");
                yield Optional.empty();
            }
        };
    }

    private static Optional<Fault> some(Fault fault) {
        return Optional.of(fault);
    }

    private static Duration length(com.google.protobuf.Duration proto, Problems at) {
        return Fields.duration(proto, SHORTEST, LONGEST, at);
    }

    private static Fault grpc(dev.sluice.chaos.v1.GrpcAbort proto, Problems at) {
        return new Fault.GrpcStatus(
                Fields.number(proto.getCode(), 1, 16, at.field("code")),
                Fields.text(proto.getMessage(), 0, LONGEST_MESSAGE, at.field("message")));
    }

    private static Optional<Fault> reset(dev.sluice.chaos.v1.Fault proto, Problems at) {
        return Fields.required(Fault.ResetPoint.class, proto.getResetValue(), at)
                .map(Fault.Reset::new);
    }

    private static Fault wrongLength(int offBy, Problems at) {
        if (offBy == 0 || offBy < -MEBI || offBy > MEBI) {
            at.add(
                    Integer.toString(offBy),
                    "-1,048,576..1,048,576, not 0",
                    "give by how many bytes the length is off");
        }
        return new Fault.WrongLength(offBy);
    }

    private static long bytes(long unsigned, long least, Problems at) {
        if (unsigned < least || unsigned > MOST_BYTES) {
            at.add(
                    Long.toUnsignedString(unsigned),
                    least + "..1,073,741,824 bytes",
                    "give a number in this range");
            return least;
        }
        return unsigned;
    }
}
