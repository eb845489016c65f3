package dev.sluice.proxy.call;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.LoopCluster;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.BodyReceiver;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call: an endpoint of the cluster, a connection of its pool, a request and the answer's end.
 * Loop-owned.
 *
 * <h2>Reference counting</h2>
 *
 * The request's body is released here unless it was sent; parts of the answer are released as they
 * come, for only its statuses are looked at.
 */
final class ClusterCall implements Waiter, ResponseReceiver, BodyReceiver {
    private final Loop loop;
    private final LoopCluster cluster;
    private final CallRequest request;
    private final Consumer<CallAnswer> done;
    private @Nullable Endpoint endpoint;
    private @Nullable ClientStream stream;
    private Ticket ticket = Ticket.SERVED;
    private Timers.@Nullable Timer timer;
    private boolean sent;
    private boolean over;
    private int status;
    private int grpcStatus = -1;

    ClusterCall(Loop loop, LoopCluster cluster, CallRequest request, Consumer<CallAnswer> done) {
        this.loop = loop;
        this.cluster = cluster;
        this.request = request;
        this.done = done;
    }

    void start() {
        Optional<Endpoint> chosen = cluster.choose(Pick.ANY);
        if (chosen.isEmpty()) {
            end(
                    new CallAnswer.Failed(
                            "cluster '%s' has no endpoint in health"
                                    .formatted(cluster.cluster().name())));
            return;
        }
        Endpoint to = chosen.get();
        endpoint = to;
        to.load().begin();
        timer = loop.timers().start(request.timeout(), loop.timers().now(), this::expired);
        ticket = cluster.pool(to).acquire(this);
    }

    @Override
    public void onReady(ClientConnection connection, Lease lease) {
        if (over) {
            return;
        }
        ClientStream opened = connection.open(head(), /* ended= */ false, this);
        stream = opened;
        sent = true;
        opened.requestBody().data(request.body(), /* last= */ true);
    }

    @Override
    public void onInterim(ResponseHead head) {}

    @Override
    public void onHead(ResponseHead head, BodySource body, boolean ended) {
        status = head.status();
        take(head.headers());
        if (ended) {
            answered();
        } else {
            body.start(this);
        }
    }

    @Override
    public void onFailed(StreamReset reset) {
        end(new CallAnswer.Failed(reset.detail()));
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        data.release();
        if (last) {
            answered();
        }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
        take(trailers);
        answered();
    }

    @Override
    public void onReset(StreamReset reset) {
        end(new CallAnswer.Failed("the answer broke off: " + reset.detail()));
    }

    private RequestHead head() {
        HeaderBlock headers = request.headers();
        headers.set("content-length", Integer.toString(request.body().readableBytes()));
        String scheme = cluster.cluster().spec().transport().tls().isPresent() ? "https" : "http";
        return new RequestHead("POST", scheme, request.authority(), request.path(), headers);
    }

    private void take(HeaderBlock fields) {
        CharSequence text = fields.first("grpc-status");
        if (text != null && text.length() <= 2 && text.chars().allMatch(Character::isDigit)) {
            grpcStatus = text.isEmpty() ? -1 : Integer.parseInt(text, 0, text.length(), 10);
        }
    }

    private void expired() {
        StreamReset late =
                new StreamReset(
                        StreamReset.Cause.LOCAL,
                        /* unprocessed= */ false,
                        "no whole answer within " + request.timeout());
        ticket.giveUp();
        if (stream != null) {
            stream.cancel(late);
        }
        end(new CallAnswer.Failed(late.detail()));
    }

    private void answered() {
        end(new CallAnswer.Answered(status, grpcStatus));
    }

    private void end(CallAnswer answer) {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        if (!sent) {
            request.body().release();
        }
        if (endpoint != null) {
            if (answer instanceof CallAnswer.Answered) {
                endpoint.load().succeed();
            } else {
                endpoint.load().fail();
            }
        }
        done.accept(answer);
    }
}
