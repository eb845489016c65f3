package dev.sluice.proxy.resource.listener;

import com.google.protobuf.UInt32Value;
import dev.sluice.proxy.resource.part.Http2BoundsParser;
import dev.sluice.proxy.resource.read.Spot;
import dev.sluice.proxy.resource.read.Values;
import dev.sluice.proxy.snapshot.listener.ConnectionSpec;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Duration;

/** Reads what bounds clients' connections. Stateless. */
final class ConnectionParser {
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
        if (common.hasMaxResponseHeadersKb()) {
            spot.field("max_response_headers_kb")
                    .add("a limit of answers", "none", "remove it, or set it where clusters are");
        }
        return new ConnectionSpec(
                requests,
                longest,
                Http2BoundsParser.floods(http2, options),
                Http2BoundsParser.keepAlive(http2, options));
    }

    private static int number(
            boolean present, UInt32Value proto, int least, int byDefault, Spot at) {
        return present ? Values.number(proto, least, Integer.MAX_VALUE, at) : byDefault;
    }
}
