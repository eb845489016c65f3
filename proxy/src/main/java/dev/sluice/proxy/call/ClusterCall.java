package dev.sluice.proxy.call;

import dev.sluice.proxy.balance.Pick;
import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.cluster.LoopCluster;
import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.cluster.Use;
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
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call: an endpoint of the cluster, a connection of its pool, a request and the answer's end.
 * Loop-owned.
 *
 * <h2>Reference counting</h2>
 *
 * The request's body is released here unless it was sent; parts of the answer are copied where they
 * are looked at, and released as they come.
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
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream(0);
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
        ticket = cluster.pool(to, Use.own(request.carrier())).acquire(this);
    }

    @Override
    public void onReady(ClientConnection connection, Lease lease) {
        if (over) {
            return;
        }
        boolean bare = !request.body().isReadable();
        ClientStream opened = connection.open(head(), bare, this);
        stream = opened;
        if (!bare) {
            sent = true;
            opened.requestBody().data(request.body(), /* last= */ true);
        }
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
        boolean fits = keep(data);
        data.release();
        if (!fits) {
            giveUp("the answer is longer than %d bytes".formatted(request.mostBytes()));
        } else if (last) {
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
        if (request.body().isReadable()) {
            headers.set("content-length", Integer.toString(request.body().readableBytes()));
        }
        String scheme = cluster.cluster().spec().transport().tls().isPresent() ? "https" : "http";
        return new RequestHead(
                request.method(), scheme, request.authority(), request.path(), headers);
    }

    private void take(HeaderBlock fields) {
        CharSequence text = fields.first("grpc-status");
        if (text != null && text.length() <= 2 && text.chars().allMatch(Character::isDigit)) {
            grpcStatus = text.isEmpty() ? -1 : Integer.parseInt(text, 0, text.length(), 10);
        }
    }

    /** False: the body is longer than wanted. */
    private boolean keep(ByteBuf data) {
        if (request.mostBytes() == 0) {
            return true;
        }
        if (answer.size() + data.readableBytes() > request.mostBytes()) {
            return false;
        }
        byte[] part = new byte[data.readableBytes()];
        data.getBytes(data.readerIndex(), part);
        answer.writeBytes(part);
        return true;
    }

    private void expired() {
        giveUp("no whole answer within " + request.timeout());
    }

    private void giveUp(String why) {
        if (over) {
            return;
        }
        StreamReset reset = StreamReset.local(why);
        ticket.giveUp();
        end(new CallAnswer.Failed(why));
        if (stream != null) {
            stream.cancel(reset);
        }
    }

    private void answered() {
        end(new CallAnswer.Answered(status, grpcStatus, answer.toString(StandardCharsets.UTF_8)));
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
