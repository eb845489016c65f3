package dev.sluice.proxy.resource.part;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.part.FloodLimits;
import dev.sluice.proxy.snapshot.part.KeepAlive;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import java.util.Optional;

/** Reads what bounds connections of HTTP/2, whichever side opened them. Stateless. */
public final class Http2BoundsParser {
    /** Bytes of the smallest window that may be asked for, as in Envoy. */
    public static final int SMALLEST_WINDOW = 65_535;

    /** As in Envoy: up to 15 % later than the interval says. */
    private static final double DEFAULT_JITTER = 0.15;

    private Http2BoundsParser() {}

    /** Bounds of frames that move nothing. */
    public static FloodLimits floods(Http2ProtocolOptions proto, Spot at) {
        invalidMessages(proto, at.field("override_stream_error_on_invalid_http_message"));
        FloodLimits byDefault = FloodLimits.DEFAULT;
        return new FloodLimits(
                number(
                        proto.hasMaxOutboundFrames(),
                        proto.getMaxOutboundFrames(),
                        1,
                        byDefault.outbound(),
                        at.field("max_outbound_frames")),
                number(
                        proto.hasMaxOutboundControlFrames(),
                        proto.getMaxOutboundControlFrames(),
                        1,
                        byDefault.outboundControl(),
                        at.field("max_outbound_control_frames")),
                number(
                        proto.hasMaxConsecutiveInboundFramesWithEmptyPayload(),
                        proto.getMaxConsecutiveInboundFramesWithEmptyPayload(),
                        1,
                        byDefault.emptyData(),
                        at.field("max_consecutive_inbound_frames_with_empty_payload")),
                number(
                        proto.hasMaxInboundPriorityFramesPerStream(),
                        proto.getMaxInboundPriorityFramesPerStream(),
                        0,
                        byDefault.priorityPerStream(),
                        at.field("max_inbound_priority_frames_per_stream")),
                number(
                        proto.hasMaxInboundWindowUpdateFramesPerDataFrameSent(),
                        proto.getMaxInboundWindowUpdateFramesPerDataFrameSent(),
                        1,
                        byDefault.windowUpdatesPerData(),
                        at.field("max_inbound_window_update_frames_per_data_frame_sent")));
    }

    /** A malformed message ends its stream and no other (RFC 9113 section 8.1.1). */
    private static void invalidMessages(Http2ProtocolOptions proto, Spot at) {
        if (proto.hasOverrideStreamErrorOnInvalidHttpMessage()
                && !proto.getOverrideStreamErrorOnInvalidHttpMessage().getValue()) {
            at.add(
                    "false",
                    "true",
                    "set it to true, or remove it: a malformed message ends its stream, and no"
                            + " other one of its connection");
        }
    }

    private static int number(
            boolean present, UInt32Value proto, int least, int byDefault, Spot at) {
        return present ? Values.number(proto, least, Integer.MAX_VALUE, at) : byDefault;
    }

    /** Pings; absent where there are none, and after a problem. */
    public static Optional<KeepAlive> keepAlive(Http2ProtocolOptions proto, Spot at) {
        return proto.hasConnectionKeepalive()
                ? keepAlive(proto.getConnectionKeepalive(), at.field("connection_keepalive"))
                : Optional.empty();
    }

    private static Optional<KeepAlive> keepAlive(KeepaliveSettings proto, Spot at) {
        int before = at.problems().count();
        KeepAlive settings =
                new KeepAlive(
                        Values.positive(proto.getInterval(), at.field("interval")),
                        Values.positive(proto.getTimeout(), at.field("timeout")),
                        proto.hasIntervalJitter()
                                ? Values.percent(
                                                proto.getIntervalJitter(),
                                                at.field("interval_jitter"))
                                        / 100
                                : DEFAULT_JITTER);
        return at.problems().count() > before ? Optional.empty() : Optional.of(settings);
    }
}
