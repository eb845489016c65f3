package dev.sluice.proxy.resource.listener;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec.FloodLimits;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec.KeepAlive;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.KeepaliveSettings;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;
import java.util.Optional;

/** Reads what bounds clients' connections. Stateless. */
final class ConnectionParser {
    /** As in Envoy: up to 15 % later than the interval says. */
    private static final double DEFAULT_JITTER = 0.15;

    private ConnectionParser() {}

    static ConnectionSpec parse(HttpConnectionManager proto, Spot at) {
        HttpProtocolOptions common = proto.getCommonHttpProtocolOptions();
        Http2ProtocolOptions http2 = proto.getHttp2ProtocolOptions();
        Spot spot = at.field("common_http_protocol_options");
        Spot options = at.field("http2_protocol_options");
        int requests =
                number(
                        common.hasMaxRequestsPerConnection(),
                        common.getMaxRequestsPerConnection(),
                        0,
                        ConnectionSpec.DEFAULT.mostRequests(),
                        spot.field("max_requests_per_connection"));
        Duration longest =
                common.hasMaxConnectionDuration()
                        ? Values.duration(
                                common.getMaxConnectionDuration(),
                                spot.field("max_connection_duration"))
                        : ConnectionSpec.DEFAULT.longest();
        return new ConnectionSpec(
                requests,
                longest,
                floods(http2, options),
                http2.hasConnectionKeepalive()
                        ? keepAlive(
                                http2.getConnectionKeepalive(),
                                options.field("connection_keepalive"))
                        : Optional.empty());
    }

    private static FloodLimits floods(Http2ProtocolOptions proto, Spot at) {
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

    private static int number(
            boolean present, UInt32Value proto, int least, int byDefault, Spot at) {
        return present ? Values.number(proto, least, Integer.MAX_VALUE, at) : byDefault;
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
