package dev.sluice.control.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.admin.v1.ApprovalServiceGrpc.ApprovalServiceImplBase;
import dev.sluice.admin.v1.EventServiceGrpc.EventServiceImplBase;
import dev.sluice.admin.v1.GateServiceGrpc.GateServiceImplBase;
import dev.sluice.admin.v1.GateSetServiceGrpc.GateSetServiceImplBase;
import dev.sluice.admin.v1.MigrationServiceGrpc.MigrationServiceImplBase;
import dev.sluice.admin.v1.NodeServiceGrpc.NodeServiceImplBase;
import dev.sluice.admin.v1.RampServiceGrpc.RampServiceImplBase;
import dev.sluice.admin.v1.RouteServiceGrpc.RouteServiceImplBase;
import dev.sluice.admin.v1.ServiceServiceGrpc.ServiceServiceImplBase;
import dev.sluice.admin.v1.VersionServiceGrpc.VersionServiceImplBase;
import dev.sluice.admin.v1.WindowServiceGrpc.WindowServiceImplBase;
import io.grpc.ServerServiceDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenApiTest {
    private static final List<ServerServiceDefinition> SERVICES =
            Stream.of(
                            new ServiceServiceImplBase() {}.bindService(),
                            new VersionServiceImplBase() {}.bindService(),
                            new RouteServiceImplBase() {}.bindService(),
                            new GateServiceImplBase() {}.bindService(),
                            new GateSetServiceImplBase() {}.bindService(),
                            new RampServiceImplBase() {}.bindService(),
                            new MigrationServiceImplBase() {}.bindService(),
                            new WindowServiceImplBase() {}.bindService(),
                            new ApprovalServiceImplBase() {}.bindService(),
                            new NodeServiceImplBase() {}.bindService(),
                            new EventServiceImplBase() {}.bindService())
                    .toList();

    private final List<HttpRule> rules = HttpRule.of(SERVICES);
    private final JsonNode document = OpenApi.of(rules);

    @Test
    void every_method_has_a_rule_and_every_rule_an_operation() {
        Set<String> methods =
                SERVICES.stream()
                        .flatMap(service -> service.getMethods().stream())
                        .map(method -> method.getMethodDescriptor().getFullMethodName())
                        .collect(Collectors.toSet());
        Set<String> operations = new HashSet<>();
        document.path("paths")
                .forEach(item ->
                        item.forEach(operation ->
                                operations.add(operation.path("operationId").asText())));

        assertThat(methods).hasSizeGreaterThan(60);
        assertThat(rules.stream().map(rule -> rule.method().getFullMethodName()))
                .containsExactlyInAnyOrderElementsOf(methods);
        assertThat(operations)
                .containsExactlyInAnyOrderElementsOf(
                        methods.stream()
                                .map(name -> name.replace("sluice.admin.v1.", "").replace('/', '_'))
                                .toList());
    }

    @Test
    void no_two_rules_are_for_the_same_request() {
        for (HttpRule rule : rules) {
            String path = rule.path().withParameters().replaceAll("[{}]", "");

            assertThat(rules)
                    .filteredOn(other -> other.verb().equals(rule.verb()))
                    .filteredOn(other -> other.path().match(path).isPresent())
                    .as("%s %s", rule.verb(), path)
                    .containsExactly(rule);
        }
    }

    @Test
    void every_variable_and_body_is_a_field_of_its_request() {
        for (HttpRule rule : rules) {
            var request = rule.descriptor().getInputType();
            for (String field : List.of(rule.path().variable(), rule.body())) {
                if (!field.isEmpty() && !field.equals("*")) {
                    String first =
                            field.contains(".") ? field.substring(0, field.indexOf('.')) : field;
                    assertThat(request.findFieldByName(first))
                            .as("%s of %s", field, rule.method().getFullMethodName())
                            .isNotNull();
                }
            }
        }
    }

    @Test
    void every_reference_leads_to_a_schema() {
        List<String> references = document.findValuesAsText("$ref");
        List<String> lost = new ArrayList<>();
        for (String reference : new HashSet<>(references)) {
            if (document.at(reference.substring(1)).isMissingNode()) {
                lost.add(reference);
            }
        }

        assertThat(references).hasSizeGreaterThan(200);
        assertThat(lost).isEmpty();
    }

    @Test
    void every_parameter_of_a_path_is_declared() {
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .forEach(operation ->
                                        assertThat(inPath(operation))
                                                .as(path.getKey())
                                                .isEqualTo(inTemplate(path.getKey()))));
    }

    private static Set<String> inPath(JsonNode operation) {
        Set<String> names = new HashSet<>();
        operation
                .path("parameters")
                .forEach(parameter -> {
                    if (parameter.path("in").asText().equals("path")) {
                        names.add(parameter.path("name").asText());
                    }
                });
        return names;
    }

    private static Set<String> inTemplate(String path) {
        return java.util.regex.Pattern.compile("\\{([a-zA-Z]+)}")
                .matcher(path)
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void fields_are_described_as_their_json_is() {
        JsonNode gate = document.at("/components/schemas/sluice.admin.v1.Gate");
        JsonNode share = document.at("/paths/~1v1~1gates~1{gate}:setShare/post");
        JsonNode list = document.at("/paths/~1v1~1services~1{service}~1versions/get");

        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(gate.at("/properties/createTime/readOnly").asBoolean()).isTrue();
        assertThat(gate.at("/properties/createTime/format").asText()).isEqualTo("date-time");
        assertThat(gate.at("/properties/labels/additionalProperties/type").asText())
                .isEqualTo("string");
        assertThat(share.at("/requestBody/content/application~1json/schema/$ref").asText())
                .isEqualTo("#/components/schemas/sluice.admin.v1.SetShareRequest");
        assertThat(list.path("parameters").findValuesAsText("name"))
                .containsExactly("service", "page_size", "page_token");
        assertThat(
                        document.at("/paths/~1v1~1gates:watch/get/responses/200/content")
                                .has("application/x-ndjson"))
                .isTrue();
    }
}
