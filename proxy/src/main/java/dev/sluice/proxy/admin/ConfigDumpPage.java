package dev.sluice.proxy.admin;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sluice.proxy.admin.dump.ConfigDump;
import dev.sluice.proxy.admin.dump.FieldMaskTree;
import dev.sluice.proxy.admin.dump.Redaction;
import dev.sluice.proxy.resource.read.Extensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code /config_dump} in Envoy's shape, without secrets. {@code ?resource=} shows one list of it,
 * {@code ?name_regex=} what is named so, {@code ?mask=} some fields alone, {@code ?include_eds}
 * endpoints too. Thread-safe.
 */
final class ConfigDumpPage {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer()
                    .preservingProtoFieldNames()
                    .usingTypeRegistry(
                            JsonFormat.TypeRegistry.newBuilder()
                                    .add(Extensions.TYPES.all())
                                    .add(Struct.getDescriptor())
                                    .build());

    private static final String TYPE = "@type";
    private static final String URL = "type.googleapis.com/";

    private final AdminSubject subject;

    ConfigDumpPage(AdminSubject subject) {
        this.subject = subject;
    }

    AdminAnswer answer(AdminRequest request) {
        Optional<Pattern> names;
        try {
            names =
                    request.parameter("name_regex")
                            .filter(text -> !text.isEmpty())
                            .map(Pattern::compile);
        } catch (PatternSyntaxException e) {
            return AdminAnswer.text(
                    400,
                    "name_regex: %s (expected: an RE2 expression); correct it\n"
                            .formatted(e.getMessage()));
        }
        ConfigDump dump =
                new ConfigDump(
                        subject.origin().bootstrap(),
                        subject.started(),
                        subject.origin().sent(),
                        subject.snapshot());
        List<Message> parts =
                dump.parts(
                        request.has("include_eds")
                                ? ConfigDump.Endpoints.INCLUDED
                                : ConfigDump.Endpoints.LEFT_OUT);
        return request.parameter("resource")
                .map(resource -> resource(parts, resource, names, request))
                .orElseGet(() -> masked(whole(parts, names), request));
    }

    private static List<Struct> whole(List<Message> parts, Optional<Pattern> names) {
        List<Struct> shown = new ArrayList<>();
        for (Message part : parts) {
            Struct.Builder tree = tree(part).toBuilder();
            if (names.isPresent()) {
                tree.getFieldsMap()
                        .forEach((field, value) -> {
                            if (value.hasListValue()) {
                                tree.putFields(field, named(value.getListValue(), names.get()));
                            }
                        });
                tree.removeFields("bootstrap");
            }
            shown.add(typed(part.getDescriptorForType().getFullName(), tree.build()));
        }
        return shown;
    }

    private static Value named(ListValue list, Pattern names) {
        ListValue.Builder kept = ListValue.newBuilder();
        list.getValuesList().stream()
                .filter(value -> isNamed(value.getStructValue(), names))
                .forEach(kept::addValues);
        return Value.newBuilder().setListValue(kept).build();
    }

    /** By the name of the element, or of the resource in it. */
    private static boolean isNamed(Struct element, Pattern names) {
        for (String field : List.of("name", "cluster_name")) {
            Value name = element.getFieldsOrDefault(field, Value.getDefaultInstance());
            if (name.hasStringValue()) {
                return names.matches(name.getStringValue());
            }
        }
        return element.getFieldsMap().values().stream()
                .anyMatch(
                        value -> value.hasStructValue() && isNamed(value.getStructValue(), names));
    }

    private static AdminAnswer resource(
            List<Message> parts, String name, Optional<Pattern> names, AdminRequest request) {
        Set<String> known = new TreeSet<>();
        for (Message part : parts) {
            for (FieldDescriptor field : part.getDescriptorForType().getFields()) {
                boolean isList = field.isRepeated();
                if (isList && field.getName().equals(name)) {
                    return masked(elements(part, field, names), request);
                }
                if (isList) {
                    known.add(field.getName());
                }
            }
        }
        return AdminAnswer.text(
                404,
                "resource %s (expected: one of %s); correct the name, or add include_eds\n"
                        .formatted(name, String.join(", ", known)));
    }

    private static List<Struct> elements(
            Message part, FieldDescriptor field, Optional<Pattern> names) {
        return tree(part)
                .getFieldsOrDefault(field.getName(), Value.getDefaultInstance())
                .getListValue()
                .getValuesList()
                .stream()
                .map(Value::getStructValue)
                .filter(element -> names.isEmpty() || isNamed(element, names.get()))
                .map(element -> typed(field.getMessageType().getFullName(), element))
                .toList();
    }

    private static AdminAnswer masked(List<Struct> shown, AdminRequest request) {
        ListValue.Builder configs = ListValue.newBuilder();
        Optional<FieldMaskTree> mask = request.parameter("mask").map(FieldMaskTree::parse);
        boolean found = false;
        for (Struct one : shown) {
            Struct kept = mask.map(tree -> tree.of(one)).orElse(one);
            found |= kept.getFieldsCount() > 1;
            configs.addValues(Value.newBuilder().setStructValue(kept));
        }
        if (mask.isPresent() && !found && !shown.isEmpty()) {
            return AdminAnswer.text(
                    400,
                    "mask %s (expected: paths of fields that are shown, joined by commas); correct it\n"
                            .formatted(request.parameter("mask").orElse("")));
        }
        return AdminAnswer.json(
                200,
                print(
                                Struct.newBuilder()
                                        .putFields(
                                                "configs",
                                                Value.newBuilder().setListValue(configs).build())
                                        .build())
                        + "\n");
    }

    private static Struct typed(String type, Struct tree) {
        return Struct.newBuilder()
                .putFields(TYPE, Value.newBuilder().setStringValue(URL + type).build())
                .putAllFields(tree.getFieldsMap())
                .build();
    }

    /** What people may see of a message, as a tree. */
    private static Struct tree(Message message) {
        Struct.Builder tree = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(print(Redaction.of(message)), tree);
        } catch (InvalidProtocolBufferException printedHere) {
            throw new IllegalStateException(printedHere);
        }
        return tree.build();
    }

    private static String print(Message message) {
        try {
            return JSON.print(message);
        } catch (InvalidProtocolBufferException unprintable) {
            throw new IllegalStateException(unprintable);
        }
    }
}
