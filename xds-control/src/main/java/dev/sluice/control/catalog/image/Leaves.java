package dev.sluice.control.catalog.image;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.contract.match.StringMatcher;
import dev.sluice.control.change.Digest;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;

/** The types whose values have no parts, or have a form of their own. */
final class Leaves {
    private Leaves() {}

    static Map<Class<?>, Shape> all() {
        return Map.ofEntries(
                leaf(long.class, (value, out) -> out.putNumber(value), ImageInput::number),
                leaf(int.class, (value, out) -> out.putNumber(value), in -> (int) in.number()),
                leaf(Long.class, (value, out) -> out.putNumber(value), ImageInput::number),
                leaf(Integer.class, (value, out) -> out.putNumber(value), in -> (int) in.number()),
                leaf(
                        boolean.class,
                        (value, out) -> out.putNumber(value ? 1 : 0),
                        in -> in.number() == 1),
                leaf(double.class, (value, out) -> out.putDouble(value), ImageInput::real),
                leaf(Double.class, (value, out) -> out.putDouble(value), ImageInput::real),
                shared(
                        String.class,
                        leaf(
                                String.class,
                                (value, out) ->
                                        out.putBytes(value.getBytes(StandardCharsets.UTF_8)),
                                in -> new String(in.bytes(), StandardCharsets.UTF_8))),
                leaf(
                        Digest.class,
                        (value, out) -> out.putBytes(HexFormat.of().parseHex(value.hex())),
                        in -> new Digest(HexFormat.of().formatHex(in.bytes()))),
                leaf(
                        Instant.class,
                        (value, out) -> {
                            out.putNumber(value.getEpochSecond());
                            out.putNumber(value.getNano());
                        },
                        in -> Instant.ofEpochSecond(in.number(), in.number())),
                leaf(
                        Duration.class,
                        (value, out) -> {
                            out.putNumber(value.getSeconds());
                            out.putNumber(value.getNano());
                        },
                        in -> Duration.ofSeconds(in.number(), in.number())),
                leaf(
                        LocalDate.class,
                        (value, out) -> out.putNumber(value.toEpochDay()),
                        in -> LocalDate.ofEpochDay(in.number())),
                leaf(
                        LocalDateTime.class,
                        (value, out) -> {
                            out.putNumber(value.toLocalDate().toEpochDay());
                            out.putNumber(value.toLocalTime().toNanoOfDay());
                        },
                        in ->
                                LocalDate.ofEpochDay(in.number())
                                        .atStartOfDay()
                                        .plusNanos(in.number())),
                shared(
                        RouteMatch.class,
                        leaf(
                                RouteMatch.class,
                                (value, out) -> out.putBytes(value.toByteArray()),
                                in -> routeMatch(in.bytes()))),
                shared(
                        StringMatcher.Regex.class,
                        leaf(
                                StringMatcher.Regex.class,
                                (value, out) ->
                                        out.putBytes(
                                                value.expression()
                                                        .getBytes(StandardCharsets.UTF_8)),
                                in ->
                                        StringMatcher.Regex.compile(
                                                        new String(
                                                                in.bytes(), StandardCharsets.UTF_8))
                                                .orThrow())));
    }

    /** Writes a value of a type. */
    private interface Writing<T> {
        void write(T value, ImageOutput out) throws IOException;
    }

    /** Reads a value of a type. */
    private interface Reading<T> {
        T read(ImageInput in) throws IOException;
    }

    private static RouteMatch routeMatch(byte[] bytes) {
        try {
            return RouteMatch.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no route match: " + e.getMessage(), e);
        }
    }

    private static <T> Map.Entry<Class<?>, Shape> leaf(
            Class<T> type, Writing<T> writing, Reading<T> reading) {
        return Map.entry(
                type,
                new Shape() {
                    @Override
                    @SuppressWarnings("unchecked") // the value of a component of this type
                    public void write(Object value, ImageOutput out) throws IOException {
                        writing.write((T) value, out);
                    }

                    @Override
                    public Object read(ImageInput in) throws IOException {
                        return reading.read(in);
                    }
                });
    }

    private static Map.Entry<Class<?>, Shape> shared(
            Class<?> type, Map.Entry<Class<?>, Shape> leaf) {
        return Map.entry(type, new Shared(leaf.getValue(), Shared.Likeness.EQUAL));
    }
}
