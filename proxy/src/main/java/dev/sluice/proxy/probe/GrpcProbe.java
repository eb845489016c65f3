package dev.sluice.proxy.probe;

import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.Way;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;

/** Asks by a call of {@code grpc.health.v1.Health/Check}. Loop-owned. */
final class GrpcProbe implements Probe {
    private static final int LONGEST_ANSWER = 1024;

    private final EventLoop loop;
    private final Connector connector;
    private final ProbeHead head;
    private final String service;
    private final Duration timeout;

    GrpcProbe(
            EventLoop loop, Connector connector, ProbeHead head, String service, Duration timeout) {
        this.loop = loop;
        this.connector = connector;
        this.head = head;
        this.service = service;
        this.timeout = timeout;
    }

    @Override
    public void ask(InetSocketAddress remote, String host, Consumer<Verdict> verdict) {
        ByteBuf answer = Unpooled.buffer(LONGEST_ANSWER, LONGEST_ANSWER);
        TimedCheck check = new TimedCheck(loop, timeout, verdict);
        connector.connect(Way.shared(remote), new Asking(check, host, answer));
    }

    /** One check under way. */
    private final class Asking implements Connector.Receiver, ResponseReceiver, BodyReceiver {
        private final TimedCheck check;
        private final String host;
        private final ByteBuf answer;

        Asking(TimedCheck check, String host, ByteBuf answer) {
            this.check = check;
            this.host = host;
            this.answer = answer;
        }

        @Override
        public void onConnected(ClientConnection connection) {
            check.over(connection, () -> call(connection));
        }

        private void call(ClientConnection connection) {
            RequestHead call = head.of(host);
            call.headers().set("content-type", "application/grpc").set("te", "trailers");
            ClientStream stream = connection.open(call, /* ended= */ false, this);
            stream.requestBody().data(GrpcHealth.request(service), /* last= */ true);
        }

        @Override
        public void onInterim(ResponseHead interim) {}

        @Override
        public void onHead(ResponseHead start, BodySource body, boolean ended) {
            if (ended || start.status() != 200) {
                check.end(Verdict.UNHEALTHY);
            } else {
                body.start(this);
            }
        }

        @Override
        public void onData(ByteBuf data, boolean last) {
            boolean fits = data.readableBytes() <= answer.maxWritableBytes();
            if (fits && !check.isOver()) {
                answer.writeBytes(data);
            }
            data.release();
            if (last || !fits) {
                check.end(Verdict.UNHEALTHY);
            }
        }

        @Override
        public void onTrailers(HeaderBlock trailers) {
            boolean isOk = "0".contentEquals(String.valueOf(trailers.first("grpc-status")));
            check.end(isOk && GrpcHealth.isServing(answer) ? Verdict.HEALTHY : Verdict.UNHEALTHY);
        }

        @Override
        public void onReset(StreamReset reset) {
            check.end(Verdict.UNREACHED);
        }

        @Override
        public void onFailed(StreamReset reset) {
            check.end(Verdict.UNREACHED);
        }
    }
}
