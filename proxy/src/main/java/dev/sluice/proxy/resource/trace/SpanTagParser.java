package dev.sluice.proxy.resource.trace;

import dev.sluice.contract.Problem;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.log.LogMetadata;
import dev.sluice.proxy.snapshot.trace.SpanTag;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKind;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads attributes of spans that a configuration asks for. Stateless. */
final class SpanTagParser {
    private SpanTagParser() {}

    static List<SpanTag> parse(List<CustomTag> protos, Spot at) {
        List<SpanTag> tags = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            CustomTag proto = protos.get(i);
            Spot spot = at.index(i);
            Values.text(proto.getTag(), spot.field("tag"));
            tag(proto, spot).ifPresent(tags::add);
        }
        return tags;
    }

    private static Optional<SpanTag> tag(CustomTag proto, Spot at) {
        return switch (proto.getTypeCase()) {
            case LITERAL ->
                    Optional.of(
                            new SpanTag.Literal(
                                    proto.getTag(),
                                    Values.text(
                                            proto.getLiteral().getValue(),
                                            at.field("literal").field("value"))));
            case ENVIRONMENT -> environment(proto, at.field("environment"));
            case REQUEST_HEADER ->
                    Optional.of(
                            new SpanTag.Header(
                                    proto.getTag(),
                                    Values.text(
                                                    proto.getRequestHeader().getName(),
                                                    at.field("request_header").field("name"))
                                            .toLowerCase(Locale.ROOT),
                                    written(proto.getRequestHeader().getDefaultValue())));
            case METADATA -> metadata(proto, at.field("metadata"));
            case TYPE_NOT_SET -> {
                at.add(
                        "a tag without a value",
                        "literal, environment, request_header or metadata",
                        "say where the value of " + Problem.quote(proto.getTag()) + " comes from");
                yield Optional.empty();
            }
        };
    }

    private static Optional<SpanTag> environment(CustomTag proto, Spot at) {
        String name = Values.text(proto.getEnvironment().getName(), at.field("name"));
        return Optional.ofNullable(System.getenv(name))
                .or(() -> written(proto.getEnvironment().getDefaultValue()))
                .map(value -> new SpanTag.Literal(proto.getTag(), value));
    }

    /** Only what this proxy says of an exchange is known here, under the names of its logs. */
    private static Optional<SpanTag> metadata(CustomTag proto, Spot at) {
        CustomTag.Metadata metadata = proto.getMetadata();
        Optional<String> otherwise = written(metadata.getDefaultValue());
        var path = metadata.getMetadataKey().getPathList();
        String namespace = metadata.getMetadataKey().getKey();
        boolean known =
                metadata.getKind().getKindCase() == MetadataKind.KindCase.REQUEST
                        && path.size() == 1
                        && LogMetadata.keys(namespace).contains(path.getFirst().getKey());
        if (!known) {
            at.inert();
            return otherwise.map(value -> new SpanTag.Literal(proto.getTag(), value));
        }
        return Optional.of(
                new SpanTag.Metadata(
                        proto.getTag(), namespace, path.getFirst().getKey(), otherwise));
    }

    private static Optional<String> written(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}
