package dev.sluice.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Finds the fields of a message that our version of the contract does not know, at any depth.
 * Protobuf keeps them silently; a field that we would not obey must be refused instead. Messages
 * packed in {@code Any} are not opened. Stateless.
 */
public final class UnknownFields {
    private UnknownFields() {}

    /** Adds one problem for every unknown field number of {@code message} and of its parts. */
    public static void refuse(Message message, Problems at) {
        for (int number : new TreeSet<>(message.getUnknownFields().asMap().keySet())) {
            at.add(
                    "unknown field number " + number,
                    "only fields of "
                            + message.getDescriptorForType().getFullName()
                            + " known here",
                    "remove the field, or upgrade the reader");
        }
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            if (entry.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                refuseIn(entry.getKey(), entry.getValue(), at.field(entry.getKey().getName()));
            }
        }
    }

    private static void refuseIn(FieldDescriptor field, Object value, Problems at) {
        if (!field.isRepeated()) {
            refuse((Message) value, at);
            return;
        }
        List<?> elements = (List<?>) value;
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i) instanceof MapEntry<?, ?> entry) {
                if (entry.getValue() instanceof Message part) {
                    refuse(part, at.key(String.valueOf(entry.getKey())));
                }
            } else {
                refuse((Message) elements.get(i), at.index(i));
            }
        }
    }
}
