package dev.sluice.proxy.telemetry;

import dev.sluice.contract.gate.GateDecision;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.proxy.observe.ExchangeRecord;
import dev.sluice.proxy.observe.InjectedFault;
import dev.sluice.proxy.observe.ResponseFlag;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * An exchange as one line of JSON, with the field names of Envoy's access log where Envoy has a
 * word for it, and the gate's own beside them. Stateless.
 */
final class AccessLogLine {
    private AccessLogLine() {}

    static String of(ExchangeRecord exchange) {
        JsonText line = new JsonText();
        line.text("start_time", Instant.ofEpochMilli(exchange.startEpochMillis()).toString())
                .text("listener", exchange.listener())
                .text("method", exchange.method())
                .text("path", exchange.path())
                .text("protocol", exchange.protocol())
                .number("response_code", exchange.status())
                .known("grpc_status", exchange.grpcStatus())
                .text("response_flags", flags(exchange))
                .text("response_code_details", exchange.details())
                .number("bytes_received", exchange.bytesReceived())
                .number("bytes_sent", exchange.bytesSent())
                .number("duration", millis(exchange.times().total()))
                .known("duration_micros", micros(exchange.times().total()))
                .known("upstream_head_micros", micros(exchange.times().upstreamHead()))
                .text("authority", exchange.authority())
                .text("user_agent", exchange.userAgent())
                .text("request_id", exchange.requestId())
                .text("route_name", exchange.route())
                .text("downstream_remote_address", address(exchange.downstream()));
        line.text("faults", faults(exchange));
        exchange.upstream().ifPresent(upstream -> upstream(line, upstream));
        exchange.gate().ifPresent(gate -> gate(line, gate));
        return line.line();
    }

    private static void upstream(JsonText line, ExchangeRecord.Upstream upstream) {
        line.text("upstream_cluster", upstream.cluster())
                .text("upstream_host", upstream.host().map(AccessLogLine::address))
                .number("upstream_request_attempt_count", upstream.attempts());
    }

    private static void gate(JsonText line, ExchangeRecord.GateOutcome outcome) {
        GateDecision decision = outcome.decision();
        line.text("gate", decision.gate().id())
                .text("gate_arm", decision.arm().name())
                .text("gate_mode", decision.mode().name())
                .text("gate_reason", decision.reason().name())
                .number("gate_share_ppm", decision.share().value())
                .known("gate_bucket", decision.bucket().orElse(-1))
                .text("gate_revision", decision.revision().map(GateRevision::toString))
                .text("gate_rule", decision.rule())
                .text("gate_operation", outcome.operation())
                .text("gate_result", outcome.result().name())
                .text("gate_fallback", outcome.fellBack() ? "LEGACY" : "");
    }

    /** Who asked for what was injected. */
    private static String faults(ExchangeRecord exchange) {
        return exchange.faults().stream()
                .map(InjectedFault::source)
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** Envoy's words; a hyphen when there is none. */
    private static String flags(ExchangeRecord exchange) {
        return exchange.flags().isEmpty()
                ? "-"
                : exchange.flags().stream()
                        .map(ResponseFlag::word)
                        .collect(Collectors.joining(","));
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static long micros(long nanos) {
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(nanos);
    }

    private static String address(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        return ip == null ? "" : NetUtil.toSocketAddressString(address);
    }
}
