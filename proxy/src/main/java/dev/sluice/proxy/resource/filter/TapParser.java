package dev.sluice.proxy.resource.filter;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Facts;
import dev.sluice.proxy.snapshot.filter.TapFilterSpec.Source;
import dev.sluice.proxy.snapshot.filter.TapMatch;
import dev.sluice.proxy.snapshot.filter.TapSpec;
import dev.sluice.proxy.snapshot.filter.TapSpec.Delivery;
import dev.sluice.proxy.snapshot.filter.TapSpec.Format;
import dev.sluice.proxy.snapshot.filter.TapSpec.Sink;
import dev.sluice.proxy.snapshot.runtime.RuntimeShare;
import io.envoyproxy.envoy.config.common.matcher.v3.MatchPredicate;
import io.envoyproxy.envoy.config.tap.v3.BufferedAdminSink;
import io.envoyproxy.envoy.config.tap.v3.OutputConfig;
import io.envoyproxy.envoy.config.tap.v3.OutputSink;
import io.envoyproxy.envoy.config.tap.v3.TapConfig;
import io.envoyproxy.envoy.extensions.common.tap.v3.CommonExtensionConfig;
import io.envoyproxy.envoy.extensions.filters.http.tap.v3.Tap;
import java.util.Optional;

/**
 * Reads tap filters, and what clients of {@code /tap} ask for; empty after a problem. Stateless.
 */
public final class TapParser {
    private static final int DEFAULT_BYTES = 1024;

    private TapParser() {}

    /** Where a tap is said, which decides on where it may lead. */
    private enum Place {
        /** A filter's configuration: nobody is there to take what it records. */
        CONFIGURATION,
        /** The body of {@code /tap}: whoever reaches that page shall write no files. */
        ADMIN
    }

    static Optional<TapFilterSpec> filter(Tap proto, Spot at) {
        CommonExtensionConfig common = proto.getCommonConfig();
        Spot spot = at.field("common_config");
        Facts facts =
                new Facts(
                        proto.getRecordHeadersReceivedTime(),
                        proto.getRecordDownstreamConnection(),
                        proto.getRecordUpstreamConnection());
        return switch (common.getConfigTypeCase()) {
            case STATIC_CONFIG ->
                    tap(common.getStaticConfig(), Place.CONFIGURATION, spot.field("static_config"))
                            .map(tap -> new TapFilterSpec(new Source.Fixed(tap), facts));
            case ADMIN_CONFIG -> {
                String id = common.getAdminConfig().getConfigId();
                if (id.isEmpty()) {
                    spot.field("admin_config")
                            .field("config_id")
                            .add(
                                    "''",
                                    "at least one character",
                                    "give the id that /tap shall name");
                    yield Optional.empty();
                }
                yield Optional.of(new TapFilterSpec(new Source.Attached(id), facts));
            }
            case CONFIGTYPE_NOT_SET -> {
                spot.add("nothing", "static_config or admin_config", "say what is recorded");
                yield Optional.empty();
            }
        };
    }

    /** What a client of {@code /tap} asks for. */
    public static Optional<TapSpec> asked(TapConfig proto, Spot at) {
        return tap(proto, Place.ADMIN, at);
    }

    private static Optional<TapSpec> tap(TapConfig proto, Place place, Spot at) {
        int before = at.problems().count();
        OutputConfig output = proto.getOutputConfig();
        Spot out = at.field("output_config");
        TapMatch match = match(proto, at);
        if (output.getSinksCount() != 1) {
            out.field("sinks").add(output.getSinksCount() + " sinks", "one", "name one sink");
            return Optional.empty();
        }
        Spot spot = out.field("sinks").index(0);
        OutputSink sink = output.getSinks(0);
        TapSpec spec =
                new TapSpec(
                        match,
                        proto.hasTapEnabled()
                                ? Values.share(proto.getTapEnabled())
                                : RuntimeShare.ALL,
                        bytes(
                                output.hasMaxBufferedRxBytes(),
                                output.getMaxBufferedRxBytes(),
                                out.field("max_buffered_rx_bytes")),
                        bytes(
                                output.hasMaxBufferedTxBytes(),
                                output.getMaxBufferedTxBytes(),
                                out.field("max_buffered_tx_bytes")),
                        output.getStreaming() ? Delivery.SEGMENTS : Delivery.WHOLE,
                        format(sink, place, spot.field("format")),
                        sink(sink, place, spot));
        return at.problems().count() > before ? Optional.empty() : Optional.of(spec);
    }

    @SuppressWarnings("deprecation") // Envoy still accepts match_config, so old files hold it
    private static TapMatch match(TapConfig proto, Spot at) {
        if (proto.hasMatch()) {
            return TapMatchParser.parse(proto.getMatch(), at.field("match"));
        }
        if (proto.hasMatchConfig()) {
            try {
                return TapMatchParser.parse(
                        MatchPredicate.parseFrom(proto.getMatchConfig().toByteString()),
                        at.field("match_config"));
            } catch (InvalidProtocolBufferException impossible) {
                throw new IllegalStateException(
                        "the two messages have the same fields", impossible);
            }
        }
        at.add("no match", "a match", "say match: {any_match: true} to record every exchange");
        return TapMatch.NONE;
    }

    private static int bytes(boolean present, UInt32Value proto, Spot at) {
        return present ? Values.number(proto, 0, Integer.MAX_VALUE, at) : DEFAULT_BYTES;
    }

    private static Format format(OutputSink proto, Place place, Spot at) {
        Format format =
                switch (proto.getFormat()) {
                    case JSON_BODY_AS_BYTES -> Format.JSON_BODY_AS_BYTES;
                    case JSON_BODY_AS_STRING -> Format.JSON_BODY_AS_STRING;
                    case PROTO_BINARY -> Format.PROTO_BINARY;
                    case PROTO_BINARY_LENGTH_DELIMITED -> Format.PROTO_BINARY_LENGTH_DELIMITED;
                    case PROTO_TEXT -> Format.PROTO_TEXT;
                    case UNRECOGNIZED -> {
                        at.add(
                                Integer.toString(proto.getFormatValue()),
                                "a format of OutputSink",
                                "name one that there is");
                        yield Format.JSON_BODY_AS_BYTES;
                    }
                };
        if (place == Place.ADMIN
                && (format == Format.PROTO_BINARY || format == Format.PROTO_TEXT)) {
            at.add(
                    format.name(),
                    "JSON_BODY_AS_BYTES, JSON_BODY_AS_STRING or PROTO_BINARY_LENGTH_DELIMITED",
                    "choose a format whose messages end by themselves");
        }
        return format;
    }

    private static Sink sink(OutputSink proto, Place place, Spot at) {
        return switch (proto.getOutputSinkTypeCase()) {
            case STREAMING_ADMIN -> admin(new Sink.Streamed(), place, at.field("streaming_admin"));
            case BUFFERED_ADMIN ->
                    admin(
                            gathered(proto.getBufferedAdmin(), at.field("buffered_admin")),
                            place,
                            at.field("buffered_admin"));
            case FILE_PER_TAP -> files(proto, place, at.field("file_per_tap"));
            // the guard has refused these already
            case STREAMING_GRPC, CUSTOM_SINK -> new Sink.Streamed();
            case OUTPUTSINKTYPE_NOT_SET -> {
                at.add("no sink", "a type of sink", "say where what is recorded goes");
                yield new Sink.Streamed();
            }
        };
    }

    private static Sink admin(Sink sink, Place place, Spot at) {
        if (place == Place.CONFIGURATION) {
            at.add(
                    "a sink of /tap in a filter's configuration",
                    "file_per_tap",
                    "write to files, or use admin_config and ask by /tap");
        }
        return sink;
    }

    private static Sink gathered(BufferedAdminSink proto, Spot at) {
        if (proto.getMaxTraces() <= 0) {
            at.field("max_traces")
                    .add(Long.toUnsignedString(proto.getMaxTraces()), "1..2^63-1", "raise it");
        }
        var timeout = Values.duration(proto.getTimeout(), at.field("timeout"));
        return new Sink.Gathered(
                proto.getMaxTraces(), timeout.isZero() ? Optional.empty() : Optional.of(timeout));
    }

    private static Sink files(OutputSink proto, Place place, Spot at) {
        String prefix = proto.getFilePerTap().getPathPrefix();
        if (place == Place.ADMIN) {
            at.add(
                    "files, asked for by /tap",
                    "streaming_admin or buffered_admin",
                    "write files by static_config of a filter");
        }
        if (prefix.isEmpty()) {
            at.field("path_prefix").add("''", "at least one character", "say where files go");
        }
        return new Sink.Files(prefix);
    }
}
