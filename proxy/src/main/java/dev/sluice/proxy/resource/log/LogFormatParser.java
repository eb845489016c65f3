package dev.sluice.proxy.resource.log;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.proxy.resource.read.DataSources;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.log.LogFormat;
import dev.sluice.proxy.snapshot.log.LogFormat.Empty;
import dev.sluice.proxy.snapshot.log.LogShape;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatString;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the formats of access logs. Stateless. */
public final class LogFormatParser {
    private LogFormatParser() {}

    /** Envoy's default line. */
    public static LogFormat standard() {
        return new LogFormat.Text(LogTemplates.standard(), Empty.SHOWN);
    }

    /** Of a file, in its field or in one of the deprecated ones. */
    @SuppressWarnings("deprecation") // configurations in use still set the older fields
    static LogFormat parse(FileAccessLog proto, Spot at) {
        return switch (proto.getAccessLogFormatCase()) {
            case FORMAT ->
                    proto.getFormat().isEmpty()
                            ? standard()
                            : text(proto.getFormat(), Empty.SHOWN, at.field("format"));
            case JSON_FORMAT -> json(proto.getJsonFormat(), Empty.SHOWN, at.field("json_format"));
            case TYPED_JSON_FORMAT ->
                    json(proto.getTypedJsonFormat(), Empty.SHOWN, at.field("typed_json_format"));
            case LOG_FORMAT -> parse(proto.getLogFormat(), at.field("log_format"));
            case ACCESSLOGFORMAT_NOT_SET -> standard();
        };
    }

    @SuppressWarnings("deprecation") // configurations in use still set the older field
    static LogFormat parse(SubstitutionFormatString proto, Spot at) {
        Empty empty = proto.getOmitEmptyValues() ? Empty.OMITTED : Empty.SHOWN;
        return switch (proto.getFormatCase()) {
            case TEXT_FORMAT -> text(proto.getTextFormat(), empty, at.field("text_format"));
            case TEXT_FORMAT_SOURCE -> {
                Spot spot = at.field("text_format_source");
                yield DataSources.text(proto.getTextFormatSource(), spot)
                        .map(template -> text(template, empty, spot))
                        .orElseGet(LogFormatParser::standard);
            }
            case JSON_FORMAT -> json(proto.getJsonFormat(), empty, at.field("json_format"));
            case FORMAT_NOT_SET -> {
                at.add(
                        "nothing",
                        "text_format_source or json_format",
                        "write one of these, or leave log_format out for the default line");
                yield standard();
            }
        };
    }

    private static LogFormat text(String template, Empty empty, Spot at) {
        return new LogFormat.Text(LogTemplates.parse(Values.text(template, at), at), empty);
    }

    private static LogFormat json(Struct proto, Empty empty, Spot at) {
        return new LogFormat.Json(members(proto, at), empty);
    }

    private static LogShape.Members members(Struct proto, Spot at) {
        Map<String, Value> sorted = new TreeMap<>(proto.getFieldsMap());
        List<LogShape.Member> members = new ArrayList<>();
        sorted.forEach((name, value) ->
                members.add(new LogShape.Member(name, shape(value, at.key(name)))));
        return new LogShape.Members(members);
    }

    private static LogShape shape(Value proto, Spot at) {
        return switch (proto.getKindCase()) {
            case STRING_VALUE -> new LogShape.Value(LogTemplates.parse(proto.getStringValue(), at));
            case STRUCT_VALUE -> members(proto.getStructValue(), at);
            case LIST_VALUE -> items(proto.getListValue().getValuesList(), at);
            case NUMBER_VALUE -> new LogShape.Constant(number(proto.getNumberValue(), at));
            case BOOL_VALUE -> new LogShape.Constant(Boolean.toString(proto.getBoolValue()));
            case NULL_VALUE, KIND_NOT_SET -> new LogShape.Constant("null");
        };
    }

    private static LogShape items(List<Value> protos, Spot at) {
        List<LogShape> items = new ArrayList<>();
        for (int i = 0; i < protos.size(); i++) {
            items.add(shape(protos.get(i), at.index(i)));
        }
        return new LogShape.Items(items);
    }

    private static String number(double value, Spot at) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            at.add(Double.toString(value), "a finite number", "write a number that JSON has");
            return "0";
        }
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
