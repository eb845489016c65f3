package dev.sluice.proxy.probe;

import dev.sluice.proxy.pool.EndpointSocket;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Question;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks by a connection, and bytes over it where the check has some. Loop-owned. */
final class TcpProbe implements Probe {
    private static final int MOST_RECEIVED = 64 * 1024;

    private final EventLoop loop;
    private final EndpointSocket socket;
    private final Question.Tcp question;
    private final Duration timeout;

    TcpProbe(EventLoop loop, EndpointSocket socket, Question.Tcp question, Duration timeout) {
        this.loop = loop;
        this.socket = socket;
        this.question = question;
        this.timeout = timeout;
    }

    @Override
    public void ask(InetSocketAddress remote, String host, Consumer<Verdict> verdict) {
        TimedCheck check = new TimedCheck(loop, timeout, verdict);
        socket.open(Way.shared(remote), new Asking(check));
    }

    /** One check under way. */
    private final class Asking extends ChannelInboundHandlerAdapter
            implements EndpointSocket.Receiver {
        private final TimedCheck check;
        private final StringBuilder received = new StringBuilder();
        private @Nullable Channel open;

        Asking(TimedCheck check) {
            this.check = check;
        }

        @Override
        public void install(Channel channel, String alpn) {
            open = channel;
            channel.pipeline().addLast(this);
            check.holds(() -> {
                var unused = channel.close();
            });
        }

        @Override
        public void onOpen() {
            Channel channel = open;
            if (check.isOver() || channel == null) {
                return;
            }
            if (question.receive().isEmpty()) {
                check.end(Verdict.HEALTHY);
                return;
            }
            if (!question.send().isEmpty()) {
                var unused =
                        channel.writeAndFlush(
                                Unpooled.copiedBuffer(
                                        question.send(), StandardCharsets.ISO_8859_1));
            }
        }

        @Override
        public void onFailed(String reason) {
            check.end(Verdict.UNREACHED);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            if (hasAll()) {
                check.end(Verdict.HEALTHY);
            } else if (received.length() > MOST_RECEIVED) {
                check.end(Verdict.UNHEALTHY);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            check.end(Verdict.UNREACHED);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            check.end(Verdict.UNREACHED);
        }

        /** Each expected part follows the one before, with anything between. */
        private boolean hasAll() {
            int from = 0;
            for (String part : question.receive()) {
                int at = received.indexOf(part, from);
                if (at < 0) {
                    return false;
                }
                from = at + part.length();
            }
            return true;
        }
    }
}
