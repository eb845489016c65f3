package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.exchange.BodySource;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.ClientStream;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ResponseHead;
import dev.sluice.proxy.exchange.ResponseReceiver;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One try at an upstream: load balancer, pool, exchange. It ends with a final head or with a
 * failure; after a head it stays until the answer is complete or it is given up. Loop-owned.
 */
final class Attempt implements Waiter, ResponseReceiver {
    private final Loop loop;
    private final Plan.Target target;
    private final RequestBody body;
    private final Tally tally;
    private final Owner owner;
    private @Nullable Endpoint endpoint;
    private @Nullable ClientStream stream;
    private @Nullable Future<?> timer;
    private Ticket ticket = Ticket.SERVED;
    private Lease lease = Lease.FRESH;
    private long began;
    private boolean over;

    /** Takes what an attempt gets. */
    interface Owner {
        void onInterim(ResponseHead head);

        void onHead(ResponseHead head, BodySource answer, boolean ended);

        /** No head will come; the attempt is over. */
        void onFailed(AttemptFailure failure);
    }

    Attempt(Loop loop, Plan.Target target, RequestBody body, Tally tally, Owner owner) {
        this.loop = loop;
        this.target = target;
        this.body = body;
        this.tally = tally;
        this.owner = owner;
    }

    void start() {
        tally.attempt(target.cluster().cluster().name());
        Optional<Endpoint> chosen = target.cluster().choose(target.pick());
        if (chosen.isEmpty()) {
            over = true;
            owner.onFailed(noEndpoint());
            return;
        }
        Endpoint to = chosen.get();
        endpoint = to;
        began = loop.executor().ticker().nanoTime();
        to.load().begin();
        tally.host(to.address());
        ticket = target.cluster().pool(to).acquire(this);
    }

    /** Ends the attempt when its head has not come in this time. Once. */
    void limit(Duration perTry) {
        if (!over) {
            timer =
                    loop.executor()
                            .schedule(this::timedOut, perTry.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Whether the connection had been idle, so that its peer may have closed it meanwhile. */
    boolean wasOnReusedConnection() {
        return lease == Lease.REUSED;
    }

    /** Where it went; empty when there was no endpoint. */
    Optional<Endpoint> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** The answer is complete. */
    void complete(Result result) {
        boolean failed =
                switch (result) {
                    case SERVER_ERROR, RESET, TIMEOUT -> true;
                    case SUCCESS, CLIENT_ERROR, CANCELLED -> false;
                };
        end(failed);
    }

    /** Gives up whatever is under way; the owner is not called any more. */
    void giveUp(Result result, StreamReset reset) {
        if (over) {
            return;
        }
        complete(result);
        ticket.giveUp();
        if (stream != null) {
            stream.cancel(reset);
        }
    }

    @Override
    public void onReady(ClientConnection connection, Lease of) {
        if (over) {
            return;
        }
        lease = of;
        ClientStream opened = connection.open(head(), body.isNone(), this);
        stream = opened;
        if (!over) {
            body.attach(opened.requestBody());
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        if (!over) {
            owner.onInterim(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, BodySource answer, boolean ended) {
        if (over) {
            return;
        }
        stopTimer();
        tally.upstreamHead();
        if (endpoint != null) {
            target.cluster().answered(endpoint, took(), GrpcStatus.httpStatus(head));
        }
        owner.onHead(head, answer, ended);
    }

    @Override
    public void onFailed(StreamReset reset) {
        if (over) {
            return;
        }
        if (reset.cause() == StreamReset.Cause.CONNECT_FAILED && endpoint != null) {
            endpoint.load().connectFailed();
        }
        fail(AttemptFailure.of(reset));
    }

    private void timedOut() {
        if (over) {
            return;
        }
        String detail = "no answer began within the time of one attempt";
        if (endpoint != null) {
            target.cluster().timedOut(endpoint, took());
        }
        giveUp(Result.TIMEOUT, new StreamReset(StreamReset.Cause.LOCAL, false, detail));
        owner.onFailed(
                new AttemptFailure(Refusal.UPSTREAM_TIMEOUT, /* unprocessed= */ false, detail));
    }

    private long took() {
        return loop.executor().ticker().nanoTime() - began;
    }

    private void fail(AttemptFailure failure) {
        if (endpoint != null && failure.refusal() != Refusal.OVERFLOW) {
            target.cluster().failed(endpoint, took());
        }
        end(/* failed= */ true);
        owner.onFailed(failure);
    }

    private void end(boolean failed) {
        if (over) {
            return;
        }
        over = true;
        stopTimer();
        body.detach();
        if (endpoint != null) {
            if (failed) {
                endpoint.load().fail();
            } else {
                endpoint.load().succeed();
            }
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(/* mayInterruptIfRunning= */ false);
            timer = null;
        }
    }

    private RequestHead head() {
        RequestHead head = target.head();
        CharSequence authority =
                switch (target.authority()) {
                    case OF_HEAD -> head.authority();
                    case OF_ENDPOINT ->
                            endpoint == null || !endpoint.isNamed()
                                    ? head.authority()
                                    : endpoint.host();
                };
        return new RequestHead(
                head.method(), head.scheme(), authority, head.path(), head.headers().copy());
    }

    private AttemptFailure noEndpoint() {
        return new AttemptFailure(
                Refusal.NO_HEALTHY_ENDPOINT,
                /* unprocessed= */ true,
                "cluster '%s' has no endpoint in health (%d known)"
                        .formatted(
                                target.cluster().cluster().name(),
                                target.cluster().cluster().endpoints().size()));
    }
}
