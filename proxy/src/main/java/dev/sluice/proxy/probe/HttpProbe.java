package dev.sluice.proxy.probe;

import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.pool.Connector;
import dev.sluice.proxy.pool.Way;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.Question;
import dev.sluice.proxy.snapshot.cluster.HealthCheckSpec.StatusRange;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Asks by an HTTP request, whose status tells; the body is not waited for. Loop-owned. */
final class HttpProbe implements Probe {
    private static final StreamReset UNREAD = StreamReset.local("the status tells enough");

    private final EventLoop loop;
    private final Connector connector;
    private final ProbeHead head;
    private final Question.Http question;
    private final Duration timeout;

    HttpProbe(
            EventLoop loop,
            Connector connector,
            ProbeHead head,
            Question.Http question,
            Duration timeout) {
        this.loop = loop;
        this.connector = connector;
        this.head = head;
        this.question = question;
        this.timeout = timeout;
    }

    @Override
    public void ask(InetSocketAddress remote, String host, Consumer<Verdict> verdict) {
        TimedCheck check = new TimedCheck(loop, timeout, verdict);
        connector.connect(Way.shared(remote), new Asking(check, host));
    }

    /** One check under way. */
    private final class Asking implements Connector.Receiver, ResponseReceiver {
        private final TimedCheck check;
        private final String host;

        Asking(TimedCheck check, String host) {
            this.check = check;
            this.host = host;
        }

        @Override
        public void onConnected(ClientConnection connection) {
            check.over(
                    connection,
                    () -> {
                        var unused = connection.open(head.of(host), /* ended= */ true, this);
                    });
        }

        @Override
        public void onInterim(ResponseHead interim) {}

        @Override
        public void onHead(ResponseHead answer, BodySource body, boolean ended) {
            if (!ended) {
                body.cancel(UNREAD);
            }
            check.end(verdict(answer));
        }

        @Override
        public void onFailed(StreamReset reset) {
            check.end(Verdict.UNREACHED);
        }

        private Verdict verdict(ResponseHead answer) {
            if (isIn(question.expected(), answer.status())) {
                return answer.headers().contains("x-envoy-degraded")
                        ? Verdict.DEGRADED
                        : Verdict.HEALTHY;
            }
            return isIn(question.retriable(), answer.status())
                    ? Verdict.UNREACHED
                    : Verdict.UNHEALTHY;
        }

        private static boolean isIn(List<StatusRange> ranges, int status) {
            return ranges.stream().anyMatch(range -> range.contains(status));
        }
    }
}
