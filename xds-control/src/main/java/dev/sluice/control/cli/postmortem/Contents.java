package dev.sluice.control.cli.postmortem;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.Severity;
import java.util.List;
import java.util.Set;

/** Reads what events hold, as the log has it. Stateless. */
final class Contents {
    private static final Set<String> TAKING_BACK = Set.of("KILLED", "ROLLED_BACK");

    private Contents() {}

    static boolean isCritical(Event event) {
        return event.getSeverity() == Severity.CRITICAL;
    }

    /** Whether gates were killed or rolled back by it. */
    static boolean takesBack(Event event) {
        return isRevision(event) && TAKING_BACK.contains(text(event.getContent(), "action"));
    }

    static boolean isRevision(Event event) {
        return event.getKind().equals("gates.revised");
    }

    static boolean isVerdict(Event event) {
        return event.getKind().equals("ramp.judged");
    }

    /** The gates of a revision as they are then. */
    static List<Struct> gates(Event event) {
        return value(event.getContent(), "gates").getListValue().getValuesList().stream()
                .map(gate -> value(gate.getStructValue(), "content").getStructValue())
                .toList();
    }

    /** Parts per million; 0 of what is no revision. */
    static long largestShare(Event event) {
        return isRevision(event)
                ? gates(event).stream()
                        .mapToLong(gate -> (long) number(gate, "share_ppm"))
                        .max()
                        .orElse(0)
                : 0;
    }

    /** Empty when there is none. */
    static String text(Struct struct, String... path) {
        return value(struct, path).getStringValue();
    }

    /** 0 when there is none. */
    static double number(Struct struct, String... path) {
        Value value = value(struct, path);
        return value.hasStringValue()
                ? Double.parseDouble(value.getStringValue())
                : value.getNumberValue();
    }

    private static Value value(Struct struct, String... path) {
        Value value = Value.newBuilder().setStructValue(struct).build();
        for (String name : path) {
            value = value.getStructValue().getFieldsOrDefault(name, Value.getDefaultInstance());
        }
        return value;
    }
}
