package dev.sluice.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What clients rely on in our .proto files, one sorted line for each fact: fields with number,
 * name, type, label and oneof; enum values; reserved numbers and names; methods. Immutable.
 *
 * @param lines sorted
 */
record ContractLines(Set<String> lines) {
    static ContractLines of(FileDescriptorSet files) {
        Set<String> lines = new TreeSet<>();
        for (FileDescriptorProto file : files.getFileList()) {
            String scope = file.getPackage();
            file.getMessageTypeList().forEach(type -> message(type, scope, lines));
            file.getEnumTypeList().forEach(type -> words(type, scope, lines));
            file.getServiceList().forEach(service -> service(service, scope, lines));
        }
        return new ContractLines(lines);
    }

    /** Lines of the other that are not here, but for what is reserved here now. */
    List<String> brokenFrom(ContractLines golden) {
        List<String> broken = new ArrayList<>();
        for (String line : golden.lines) {
            if (!lines.contains(line) && !isRetired(line)) {
                broken.add(line);
            }
        }
        return broken;
    }

    /** A field or value whose number and name nobody can use again. */
    private boolean isRetired(String line) {
        String[] words = line.split(" ");
        return (words[0].equals("field") || words[0].equals("value"))
                && lines.contains("reserved " + words[1] + " " + words[2])
                && lines.contains("reserved " + words[1] + " " + words[3]);
    }

    private static void message(DescriptorProto type, String scope, Set<String> lines) {
        String name = scope + "." + type.getName();
        lines.add("message " + name);
        for (FieldDescriptorProto field : type.getFieldList()) {
            lines.add("field " + name + " " + field(field, type));
        }
        for (DescriptorProto.ReservedRange range : type.getReservedRangeList()) {
            for (int i = range.getStart(); i < range.getEnd(); i++) {
                lines.add("reserved " + name + " " + i);
            }
        }
        type.getReservedNameList().forEach(word -> lines.add("reserved " + name + " " + word));
        type.getNestedTypeList().forEach(nested -> message(nested, name, lines));
        type.getEnumTypeList().forEach(nested -> words(nested, name, lines));
    }

    private static String field(FieldDescriptorProto field, DescriptorProto in) {
        String type =
                field.getTypeName().isEmpty()
                        ? field.getType()
                                .name()
                                .substring("TYPE_".length())
                                .toLowerCase(Locale.ROOT)
                        : field.getTypeName().substring(1);
        String oneof =
                field.hasOneofIndex()
                        ? " oneof " + in.getOneofDecl(field.getOneofIndex()).getName()
                        : "";
        String label =
                field.getLabel().name().substring("LABEL_".length()).toLowerCase(Locale.ROOT);
        return field.getNumber() + " " + field.getName() + " " + label + " " + type + oneof;
    }

    private static void words(EnumDescriptorProto type, String scope, Set<String> lines) {
        String name = scope + "." + type.getName();
        type.getValueList()
                .forEach(value ->
                        lines.add(
                                "value " + name + " " + value.getNumber() + " " + value.getName()));
        for (EnumDescriptorProto.EnumReservedRange range : type.getReservedRangeList()) {
            for (int i = range.getStart(); i <= range.getEnd(); i++) {
                lines.add("reserved " + name + " " + i);
            }
        }
        type.getReservedNameList().forEach(word -> lines.add("reserved " + name + " " + word));
    }

    private static void service(ServiceDescriptorProto service, String scope, Set<String> lines) {
        for (MethodDescriptorProto method : service.getMethodList()) {
            lines.add(
                    "method %s.%s/%s %s%s returns %s%s"
                            .formatted(
                                    scope,
                                    service.getName(),
                                    method.getName(),
                                    method.getClientStreaming() ? "stream " : "",
                                    method.getInputType().substring(1),
                                    method.getServerStreaming() ? "stream " : "",
                                    method.getOutputType().substring(1)));
        }
    }
}
