package dev.sluice.proxy.snapshot.log;

import dev.sluice.proxy.snapshot.log.LogPart.Block;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The fields that access logs ask for, so that an exchange keeps these and no others. Immutable.
 *
 * @param request names of request headers, lower case, sorted
 * @param response names of response headers
 * @param trailers names of response trailers
 */
public record LogNeeds(List<String> request, List<String> response, List<String> trailers) {
    /** Nothing. */
    public static final LogNeeds NONE = new LogNeeds(List.of(), List.of(), List.of());

    public LogNeeds {
        request = List.copyOf(request);
        response = List.copyOf(response);
        trailers = List.copyOf(trailers);
    }

    /** What these formats and filters ask for. */
    public static LogNeeds of(List<LogFormat> formats, List<LogFilter> filters) {
        Map<Block, NavigableSet<String>> names = new EnumMap<>(Block.class);
        for (Block block : Block.values()) {
            names.put(block, new TreeSet<>());
        }
        formats.stream()
                .flatMap(LogNeeds::parts)
                .flatMap(LogNeeds::fields)
                .forEach(field -> {
                    NavigableSet<String> asked = names.getOrDefault(field.block(), new TreeSet<>());
                    asked.add(field.name());
                    field.alternative().ifPresent(asked::add);
                });
        NavigableSet<String> request = names.getOrDefault(Block.REQUEST, new TreeSet<>());
        filters.stream().flatMap(LogNeeds::headers).forEach(request::add);
        return new LogNeeds(
                List.copyOf(request),
                List.copyOf(names.getOrDefault(Block.RESPONSE, new TreeSet<>())),
                List.copyOf(names.getOrDefault(Block.TRAILERS, new TreeSet<>())));
    }

    private static Stream<LogPart> parts(LogFormat format) {
        return switch (format) {
            case LogFormat.Text text -> text.parts().stream();
            case LogFormat.Json json -> parts(json.root());
        };
    }

    private static Stream<LogPart> parts(LogShape shape) {
        return switch (shape) {
            case LogShape.Members(var members) ->
                    members.stream().flatMap(member -> parts(member.value()));
            case LogShape.Items(var items) -> items.stream().flatMap(LogNeeds::parts);
            case LogShape.Value(var parts) -> parts.stream();
            case LogShape.Constant ignored -> Stream.empty();
        };
    }

    private static Stream<LogPart.Field> fields(LogPart part) {
        return switch (part) {
            case LogPart.Field field -> Stream.of(field);
            case LogPart.Query(var name, var longest) -> Stream.of(LogPart.PATH);
            case LogPart.Either(var first, var second) ->
                    Stream.concat(fields(first), fields(second));
            case LogPart.Literal ignored -> Stream.empty();
            case LogPart.Fact ignored -> Stream.empty();
            case LogPart.Start ignored -> Stream.empty();
            case LogPart.Metadata ignored -> Stream.empty();
            case LogPart.Address ignored -> Stream.empty();
            case LogPart.Grpc ignored -> Stream.empty();
            case LogPart.Settled ignored -> Stream.empty();
        };
    }

    private static Stream<String> headers(LogFilter filter) {
        return switch (filter) {
            case LogFilter.Header(var matcher) -> Stream.of(matcher.name());
            case LogFilter.All(var filters) -> filters.stream().flatMap(LogNeeds::headers);
            case LogFilter.Any(var filters) -> filters.stream().flatMap(LogNeeds::headers);
            case LogFilter.Status ignored -> Stream.empty();
            case LogFilter.Duration ignored -> Stream.empty();
            case LogFilter.NotHealthCheck ignored -> Stream.empty();
            case LogFilter.Sampled ignored -> Stream.empty();
            case LogFilter.Flags ignored -> Stream.empty();
            case LogFilter.GrpcStatus ignored -> Stream.empty();
        };
    }
}
