package dev.sluice.control.admin.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes the message of a request from its path, query and body. Stateless. */
final class RequestReader {
    private static final JsonFormat.Parser JSON = JsonFormat.parser();

    private RequestReader() {}

    /**
     * The message.
     *
     * @param variable value of the path's variable
     * @param rawQuery still percent-encoded; null for none
     * @param problems gets one for each part that can't be read
     */
    static Message read(
            HttpRule rule,
            String variable,
            @Nullable String rawQuery,
            byte[] body,
            Problems problems) {
        Message.Builder request = rule.request();
        readBody(rule.body(), new String(body, StandardCharsets.UTF_8), request, problems);
        if (rawQuery != null && !rawQuery.isEmpty()) {
            for (String part : rawQuery.split("&", -1)) {
                readParameter(part, request, problems);
            }
        }
        if (!rule.path().variable().isEmpty()) {
            set(request, rule.path().variable(), variable, problems); // the path wins
        }
        return request.build();
    }

    private static void readBody(
            String field, String body, Message.Builder request, Problems problems) {
        if (body.isBlank()) {
            return;
        }
        if (field.isEmpty()) {
            problems.field("body")
                    .add(
                            body.length() + " characters",
                            "no body",
                            "give fields as query parameters");
            return;
        }
        try {
            JSON.merge(
                    body,
                    field.equals("*")
                            ? request
                            : request.getFieldBuilder(
                                    request.getDescriptorForType().findFieldByName(field)));
        } catch (InvalidProtocolBufferException e) {
            problems.field("body")
                    .add(
                            String.valueOf(e.getMessage()),
                            "JSON of "
                                    + (field.equals("*")
                                            ? request.getDescriptorForType().getFullName()
                                            : field),
                            "correct the body");
        }
    }

    private static void readParameter(String part, Message.Builder request, Problems problems) {
        int equals = part.indexOf('=');
        String name = decoded(equals < 0 ? part : part.substring(0, equals));
        set(request, name, equals < 0 ? "" : decoded(part.substring(equals + 1)), problems);
    }

    /** Sets a field by its path; a repeated field gets one more. */
    private static void set(Message.Builder request, String path, String value, Problems problems) {
        Message.Builder at = request;
        List<String> steps = new ArrayList<>(List.of(path.split("\\.", -1)));
        String last = steps.removeLast();
        for (String step : steps) {
            Optional<FieldDescriptor> field = field(at, step);
            if (field.isEmpty()
                    || field.get().isRepeated()
                    || field.get().getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                unknown(path, problems);
                return;
            }
            at = at.getFieldBuilder(field.get());
        }
        Optional<FieldDescriptor> field = field(at, last);
        if (field.isEmpty()) {
            unknown(path, problems);
            return;
        }
        try {
            JSON.merge(json(field.get(), value), at);
        } catch (InvalidProtocolBufferException e) {
            problems.field(path)
                    .add(Problem.quote(value), "a value of " + type(field.get()), "correct it");
        }
    }

    /** As protobuf's JSON mapping has it: texts stand for numbers and well-known types too. */
    private static String json(FieldDescriptor field, String value) {
        boolean bare = field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN;
        String text =
                bare && (value.equals("true") || value.equals("false"))
                        ? value
                        : JsonNodeFactory.instance.textNode(value).toString();
        return "{\""
                + field.getJsonName()
                + "\":"
                + (field.isRepeated() ? "[" + text + "]" : text)
                + "}";
    }

    private static Optional<FieldDescriptor> field(Message.Builder message, String name) {
        return message.getDescriptorForType().getFields().stream()
                .filter(field -> field.getName().equals(name) || field.getJsonName().equals(name))
                .findFirst();
    }

    private static void unknown(String path, Problems problems) {
        problems.field(path).add("a parameter", "a field of the request", "correct its name");
    }

    private static String type(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? field.getMessageType().getFullName()
                : field.getType().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
