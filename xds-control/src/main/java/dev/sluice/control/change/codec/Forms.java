package dev.sluice.control.change.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problems;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.WindowName;
import dev.sluice.contract.gate.CohortMatch;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Types that stand in the log in a form of their own: names and times as text, messages as JSON.
 */
final class Forms {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private Forms() {}

    static Map<Class<?>, RecordJson.Form<?>> all() {
        return Map.ofEntries(
                text(ServiceName.class, ServiceName::name, s -> ServiceName.parse(s).orThrow()),
                text(VersionName.class, VersionName::name, s -> VersionName.parse(s).orThrow()),
                text(RouteName.class, RouteName::name, s -> RouteName.parse(s).orThrow()),
                text(GateName.class, GateName::name, s -> GateName.parse(s).orThrow()),
                text(GateSetName.class, GateSetName::name, s -> GateSetName.parse(s).orThrow()),
                text(
                        MigrationName.class,
                        MigrationName::name,
                        s -> MigrationName.parse(s).orThrow()),
                text(RampName.class, RampName::name, s -> RampName.parse(s).orThrow()),
                text(NodeName.class, NodeName::name, s -> NodeName.parse(s).orThrow()),
                text(Instant.class, Instant::toString, Instant::parse),
                text(BaselineName.class, BaselineName::name, s -> BaselineName.parse(s).orThrow()),
                text(CohortName.class, CohortName::name, s -> CohortName.parse(s).orThrow()),
                text(DatabaseName.class, DatabaseName::name, s -> DatabaseName.parse(s).orThrow()),
                text(RingPlanName.class, RingPlanName::name, s -> RingPlanName.parse(s).orThrow()),
                text(
                        OperationName.class,
                        OperationName::name,
                        s -> OperationName.parse(s).orThrow()),
                text(SinkName.class, SinkName::name, s -> SinkName.parse(s).orThrow()),
                text(WindowName.class, WindowName::name, s -> WindowName.parse(s).orThrow()),
                text(LocalDateTime.class, LocalDateTime::toString, LocalDateTime::parse),
                text(LocalDate.class, LocalDate::toString, LocalDate::parse),
                text(Duration.class, Duration::toString, Duration::parse),
                form(
                        PartsPerMillion.class,
                        share -> NODES.numberNode(share.value()),
                        tree -> new PartsPerMillion(tree.intValue())),
                form(
                        Gate.class,
                        gate -> message(GateWriter.write(gate)),
                        tree ->
                                GateParser.parse(
                                                read(tree, dev.sluice.gate.v1.Gate.newBuilder())
                                                        .build())
                                        .orThrow()),
                form(CohortMatch.class, cohort -> message(GateWriter.write(cohort)), Forms::cohort),
                form(
                        RouteMatch.class,
                        Forms::message,
                        tree -> read(tree, RouteMatch.newBuilder()).build()));
    }

    private static CohortMatch cohort(JsonNode tree) {
        Problems problems = Problems.root();
        var message = read(tree, dev.sluice.gate.v1.CohortMatch.newBuilder()).build();
        Optional<CohortMatch> cohort = GateParser.cohort(message, problems);
        return problems.finish(cohort::orElseThrow).orThrow();
    }

    private static <T> Map.Entry<Class<?>, RecordJson.Form<?>> text(
            Class<T> type, Function<T, String> write, Function<String, T> read) {
        return form(
                type,
                value -> NODES.textNode(write.apply(value)),
                tree -> read.apply(tree.asText()));
    }

    private static <T> Map.Entry<Class<?>, RecordJson.Form<?>> form(
            Class<T> type, Function<T, JsonNode> write, Function<JsonNode, T> read) {
        return Map.entry(
                type,
                new RecordJson.Form<T>() {
                    @Override
                    public JsonNode write(T value) {
                        return write.apply(value);
                    }

                    @Override
                    public T read(JsonNode tree) {
                        return read.apply(tree);
                    }
                });
    }

    private static JsonNode message(Message message) {
        try {
            return sorted(MAPPER.readTree(PRINTER.print(message)));
        } catch (InvalidProtocolBufferException | JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "message " + message.getDescriptorForType().getFullName() + " has no JSON form",
                    e);
        }
    }

    private static <B extends Message.Builder> B read(JsonNode tree, B into) {
        try {
            JsonFormat.parser().merge(tree.toString(), into);
            return into;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static JsonNode sorted(JsonNode tree) {
        if (tree.isArray()) {
            var array = NODES.arrayNode(tree.size());
            tree.forEach(element -> array.add(sorted(element)));
            return array;
        }
        if (!tree.isObject()) {
            return tree;
        }
        Map<String, JsonNode> members = new TreeMap<>();
        tree.properties().forEach(entry -> members.put(entry.getKey(), sorted(entry.getValue())));
        ObjectNode object = NODES.objectNode();
        object.setAll(members);
        return object;
    }
}
