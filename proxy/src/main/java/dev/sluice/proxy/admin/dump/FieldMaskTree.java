package dev.sluice.proxy.admin.dump;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fields that are wanted of a JSON tree, by paths with dots; they lead through lists too. The type
 * of what is kept is kept with it. Immutable.
 *
 * @param children by name; none: all of it is wanted
 */
public record FieldMaskTree(Map<String, FieldMaskTree> children) {
    private static final String TYPE = "@type";

    /**
     * Reads a mask as Envoy writes it.
     *
     * @param paths joined by commas
     */
    public static FieldMaskTree parse(String paths) {
        FieldMaskTree root = new FieldMaskTree(new TreeMap<>());
        for (String path : paths.split(",", -1)) {
            FieldMaskTree at = root;
            for (String field : path.strip().split("\\.", -1)) {
                at = at.children.computeIfAbsent(field, name -> new FieldMaskTree(new TreeMap<>()));
            }
        }
        return root;
    }

    /** What is wanted of it. */
    public Struct of(Struct tree) {
        Struct.Builder kept = Struct.newBuilder();
        tree.getFieldsMap()
                .forEach((name, value) -> {
                    FieldMaskTree wanted = children.get(name);
                    if (name.equals(TYPE)) {
                        kept.putFields(name, value);
                    } else if (wanted != null) {
                        kept.putFields(name, wanted.of(value));
                    }
                });
        return kept.build();
    }

    private Value of(Value value) {
        if (children.isEmpty()) {
            return value;
        }
        return switch (value.getKindCase()) {
            case STRUCT_VALUE ->
                    Value.newBuilder().setStructValue(of(value.getStructValue())).build();
            case LIST_VALUE -> {
                ListValue.Builder list = ListValue.newBuilder();
                value.getListValue().getValuesList().forEach(one -> list.addValues(of(one)));
                yield Value.newBuilder().setListValue(list).build();
            }
            case NULL_VALUE, NUMBER_VALUE, STRING_VALUE, BOOL_VALUE, KIND_NOT_SET -> value;
        };
    }
}
