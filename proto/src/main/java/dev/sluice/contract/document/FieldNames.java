package dev.sluice.contract.document;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How fields are named in documents and messages. Stateless. */
final class FieldNames {
    private FieldNames() {}

    /** The field of this name as in the {@code .proto} file or in lowerCamelCase. */
    static Optional<FieldDescriptor> find(Descriptor type, String name) {
        FieldDescriptor exact = type.findFieldByName(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        return type.getFields().stream()
                .filter(field -> field.getJsonName().equals(name))
                .findFirst();
    }

    static String list(List<FieldDescriptor> fields) {
        return fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining(", "));
    }

    /** What one value of the field is, in a word. */
    static String kind(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG -> "whole number";
            case FLOAT, DOUBLE -> "number";
            case BOOLEAN, STRING, BYTE_STRING, ENUM, MESSAGE ->
                    field.getType().name().toLowerCase(Locale.ROOT);
        };
    }
}
