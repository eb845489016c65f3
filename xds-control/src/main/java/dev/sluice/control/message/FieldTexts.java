package dev.sluice.control.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts of all fields that are set in a message, down to the smallest: words of enums by their
 * names, numbers as people write them, no bytes. Stateless.
 */
public final class FieldTexts {
    private FieldTexts() {}

    /**
     * One of them.
     *
     * @param path such as {@code rules[1].match.path.prefix} or {@code labels.team}
     * @param text what stands there
     */
    public record Field(String path, String text) {
        /** The path without the places in lists: {@code rules.match.path.prefix}. */
        public String name() {
            return path.replaceAll("\\[\\d+]", "");
        }
    }

    /** In the order of the contract. */
    public static List<Field> of(Message message) {
        List<Field> fields = new ArrayList<>();
        collect("", message, fields);
        return fields;
    }

    private static void collect(String before, Message message, List<Field> fields) {
        message.getAllFields()
                .forEach((field, value) -> {
                    String path = before + field.getName();
                    if (!(value instanceof List<?> list)) {
                        add(path, value, fields);
                    } else if (field.isMapField()) {
                        list.forEach(entry -> addEntry(path, (Message) entry, fields));
                    } else {
                        for (int i = 0; i < list.size(); i++) {
                            add(path + "[" + i + "]", list.get(i), fields);
                        }
                    }
                });
    }

    private static void addEntry(String path, Message entry, List<Field> fields) {
        FieldDescriptor key = entry.getDescriptorForType().findFieldByNumber(1);
        FieldDescriptor value = entry.getDescriptorForType().findFieldByNumber(2);
        add(path + "." + entry.getField(key), entry.getField(value), fields);
    }

    private static void add(String path, Object value, List<Field> fields) {
        switch (value) {
            case MapEntry<?, ?> entry -> addEntry(path, entry, fields);
            case Message message -> collect(path + ".", message, fields);
            case EnumValueDescriptor word -> fields.add(new Field(path, word.getName()));
            case ByteString _ -> {} // nobody searches for bytes
            default -> fields.add(new Field(path, value.toString()));
        }
    }
}
