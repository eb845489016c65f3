package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.operator.JsonText;
import dev.sluice.proxy.operator.LogValue;
import dev.sluice.proxy.operator.LogValues;
import dev.sluice.proxy.snapshot.log.LogFormat;
import dev.sluice.proxy.snapshot.log.LogFormat.Empty;
import dev.sluice.proxy.snapshot.log.LogPart;
import dev.sluice.proxy.snapshot.log.LogShape;
import java.util.List;

/** Writes an exchange in the format of an access log. Stateless. */
final class LogLine {
    private static final String NOTHING = "-";

    private LogLine() {}

    /** The line with its end; a text format has its own. */
    static String of(LogFormat format, ExchangeRecord exchange) {
        StringBuilder line = new StringBuilder(256);
        switch (format) {
            case LogFormat.Text(var parts, var empty) ->
                    line.append(text(parts, empty, exchange, Controls.ESCAPED));
            case LogFormat.Json json -> {
                new Json(json, exchange, line).members(json.root());
                line.append('\n');
            }
        }
        return line.toString();
    }

    /** What becomes of control characters in values. */
    private enum Controls {
        /** As {@code \x1b}, so that no client writes to a terminal or begins a line. */
        ESCAPED,
        /** They stay; what follows quotes them. */
        KEPT
    }

    private static String text(
            List<LogPart> parts, Empty empty, ExchangeRecord exchange, Controls controls) {
        String none = empty == Empty.SHOWN ? NOTHING : "";
        StringBuilder text = new StringBuilder(64);
        for (LogPart part : parts) {
            if (part instanceof LogPart.Literal(String literal)) {
                text.append(literal);
            } else {
                String value = JsonText.plain(LogValues.of(part, exchange), none);
                text.append(controls == Controls.ESCAPED ? escaped(value) : value);
            }
        }
        return text.toString();
    }

    private static String escaped(String value) {
        if (value.chars().noneMatch(LogLine::isControl)) {
            return value;
        }
        StringBuilder safe = new StringBuilder(value.length() + 8);
        value.chars()
                .forEach(c -> {
                    if (isControl(c)) {
                        safe.append("\\x%02x".formatted(c));
                    } else {
                        safe.append((char) c);
                    }
                });
        return safe.toString();
    }

    private static boolean isControl(int c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0);
    }

    /** One line in JSON while it is written. */
    private record Json(LogFormat.Json format, ExchangeRecord exchange, StringBuilder line) {
        void members(LogShape.Members shape) {
            char before = '{';
            for (LogShape.Member member : shape.members()) {
                if (isShown(member.value())) {
                    line.append(before);
                    JsonText.quote(member.name(), line);
                    line.append(':');
                    write(member.value());
                    before = ',';
                }
            }
            line.append(before == '{' ? "{}" : "}");
        }

        private void write(LogShape shape) {
            switch (shape) {
                case LogShape.Members members -> members(members);
                case LogShape.Items(var items) -> items(items);
                case LogShape.Constant(String json) -> line.append(json);
                case LogShape.Value(var parts) -> value(parts);
            }
        }

        private void items(List<LogShape> items) {
            line.append('[');
            String before = "";
            for (LogShape item : items) {
                if (isShown(item)) {
                    line.append(before);
                    write(item);
                    before = ",";
                }
            }
            line.append(']');
        }

        private void value(List<LogPart> parts) {
            if (isAlone(parts)) {
                JsonText.value(LogValues.of(parts.getFirst(), exchange), line);
            } else {
                JsonText.quote(text(parts, format.empty(), exchange, Controls.KEPT), line);
            }
        }

        private boolean isShown(LogShape shape) {
            return format.empty() == Empty.SHOWN || isThere(shape);
        }

        /** As Envoy, which leaves out objects without members but not lists without items. */
        private boolean isThere(LogShape shape) {
            return switch (shape) {
                case LogShape.Members(var members) ->
                        members.stream().anyMatch(member -> isThere(member.value()));
                case LogShape.Items ignored -> true;
                case LogShape.Constant ignored -> true;
                case LogShape.Value(var parts) ->
                        !isAlone(parts)
                                || !(LogValues.of(parts.getFirst(), exchange)
                                        instanceof LogValue.None);
            };
        }

        private static boolean isAlone(List<LogPart> parts) {
            return parts.size() == 1 && !(parts.getFirst() instanceof LogPart.Literal);
        }
    }
}
