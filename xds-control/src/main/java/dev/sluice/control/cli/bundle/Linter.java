package dev.sluice.control.cli.bundle;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.contract.Problem;
import dev.sluice.control.cli.resource.GateSets;
import dev.sluice.control.cli.resource.Gates;
import dev.sluice.control.cli.resource.Migrations;
import dev.sluice.control.cli.resource.Services;
import dev.sluice.control.cli.resource.Shape;
import dev.sluice.control.cli.resource.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks what can be checked of files without a control plane: ids, required fields, fields that
 * nobody can set, and names of resources that are in the same collection as some of the files but
 * not there themselves. Stateless.
 */
public final class Linter {
    private static final Pattern ID = Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

    /** Names that fields may have. */
    private static final List<Shape> NAMED =
            List.of(Services.SHAPE, Versions.SHAPE, Gates.SHAPE, GateSets.SHAPE, Migrations.SHAPE);

    private Linter() {}

    /** Whether names of resources that no file has are wrong. */
    public enum Coverage {
        /** The files are a part: what they name may be there already. */
        PART,
        /** The files are all there is. */
        WHOLE
    }

    /** Everything that is wrong, in the order of the files. */
    public static List<Problem> check(Bundle bundle, Coverage coverage) {
        List<Problem> problems = new ArrayList<>();
        for (Item<?> item : bundle.items()) {
            checkName(item, problems);
            checkFields(item, "", item.resource(), problems);
            if (coverage == Coverage.WHOLE) {
                checkNamed(item, "", item.resource(), bundle.names(), problems);
            }
        }
        return problems;
    }

    private static void checkName(Item<?> item, List<Problem> problems) {
        String[] parts = item.name().split("/", -1);
        for (int i = 1; i < parts.length; i += 2) {
            if (!ID.matcher(parts[i]).matches()) {
                problems.add(
                        item.problem(
                                "name",
                                Problem.quote(parts[i]),
                                "ids of a-z, 0-9 and -, from a letter, 1..63 characters",
                                "choose another id"));
            }
        }
    }

    private static void checkFields(
            Item<?> item, String path, Message message, List<Problem> problems) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            String at = path + field.getName();
            List<FieldBehavior> behaviours =
                    field.getOptions().getExtension(FieldBehaviorProto.fieldBehavior);
            boolean set = isSet(message, field);
            if (behaviours.contains(FieldBehavior.REQUIRED) && !set && !isNumber(field)) {
                problems.add(item.problem(at, "nothing", "a value", "say it"));
            }
            if (behaviours.contains(FieldBehavior.OUTPUT_ONLY) && set) {
                problems.add(
                        item.problem(
                                at,
                                "a value",
                                "nothing: the control plane says it",
                                "remove it, as `sluice export` does"));
            } else if (set && isOurs(field)) {
                each(
                        message,
                        field,
                        at,
                        (place, part) -> checkFields(item, place + ".", part, problems));
            }
        }
    }

    private static void checkNamed(
            Item<?> item, String path, Message message, Set<String> names, List<Problem> problems) {
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            String at = path + field.getName();
            if (isOurs(field)) {
                each(
                        message,
                        field,
                        at,
                        (place, part) -> checkNamed(item, place + ".", part, names, problems));
            } else if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
                texts(message, field, at)
                        .forEach(text -> {
                            if (isDangling(text.value(), names)) {
                                problems.add(
                                        item.problem(
                                                text.path(),
                                                Problem.quote(text.value()),
                                                "a resource of these files",
                                                "correct the name, or add the resource"));
                            }
                        });
            }
        }
    }

    /** Whether it is shaped like one of the names, and none of them. */
    private static boolean isDangling(String text, Set<String> names) {
        return !names.contains(text) && NAMED.stream().anyMatch(shape -> shape.fits(text));
    }

    private record Text(String path, String value) {}

    private static List<Text> texts(Message message, FieldDescriptor field, String at) {
        if (!field.isRepeated()) {
            return List.of(new Text(at, (String) message.getField(field)));
        }
        List<Text> texts = new ArrayList<>();
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            texts.add(new Text(at + "[" + i + "]", (String) message.getRepeatedField(field, i)));
        }
        return texts;
    }

    private static boolean isSet(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return message.getRepeatedFieldCount(field) > 0;
        }
        return field.hasPresence()
                ? message.hasField(field)
                : !message.getField(field).equals(field.getDefaultValue());
    }

    /** A message of this contract, and no map. */
    private static boolean isOurs(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !field.isMapField()
                && field.getMessageType().getFullName().startsWith("sluice.");
    }

    /** Whose absence can't be told from 0, which may be right. */
    private static boolean isNumber(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG, FLOAT, DOUBLE -> !field.isRepeated();
            case BOOLEAN, STRING, BYTE_STRING, ENUM, MESSAGE -> false;
        };
    }

    private interface Visit {
        void at(String place, Message part);
    }

    private static void each(Message message, FieldDescriptor field, String at, Visit visit) {
        if (!field.isRepeated()) {
            visit.at(at, (Message) message.getField(field));
            return;
        }
        for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
            visit.at(at + "[" + i + "]", (Message) message.getRepeatedField(field, i));
        }
    }
}
