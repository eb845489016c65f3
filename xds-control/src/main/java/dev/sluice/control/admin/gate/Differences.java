package dev.sluice.control.admin.gate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.admin.v1.GateDiff.FieldChange;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Finds what differs between two messages of one type, down to the smallest part that is on both
 * sides. For one comparison.
 */
final class Differences {
    private static final String REVISION = "revision";
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private final List<FieldChange> found = new ArrayList<>();

    private Differences() {}

    /** The differences of two gates, but for their revisions, in the order of the contract. */
    static List<FieldChange> between(Message before, Message after) {
        Differences differences = new Differences();
        for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
            if (!field.getName().equals(REVISION)) {
                differences.field(field.getName(), field, before, after);
            }
        }
        return differences.found;
    }

    private void message(String path, Message before, Message after) {
        for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
            field(path + "." + field.getName(), field, before, after);
        }
    }

    private void field(
            String path, FieldDescriptor field, MessageOrBuilder before, MessageOrBuilder after) {
        if (field.isRepeated()) {
            repeated(path, field, before, after);
            return;
        }
        boolean was = isPresent(field, before);
        boolean is = isPresent(field, after);
        if (was && is && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            message(path, (Message) before.getField(field), (Message) after.getField(field));
        } else if (was || is) {
            String old = was ? json(before.getField(field)) : "";
            String now = is ? json(after.getField(field)) : "";
            add(path, old, now);
        }
    }

    private void repeated(
            String path, FieldDescriptor field, MessageOrBuilder before, MessageOrBuilder after) {
        int was = before.getRepeatedFieldCount(field);
        int is = after.getRepeatedFieldCount(field);
        boolean messages = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        for (int i = 0; i < Math.max(was, is); i++) {
            String place = path + "[" + i + "]";
            if (i < was && i < is && messages && !field.isMapField()) {
                message(
                        place,
                        (Message) before.getRepeatedField(field, i),
                        (Message) after.getRepeatedField(field, i));
            } else {
                add(
                        place,
                        i < was ? json(before.getRepeatedField(field, i)) : "",
                        i < is ? json(after.getRepeatedField(field, i)) : "");
            }
        }
    }

    private void add(String path, String before, String after) {
        if (!before.equals(after)) {
            found.add(
                    FieldChange.newBuilder()
                            .setPath(path)
                            .setBefore(before)
                            .setAfter(after)
                            .build());
        }
    }

    private static boolean isPresent(FieldDescriptor field, MessageOrBuilder message) {
        return field.hasPresence()
                ? message.hasField(field)
                : !message.getField(field).equals(field.getDefaultValue());
    }

    private static String json(Object value) {
        try {
            return switch (value) {
                case Message message -> JSON.print(message);
                case Integer number -> number.toString();
                case Long number -> number.toString();
                default -> JSON.print(scalar(value));
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an Any of unknown type", e);
        }
    }

    private static Value scalar(Object value) {
        Value.Builder json = Value.newBuilder();
        return switch (value) {
            case String text -> json.setStringValue(text).build();
            case Boolean truth -> json.setBoolValue(truth).build();
            case Number number -> json.setNumberValue(number.doubleValue()).build();
            case EnumValueDescriptor word -> json.setStringValue(word.getName()).build();
            case ByteString bytes ->
                    json.setStringValue(Base64.getEncoder().encodeToString(bytes.toByteArray()))
                            .build();
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }
}
