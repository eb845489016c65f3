package dev.sluice.control.admin.desk;

import com.google.api.FieldBehavior;
import com.google.api.FieldBehaviorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.Message;
import com.google.protobuf.util.FieldMaskUtil;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Lays the fields of a mask over a resource as it is (AIP 134): no mask means every field that is
 * set, {@code *} means all. Name, etag and output-only fields are never laid over. Stateless.
 */
public final class Merge {
    private static final Set<String> NEVER = Set.of("name", "etag");
    private static final FieldMaskUtil.MergeOptions REPLACE =
            new FieldMaskUtil.MergeOptions()
                    .setReplaceMessageFields(true)
                    .setReplaceRepeatedFields(true)
                    .setReplacePrimitiveFields(true);

    private Merge() {}

    /**
     * The resource as it would be.
     *
     * @param problems gets one problem for each path of the mask that names no field
     */
    @SuppressWarnings("unchecked") // a message's builder builds the same message
    public static <M extends Message> M merge(
            M present, M wanted, FieldMask mask, Problems problems) {
        List<String> paths = paths(wanted, mask, problems.field("update_mask"));
        Message.Builder merged = present.toBuilder();
        FieldMaskUtil.merge(
                FieldMask.newBuilder().addAllPaths(paths).build(), wanted, merged, REPLACE);
        return (M) merged.build();
    }

    private static List<String> paths(Message wanted, FieldMask mask, Problems at) {
        List<FieldDescriptor> fields = wanted.getDescriptorForType().getFields();
        if (mask.getPathsCount() == 0) {
            return names(wanted.getAllFields().keySet());
        }
        if (mask.getPathsList().contains("*")) {
            return names(fields);
        }
        List<String> paths = new ArrayList<>();
        for (String path : mask.getPathsList()) {
            if (!FieldMaskUtil.isValid(wanted.getDescriptorForType(), path)) {
                at.add(
                        Problem.quote(path),
                        "a field of " + wanted.getDescriptorForType().getName() + ", or *",
                        "correct the mask");
            } else if (isSettable(field(wanted, path))) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static FieldDescriptor field(Message message, String path) {
        int dot = path.indexOf('.');
        return message.getDescriptorForType()
                .findFieldByName(dot < 0 ? path : path.substring(0, dot));
    }

    private static List<String> names(Collection<FieldDescriptor> fields) {
        return fields.stream().filter(Merge::isSettable).map(FieldDescriptor::getName).toList();
    }

    private static boolean isSettable(FieldDescriptor field) {
        return !NEVER.contains(field.getName())
                && !field.getOptions()
                        .getExtension(FieldBehaviorProto.fieldBehavior)
                        .contains(FieldBehavior.OUTPUT_ONLY);
    }
}
