package dev.sluice.proxy.admin.dump;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.proxy.resource.read.Extensions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import udpa.annotations.Sensitive;

/**
 * Messages as people may see them: the text of fields that Envoy's API calls sensitive, and of
 * headers that this proxy shows to servers, is {@code [redacted]}, at every depth and inside {@code
 * Any}. An {@code Any} of a type that is not known here, or that is torn, is shown by its type
 * alone. Stateless.
 */
public final class Redaction {
    private static final String SHOWN = "[redacted]";
    private static final String ANY = Any.getDescriptor().getFullName();

    /** Tokens stand in these, though Envoy does not call them sensitive. */
    private static final Set<String> HIDDEN =
            Set.of("envoy.config.core.v3.GrpcService.initial_metadata");

    /** Of what is hidden, this stays. */
    private static final String NAME_OF_HEADER = "envoy.config.core.v3.HeaderValue.key";

    private Redaction() {}

    /** The same without what is secret. */
    public static Message of(Message message) {
        return visible(dynamic(message));
    }

    private static DynamicMessage dynamic(Message message) {
        return parsed(message.getDescriptorForType(), message.toByteString());
    }

    private static DynamicMessage parsed(Descriptor type, ByteString bytes) {
        try {
            return DynamicMessage.parseFrom(type, bytes);
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(type.getFullName(), impossible);
        }
    }

    private static Message visible(Message message) {
        if (message.getDescriptorForType().getFullName().equals(ANY)) {
            return any(message);
        }
        return changed(
                message,
                (field, value) -> isHidden(field) ? hidden(field, value) : shown(field, value));
    }

    private static boolean isHidden(FieldDescriptor field) {
        return field.getOptions().getExtension(Sensitive.sensitive)
                || HIDDEN.contains(field.getFullName());
    }

    private static Object shown(FieldDescriptor field, Object value) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? visible((Message) value)
                : value;
    }

    private static Object hidden(FieldDescriptor field, Object value) {
        return switch (field.getJavaType()) {
            case MESSAGE -> changed((Message) value, Redaction::hidden);
            case STRING -> field.getFullName().equals(NAME_OF_HEADER) ? value : SHOWN;
            case BYTE_STRING -> ByteString.copyFromUtf8(SHOWN);
            case BOOLEAN, DOUBLE, ENUM, FLOAT, INT, LONG -> value;
        };
    }

    /** Makes one value of a field another of its kind. */
    @FunctionalInterface
    private interface Change {
        Object apply(FieldDescriptor field, Object value);
    }

    private static Message changed(Message message, Change change) {
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            UnaryOperator<Object> one = value -> change.apply(field, value);
            builder.setField(
                    field,
                    field.isRepeated()
                            ? ((List<?>) entry.getValue()).stream().map(one).toList()
                            : one.apply(entry.getValue()));
        }
        return builder.build();
    }

    private static Message any(Message packed) {
        Any any;
        try {
            any = Any.parseFrom(packed.toByteString());
        } catch (InvalidProtocolBufferException impossible) {
            throw new IllegalStateException(impossible);
        }
        Any seen =
                Extensions.TYPES
                        .find(any.getTypeUrl())
                        .flatMap(type -> content(type, any))
                        .map(content ->
                                any.toBuilder().setValue(visible(content).toByteString()).build())
                        .orElseGet(() -> unknown(any));
        return dynamic(seen);
    }

    /** Empty: it is torn. */
    private static Optional<DynamicMessage> content(Descriptor type, Any any) {
        try {
            return Optional.of(DynamicMessage.parseFrom(type, any.getValue()));
        } catch (InvalidProtocolBufferException torn) {
            return Optional.empty();
        }
    }

    private static Any unknown(Any any) {
        return Any.pack(
                Struct.newBuilder()
                        .putFields(
                                "type_url",
                                Value.newBuilder().setStringValue(any.getTypeUrl()).build())
                        .build());
    }
}
