package dev.sluice.contract.document;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Visits every set field of a message, and of the messages inside it, under the same paths as
 * {@link DocumentReader} uses; an {@code Any} of a known type is opened. Immutable, thread-safe.
 */
public final class MessageWalk {
    private final DocumentTypes types;

    public MessageWalk(DocumentTypes types) {
        this.types = types;
    }

    /** What is told about a message. */
    public interface Visitor {
        /** A field is set. */
        Step field(String path, FieldDescriptor field);

        /** The message at this path has fields that its type does not know, by number. */
        default void unknown(String path, Descriptor type, List<Integer> numbers) {}

        /** The {@code Any} at this path can't be opened: its bytes are not of its type. */
        default void malformed(String path, String typeUrl) {}
    }

    /** Whether the walk goes into the messages of a field. */
    public enum Step {
        INTO,
        OVER
    }

    /** Walks {@code message}, which stands at {@code path}; empty for a whole document. */
    public void walk(Message message, String path, Visitor visitor) {
        UnknownFieldSet unknown = message.getUnknownFields();
        if (!unknown.asMap().isEmpty()) {
            visitor.unknown(
                    path,
                    message.getDescriptorForType(),
                    unknown.asMap().keySet().stream().sorted().toList());
        }
        if (message.getDescriptorForType()
                .getFullName()
                .equals(Any.getDescriptor().getFullName())) {
            any(message, path, visitor);
            return;
        }
        for (Map.Entry<FieldDescriptor, Object> set :
                new TreeMap<>(message.getAllFields()).entrySet()) {
            field(set.getKey(), set.getValue(), path, visitor);
        }
    }

    private void field(FieldDescriptor field, Object value, String owner, Visitor visitor) {
        String path = MessageReader.join(owner, field.getName());
        if (visitor.field(path, field) == Step.OVER) {
            return;
        }
        if (field.isMapField()) {
            entries(field, (List<?>) value, path, visitor);
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            if (field.isRepeated()) {
                List<?> items = (List<?>) value;
                for (int i = 0; i < items.size(); i++) {
                    walk((Message) items.get(i), path + "[" + i + "]", visitor);
                }
            } else {
                walk((Message) value, path, visitor);
            }
        }
    }

    private void entries(FieldDescriptor field, List<?> entries, String path, Visitor visitor) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        if (value.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return;
        }
        for (Object entry : entries) {
            Message pair = (Message) entry;
            walk(
                    (Message) pair.getField(value),
                    path + "[\"" + pair.getField(key) + "\"]",
                    visitor);
        }
    }

    private void any(Message message, String path, Visitor visitor) {
        Any any = asAny(message);
        Optional<Descriptor> type = types.find(any.getTypeUrl());
        if (type.isEmpty()) {
            return;
        }
        try {
            walk(DynamicMessage.parseFrom(type.get(), any.getValue()), path, visitor);
        } catch (InvalidProtocolBufferException malformed) {
            visitor.malformed(path, any.getTypeUrl());
        }
    }

    private static Any asAny(Message message) {
        if (message instanceof Any any) {
            return any;
        }
        try {
            return Any.parseFrom(message.toByteString());
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException("own bytes of an Any", impossible);
        }
    }
}
