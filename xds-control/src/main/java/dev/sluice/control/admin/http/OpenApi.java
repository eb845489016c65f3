package dev.sluice.control.admin.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.rpc.Status;
import java.util.List;
import java.util.Locale;

/**
 * The OpenAPI 3.1 document of HTTP rules: an operation for each, with its parameters, its body and
 * its answers. Stateless.
 */
final class OpenApi {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST_PARAMETER = 2;

    private OpenApi() {}

    static ObjectNode of(List<HttpRule> rules) {
        ObjectNode document = NODES.objectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Sluice admin API")
                .put("version", "v1")
                .put(
                        "description",
                        "Errors are google.rpc.Status with details. Streams are lines of JSON.");
        document.putArray("security").addObject().putArray("token");
        Schemas schemas = new Schemas();
        ObjectNode paths = document.putObject("paths");
        for (HttpRule rule : rules) {
            String path = rule.path().withParameters();
            ObjectNode item =
                    paths.has(path) ? (ObjectNode) paths.get(path) : paths.putObject(path);
            item.set(rule.verb().toLowerCase(Locale.ROOT), operation(rule, schemas));
        }
        ObjectNode components = document.putObject("components");
        components
                .putObject("securitySchemes")
                .putObject("token")
                .put("type", "http")
                .put("scheme", "bearer");
        components.set("schemas", schemas.all());
        return document;
    }

    private static ObjectNode operation(HttpRule rule, Schemas schemas) {
        ObjectNode operation = NODES.objectNode();
        String service = rule.descriptor().getService().getName();
        operation.put("operationId", service + "_" + rule.descriptor().getName());
        operation.putArray("tags").add(service);
        var parameters = operation.putArray("parameters");
        rule.path()
                .parameters()
                .forEach((name, collection) -> {
                    ObjectNode parameter = parameters.addObject();
                    parameter.put("name", name).put("in", "path").put("required", true);
                    parameter.put("description", "Id within " + collection);
                    parameter.putObject("schema").put("type", "string");
                });
        Descriptor request = rule.descriptor().getInputType();
        if (!rule.body().equals("*")) {
            addQuery(rule, request, "", 1, schemas, parameters);
        }
        if (!rule.body().isEmpty()) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            content(body, "application/json")
                    .setAll(
                            rule.body().equals("*")
                                    ? schemas.reference(request)
                                    : schemas.reference(
                                            request.findFieldByName(rule.body()).getMessageType()));
        }
        ObjectNode responses = operation.putObject("responses");
        ObjectNode done = responses.putObject("200").put("description", "Done");
        content(done, rule.streams() ? "application/x-ndjson" : "application/json")
                .setAll(schemas.reference(rule.descriptor().getOutputType()));
        ObjectNode failed = responses.putObject("default").put("description", "Refused or failed");
        content(failed, "application/json").setAll(schemas.reference(Status.getDescriptor()));
        return operation;
    }

    private static void addQuery(
            HttpRule rule,
            Descriptor type,
            String prefix,
            int depth,
            Schemas schemas,
            com.fasterxml.jackson.databind.node.ArrayNode parameters) {
        for (FieldDescriptor field : type.getFields()) {
            String path = prefix + field.getName();
            if (path.equals(rule.body()) || path.equals(rule.path().variable())) {
                continue;
            }
            if (Schemas.isText(field)) {
                ObjectNode parameter = parameters.addObject();
                parameter.put("name", path).put("in", "query");
                parameter.set("schema", schemas.of(field));
            } else if (!field.isRepeated() && depth < DEEPEST_PARAMETER) {
                addQuery(rule, field.getMessageType(), path + ".", depth + 1, schemas, parameters);
            }
        }
    }

    private static ObjectNode content(ObjectNode of, String type) {
        return of.putObject("content").putObject(type).putObject("schema");
    }
}
