package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.exchange.BodySink;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.outcome.GrpcStatus;
import dev.sluice.proxy.outcome.Tally;
import dev.sluice.proxy.plan.AnsweredBy;
import dev.sluice.proxy.plan.ProxyStatus;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.plan.ResponseEdit;
import dev.sluice.proxy.plan.Retired;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * Gives a client an answer of this proxy itself. A refused gRPC call gets HTTP 200 without a body
 * and the gRPC status in the head ("Trailers-Only"), as its client expects. Loop-owned.
 */
final class LocalAnswer {
    private static final int LONGEST_DETAIL = 512;

    /** Load that is shed is looked at anew each second, and a write is held for about as long. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final ServerStream client;
    private final ResponseEdit edit;
    private final Tally tally;
    private final ProxyStatus proxyStatus;

    LocalAnswer(ServerStream client, ResponseEdit edit, Tally tally, ProxyStatus proxyStatus) {
        this.client = client;
        this.edit = edit;
        this.tally = tally;
        this.proxyStatus = proxyStatus;
    }

    void answer(int status, HeaderBlock headers, String body) {
        send(status, headers, body);
    }

    void refuse(Refusal refusal, String detail) {
        refuse(refusal, refusal.status(), detail);
    }

    void refuse(Refusal refusal, int status, String detail) {
        tally.refused(refusal, refusal.code() + ": " + detail);
        String shown = shown(refusal, detail);
        HeaderBlock headers = new HeaderBlock();
        headers.add(ProxyStatus.HEADER, proxyStatus.value(refusal, tally.flags()));
        if (refusal == Refusal.OVERFLOW) {
            headers.add("x-envoy-overloaded", "true");
        }
        if (refusal == Refusal.DROPPED) {
            headers.add("x-envoy-unconditional-drop-overload", "true");
        }
        if (refusal == Refusal.LEGACY_RETIRED) {
            Retired.tell(headers);
        }
        if (refusal == Refusal.OVERLOADED || refusal == Refusal.WRITE_HELD) {
            headers.add("retry-after", RETRY_AFTER_SECONDS);
        }
        if (GrpcStatus.isCall(client.request().headers())) {
            headers.add("content-type", "application/grpc");
            headers.add("grpc-status", Integer.toString(refusal.grpcStatus()));
            headers.add("grpc-message", grpcMessage(refusal.code() + ": " + shown));
            send(200, headers, "");
        } else {
            headers.add("content-type", "text/plain; charset=utf-8");
            send(proxyStatus.status(refusal, status), headers, text(refusal, shown));
        }
    }

    private static String text(Refusal refusal, String detail) {
        return "%s: %s; %s\n".formatted(refusal.code(), detail, refusal.remedy());
    }

    /** Clients are not told about the addresses and errors of upstreams; logs are. */
    private static String shown(Refusal refusal, String detail) {
        return switch (refusal.side()) {
            case CLIENT, PROXY, CONTROL -> printable(detail);
            case UPSTREAM -> "the upstream did not answer";
        };
    }

    private void send(int status, HeaderBlock headers, String body) {
        ByteBuf bytes = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        boolean ended = !bytes.isReadable();
        boolean grpc = headers.contains("grpc-status");
        if (!grpc) {
            headers.set("content-length", Integer.toString(bytes.readableBytes()));
        }
        ResponseHead head = edit.apply(new ResponseHead(status, headers), AnsweredBy.PROXY, tally);
        tally.answered(head.status(), AnsweredBy.PROXY);
        tally.grpcStatus(head.headers());
        tally.sent(bytes.readableBytes());
        BodySink sink = client.respond(head, ended);
        if (ended) {
            bytes.release();
        } else {
            sink.data(bytes, /* last= */ true);
        }
    }

    /** What may stand in a body whoever sent it: visible ASCII, not too long. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), LONGEST_DETAIL));
        for (int i = 0; i < text.length() && i < LONGEST_DETAIL; i++) {
            char c = text.charAt(i);
            safe.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return safe.toString();
    }

    /** Percent-encodes what {@code grpc-message} may not hold as it is. */
    private static String grpcMessage(String text) {
        return text.replace("%", "%25");
    }
}
