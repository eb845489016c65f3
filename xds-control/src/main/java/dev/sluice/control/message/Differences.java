package dev.sluice.control.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what differs between two messages of one type, down to the smallest part that is on both
 * sides; of a map, entry by entry, in the order of keys. For one comparison.
 */
public final class Differences {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private static final ObjectMapper PLAIN = new ObjectMapper();

    private final List<Difference> found = new ArrayList<>();

    private Differences() {}

    /** The differences, in the order of the contract. */
    public static List<Difference> between(Message before, Message after) {
        return between(before, after, Set.of());
    }

    /**
     * The differences, in the order of the contract.
     *
     * @param besides names of fields at the top that are not compared
     */
    public static List<Difference> between(Message before, Message after, Set<String> besides) {
        Differences differences = new Differences();
        for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
            if (!besides.contains(field.getName())) {
                differences.field(field.getName(), field, before, after);
            }
        }
        return List.copyOf(differences.found);
    }

    private void message(String path, Message before, Message after) {
        for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
            field(path + "." + field.getName(), field, before, after);
        }
    }

    private void field(
            String path, FieldDescriptor field, MessageOrBuilder before, MessageOrBuilder after) {
        if (field.isMapField()) {
            map(path, field, before, after);
            return;
        }
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
            if (i < was && i < is && messages) {
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

    private void map(
            String path, FieldDescriptor field, MessageOrBuilder before, MessageOrBuilder after) {
        Map<String, String> was = entries(field, before);
        Map<String, String> is = entries(field, after);
        Set<String> keys = new TreeSet<>(was.keySet());
        keys.addAll(is.keySet());
        for (String key : keys) {
            add(path + "[\"" + key + "\"]", was.getOrDefault(key, ""), is.getOrDefault(key, ""));
        }
    }

    private static Map<String, String> entries(FieldDescriptor field, MessageOrBuilder message) {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            Message entry = (Message) message.getRepeatedField(field, i);
            Object key = entry.getField(field.getMessageType().findFieldByNumber(1));
            Object value = entry.getField(field.getMessageType().findFieldByNumber(2));
            entries.put(key.toString(), json(value));
        }
        return entries;
    }

    private void add(String path, String before, String after) {
        if (!before.equals(after)) {
            found.add(new Difference(path, before, after));
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
                case Message message -> plain(JSON.print(message));
                case Integer number -> number.toString();
                case Long number -> number.toString();
                default -> plain(JSON.print(scalar(value)));
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an Any of unknown type", e);
        }
    }

    /** Without the escapes that only web pages need. */
    private static String plain(String json) {
        try {
            return PLAIN.readTree(json).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no JSON: " + json, e);
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
