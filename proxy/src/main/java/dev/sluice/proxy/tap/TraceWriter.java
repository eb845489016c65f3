package dev.sluice.proxy.tap;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.proxy.snapshot.filter.TapSpec.Format;
import dev.sluice.proxy.tap.TapMessage.Half;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.data.tap.v3.Body;
import io.envoyproxy.envoy.data.tap.v3.Connection;
import io.envoyproxy.envoy.data.tap.v3.HttpBufferedTrace;
import io.envoyproxy.envoy.data.tap.v3.HttpStreamedTraceSegment;
import io.envoyproxy.envoy.data.tap.v3.TraceWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Writes messages of taps as Envoy's {@code TraceWrapper}. Stateless. */
public final class TraceWriter {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().preservingProtoFieldNames().alwaysPrintFieldsWithNoPresence();

    private TraceWriter() {}

    /** A message in this format. */
    public static byte[] bytes(TapMessage message, Format format) {
        TraceWrapper trace = trace(message, format);
        return switch (format) {
            case JSON_BODY_AS_BYTES, JSON_BODY_AS_STRING -> json(trace);
            case PROTO_BINARY -> trace.toByteArray();
            case PROTO_BINARY_LENGTH_DELIMITED -> delimited(trace);
            case PROTO_TEXT ->
                    TextFormat.printer().printToString(trace).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Ending of files in this format, as Envoy names them. */
    public static String ending(Format format) {
        return switch (format) {
            case JSON_BODY_AS_BYTES, JSON_BODY_AS_STRING -> ".json";
            case PROTO_BINARY -> ".pb";
            case PROTO_BINARY_LENGTH_DELIMITED -> ".pb_length_delimited";
            case PROTO_TEXT -> ".pb_text";
        };
    }

    private static byte[] json(TraceWrapper trace) {
        try {
            return (JSON.print(trace) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message of known types could not be shown", e);
        }
    }

    private static byte[] delimited(TraceWrapper trace) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            trace.writeDelimitedTo(bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException("an array in memory refused bytes", impossible);
        }
        return bytes.toByteArray();
    }

    private static TraceWrapper trace(TapMessage message, Format format) {
        TraceWrapper.Builder trace = TraceWrapper.newBuilder();
        switch (message) {
            case TapMessage.Whole whole -> trace.setHttpBufferedTrace(whole(whole, format));
            case TapMessage.Fields fields -> trace.setHttpStreamedTraceSegment(segment(fields));
            case TapMessage.Piece piece ->
                    trace.setHttpStreamedTraceSegment(segment(piece, format));
        }
        return trace.build();
    }

    private static HttpBufferedTrace whole(TapMessage.Whole whole, Format format) {
        HttpBufferedTrace.Builder trace =
                HttpBufferedTrace.newBuilder()
                        .setRequest(half(whole.request(), format))
                        .setResponse(half(whole.response(), format));
        whole.downstream()
                .ifPresent(ends ->
                        trace.setDownstreamConnection(
                                Connection.newBuilder()
                                        .setLocalAddress(address(ends.local()))
                                        .setRemoteAddress(address(ends.remote()))));
        whole.upstream()
                .ifPresent(remote ->
                        trace.setUpstreamConnection(
                                Connection.newBuilder().setRemoteAddress(address(remote))));
        return trace.build();
    }

    private static HttpBufferedTrace.Message half(Half half, Format format) {
        HttpBufferedTrace.Message.Builder message =
                HttpBufferedTrace.Message.newBuilder()
                        .addAllHeaders(values(half.headers()))
                        .addAllTrailers(values(half.trailers()));
        half.body().ifPresent(body -> message.setBody(body(body, format)));
        half.received().ifPresent(time -> message.setHeadersReceivedTime(time(time)));
        return message.build();
    }

    private static HttpStreamedTraceSegment segment(TapMessage.Fields fields) {
        HttpStreamedTraceSegment.Builder segment =
                HttpStreamedTraceSegment.newBuilder().setTraceId(fields.exchange());
        HeaderMap map = HeaderMap.newBuilder().addAllHeaders(values(fields.fields())).build();
        return switch (fields.part()) {
            case REQUEST_HEADERS -> segment.setRequestHeaders(map).build();
            case REQUEST_TRAILERS -> segment.setRequestTrailers(map).build();
            case RESPONSE_HEADERS -> segment.setResponseHeaders(map).build();
            case RESPONSE_TRAILERS -> segment.setResponseTrailers(map).build();
        };
    }

    private static HttpStreamedTraceSegment segment(TapMessage.Piece piece, Format format) {
        HttpStreamedTraceSegment.Builder segment =
                HttpStreamedTraceSegment.newBuilder().setTraceId(piece.exchange());
        Body body = body(piece.body(), format);
        return switch (piece.side()) {
            case REQUEST -> segment.setRequestBodyChunk(body).build();
            case RESPONSE -> segment.setResponseBodyChunk(body).build();
        };
    }

    private static Body body(TapBody body, Format format) {
        Body.Builder proto = Body.newBuilder().setTruncated(body.isTruncated());
        ByteString bytes = ByteString.copyFrom(body.bytes());
        return format == Format.JSON_BODY_AS_STRING
                ? proto.setAsString(bytes.toStringUtf8()).build()
                : proto.setAsBytes(bytes).build();
    }

    private static List<HeaderValue> values(List<TapField> fields) {
        return fields.stream()
                .map(field ->
                        HeaderValue.newBuilder()
                                .setKey(field.name())
                                .setValue(field.value())
                                .build())
                .toList();
    }

    private static Address address(InetSocketAddress address) {
        return Address.newBuilder()
                .setSocketAddress(
                        SocketAddress.newBuilder()
                                .setAddress(address.getAddress().getHostAddress())
                                .setPortValue(address.getPort()))
                .build();
    }

    private static Timestamp time(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
