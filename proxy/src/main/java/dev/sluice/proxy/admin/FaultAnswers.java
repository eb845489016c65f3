package dev.sluice.proxy.admin;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.contract.Problem;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What pages about faults answer alike. Stateless. */
final class FaultAnswers {
    private static final JsonFormat.Printer JSON = JsonFormat.printer().preservingProtoFieldNames();

    private FaultAnswers() {}

    static AdminAnswer json(Message message) {
        try {
            return AdminAnswer.json(200, JSON.print(message) + "\n");
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message of known types could not be shown", e);
        }
    }

    static AdminAnswer refused(List<Problem> problems) {
        return AdminAnswer.text(
                400,
                problems.stream()
                        .map(problem -> problem.message() + "\n")
                        .collect(Collectors.joining()));
    }

    static AdminAnswer notAllowed(AdminRequest request, String expected) {
        return AdminAnswer.text(
                405, "method %s (expected: %s)\n".formatted(request.method(), expected));
    }

    static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }
}
