package dev.sluice.control.cli.bundle;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What of a resource people may say, and who said it by files. Stateless. */
final class Wanted {
    /** Label that names whose files a resource comes from. */
    static final String OWNER_LABEL = "sluice.dev/applied-by";

    private Wanted() {}

    /** The resource without what the control plane says of it. */
    @SuppressWarnings("unchecked") // a message's builder builds the same message
    static <R extends Message> R of(R resource) {
        Message.Builder wanted = resource.toBuilder();
        for (FieldDescriptor field : resource.getDescriptorForType().getFields()) {
            if (field.getName().equals("etag") || isSaidBySluice(field)) {
                wanted.clearField(field);
            }
        }
        return (R) wanted.build();
    }

    /** The resource without these fields. */
    @SuppressWarnings("unchecked") // a message's builder builds the same message
    static <R extends Message> R without(R resource, Set<String> fields) {
        Message.Builder rest = resource.toBuilder();
        for (FieldDescriptor field : resource.getDescriptorForType().getFields()) {
            if (fields.contains(field.getName())) {
                rest.clearField(field);
            }
        }
        return (R) rest.build();
    }

    /** The present resource with every field that is set in the file's. */
    @SuppressWarnings("unchecked") // a message's builder builds the same message
    static <R extends Message> R over(R present, R file) {
        Message.Builder merged = present.toBuilder();
        file.getAllFields().forEach(merged::setField);
        return (R) merged.build();
    }

    /** Whose files it comes from. */
    static Optional<String> owner(Message resource) {
        return Optional.ofNullable(labels(resource).get(OWNER_LABEL));
    }

    /**
     * The file's resource as it is to be sent: labelled with the owner, if one is given, else with
     * the one that the present resource has, so that a change of labels does not forget it.
     *
     * @param present empty when there is none
     */
    @SuppressWarnings("unchecked") // a message's builder builds the same message
    static <R extends Message> R owned(R file, Optional<R> present, Optional<String> owner) {
        FieldDescriptor field = labelsField(file);
        boolean saysLabels = !labels(file).isEmpty();
        Optional<String> kept = owner.or(() -> present.flatMap(Wanted::owner));
        if (field == null || kept.isEmpty() || (owner.isEmpty() && !saysLabels)) {
            return file;
        }
        Map<String, String> labels =
                new TreeMap<>(
                        saysLabels ? labels(file) : present.map(Wanted::labels).orElse(Map.of()));
        labels.put(OWNER_LABEL, kept.get());
        Message.Builder labelled = file.toBuilder().clearField(field);
        labels.forEach((key, value) -> {
            Message.Builder entry = labelled.newBuilderForField(field);
            entry.setField(field.getMessageType().findFieldByNumber(1), key);
            entry.setField(field.getMessageType().findFieldByNumber(2), value);
            labelled.addRepeatedField(field, entry.build());
        });
        return (R) labelled.build();
    }

    private static Map<String, String> labels(Message resource) {
        FieldDescriptor field = labelsField(resource);
        Map<String, String> labels = new TreeMap<>();
        if (field != null) {
            for (int i = 0; i < resource.getRepeatedFieldCount(field); i++) {
                Message entry = (Message) resource.getRepeatedField(field, i);
                labels.put(
                        (String) entry.getField(field.getMessageType().findFieldByNumber(1)),
                        (String) entry.getField(field.getMessageType().findFieldByNumber(2)));
            }
        }
        return labels;
    }

    private static @Nullable FieldDescriptor labelsField(Message resource) {
        return resource.getDescriptorForType().findFieldByName("labels");
    }

    private static boolean isSaidBySluice(FieldDescriptor field) {
        return field.getOptions()
                .getExtension(FieldBehaviorProto.fieldBehavior)
                .contains(FieldBehavior.OUTPUT_ONLY);
    }
}
