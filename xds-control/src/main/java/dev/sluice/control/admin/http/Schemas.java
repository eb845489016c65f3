package dev.sluice.control.admin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Messages and enums as JSON schemas, by protobuf's JSON mapping; each that is referred to gets a
 * place of its own. For one document.
 */
final class Schemas {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Messages that JSON has another form for. */
    private static final Map<String, Supplier<ObjectNode>> WELL_KNOWN =
            Map.ofEntries(
                    Map.entry("google.protobuf.Timestamp", () -> text().put("format", "date-time")),
                    Map.entry(
                            "google.protobuf.Duration",
                            () -> text().put("pattern", "^-?[0-9]+(\\.[0-9]{1,9})?s$")),
                    Map.entry("google.protobuf.FieldMask", Schemas::text),
                    Map.entry("google.protobuf.Struct", () -> typed("object")),
                    Map.entry("google.protobuf.Value", NODES::objectNode),
                    Map.entry("google.protobuf.ListValue", () -> typed("array")),
                    Map.entry("google.protobuf.BoolValue", () -> typed("boolean")),
                    Map.entry("google.protobuf.StringValue", Schemas::text),
                    Map.entry("google.protobuf.BytesValue", Schemas::text),
                    Map.entry("google.protobuf.UInt32Value", () -> typed("integer")),
                    Map.entry("google.protobuf.Int32Value", () -> typed("integer")),
                    Map.entry("google.protobuf.UInt64Value", Schemas::text),
                    Map.entry("google.protobuf.Int64Value", Schemas::text),
                    Map.entry("google.protobuf.DoubleValue", () -> typed("number")),
                    Map.entry("google.protobuf.FloatValue", () -> typed("number")),
                    Map.entry("google.protobuf.Any", Schemas::any));

    private final Map<String, ObjectNode> named = new TreeMap<>();

    /** All that were referred to, by name. */
    ObjectNode all() {
        ObjectNode all = NODES.objectNode();
        named.forEach(all::set);
        return all;
    }

    /** A reference to a message's schema, or what JSON has for it. */
    ObjectNode reference(Descriptor type) {
        Supplier<ObjectNode> known = WELL_KNOWN.get(type.getFullName());
        if (known != null) {
            return known.get();
        }
        if (!named.containsKey(type.getFullName())) {
            ObjectNode schema = typed("object");
            named.put(type.getFullName(), schema); // before its fields, which may lead back to it
            fill(schema, type);
        }
        return to(type.getFullName());
    }

    /** A field's schema. */
    ObjectNode of(FieldDescriptor field) {
        if (field.isMapField()) {
            ObjectNode map = typed("object");
            map.set("additionalProperties", one(field.getMessageType().findFieldByNumber(2)));
            return map;
        }
        if (!field.isRepeated()) {
            return one(field);
        }
        ObjectNode list = typed("array");
        list.set("items", one(field));
        return list;
    }

    /** Whether a field can stand in a query: it is no message but one that JSON has a text for. */
    static boolean isText(FieldDescriptor field) {
        if (field.isMapField()) {
            return false;
        }
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return true;
        }
        Supplier<ObjectNode> known = WELL_KNOWN.get(field.getMessageType().getFullName());
        return known != null && known.get().path("type").asText().equals("string");
    }

    private void fill(ObjectNode schema, Descriptor type) {
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = NODES.arrayNode();
        for (FieldDescriptor field : type.getFields()) {
            ObjectNode property = of(field);
            List<FieldBehavior> behaviours =
                    field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior);
            if (behaviours.contains(FieldBehavior.OUTPUT_ONLY)) {
                property.put("readOnly", true);
            }
            if (behaviours.contains(FieldBehavior.REQUIRED)) {
                required.add(field.getJsonName());
            }
            properties.set(field.getJsonName(), property);
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
    }

    private ObjectNode one(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> reference(field.getMessageType());
            case ENUM -> enumeration(field.getEnumType());
            case STRING -> text();
            case BYTES -> text().put("contentEncoding", "base64");
            case BOOL -> typed("boolean");
            case DOUBLE, FLOAT -> typed("number");
            case INT32, SINT32, SFIXED32 -> typed("integer").put("format", "int32");
            case UINT32, FIXED32 -> typed("integer").put("minimum", 0);
            case INT64, SINT64, SFIXED64 -> text().put("format", "int64");
            case UINT64, FIXED64 -> text().put("format", "uint64");
        };
    }

    private ObjectNode enumeration(EnumDescriptor type) {
        if (!named.containsKey(type.getFullName())) {
            ObjectNode schema = text();
            ArrayNode words = schema.putArray("enum");
            type.getValues().forEach(value -> words.add(value.getName()));
            named.put(type.getFullName(), schema);
        }
        return to(type.getFullName());
    }

    private static ObjectNode to(String name) {
        return NODES.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static ObjectNode any() {
        ObjectNode any = typed("object");
        any.putObject("properties").set("@type", text());
        return any;
    }

    private static ObjectNode text() {
        return typed("string");
    }

    private static ObjectNode typed(String type) {
        return NODES.objectNode().put("type", type);
    }
}
