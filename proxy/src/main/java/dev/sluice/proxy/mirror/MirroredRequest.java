package dev.sluice.proxy.mirror;

import dev.sluice.proxy.cluster.Loop;
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
import dev.sluice.proxy.observe.MirrorEnd;
import dev.sluice.proxy.observe.MirrorObserver;
import dev.sluice.proxy.pool.Budget;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a request on its way: sent once, its answer read and dropped. Counts against its
 * cluster's circuit breakers, balancing and outlier detection as any request. Loop-owned.
 */
final class MirroredRequest implements Waiter, ResponseReceiver, BodyReceiver {
    private final Loop loop;
    private final Mirror mirror;
    private final boolean bodiless;
    private final MirrorObserver observer;
    private final WaitingBody body;
    private final Budget requests;
    private @Nullable Endpoint endpoint;
    private @Nullable ClientStream stream;
    private Timers.@Nullable Timer timer;
    private Ticket ticket = Ticket.SERVED;
    private long began;
    private boolean counted;
    private boolean answered;
    private boolean over;

    /**
     * @param bodiless the head is the whole request
     */
    MirroredRequest(
            Loop loop,
            Mirror mirror,
            boolean bodiless,
            MirrorMemory memory,
            MirrorObserver observer) {
        this.loop = loop;
        this.mirror = mirror;
        this.bodiless = bodiless;
        this.observer = observer;
        body = new WaitingBody(memory);
        requests = mirror.cluster().cluster().budgets().requests();
    }

    void start() {
        counted = requests.tryTake();
        if (!counted) {
            end(MirrorEnd.OVERFLOW);
            return;
        }
        Optional<Endpoint> chosen = mirror.cluster().choose(mirror.pick());
        if (chosen.isEmpty()) {
            end(MirrorEnd.NO_ENDPOINT);
            return;
        }
        Endpoint to = chosen.get();
        endpoint = to;
        began = loop.executor().ticker().nanoTime();
        to.load().begin();
        if (bodiless) {
            awaitAnswer();
        }
        ticket = mirror.cluster().pool(to, mirror.use()).acquire(this);
    }

    /** A part of the request, which belongs to it from now on. */
    void data(ByteBuf part, boolean last) {
        if (over) {
            part.release();
        } else if (body.add(part, last)) {
            came();
        } else {
            cut(MirrorEnd.SLOW, "the mirror takes the body too slowly");
        }
    }

    /** The end of the request. */
    void trailers(HeaderBlock fields) {
        if (!over) {
            body.end(fields);
            came();
        }
    }

    /** The request that it copies will not come to its end. */
    void unfinished() {
        if (!over && !bodiless && !body.isComplete()) {
            cut(MirrorEnd.UNFINISHED, "the request did not come to its end");
        }
    }

    @Override
    public void onReady(ClientConnection connection, Lease lease) {
        if (over) {
            return;
        }
        RequestHead head = mirror.head();
        stream = connection.open(head.withHeaders(head.headers().copy()), bodiless, this);
        send();
    }

    @Override
    public void onInterim(ResponseHead head) {}

    @Override
    public void onHead(ResponseHead head, BodySource answer, boolean ended) {
        if (over) {
            return;
        }
        answered = true;
        if (endpoint != null) {
            mirror.cluster().answered(endpoint, took(), head.status());
        }
        if (ended) {
            end(MirrorEnd.ANSWERED);
        } else {
            answer.start(this);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean last) {
        data.release();
        if (last) {
            end(MirrorEnd.ANSWERED);
        }
    }

    @Override
    public void onTrailers(HeaderBlock trailers) {
        end(MirrorEnd.ANSWERED);
    }

    @Override
    public void onReset(StreamReset reset) {
        onFailed(reset);
    }

    @Override
    public void onFailed(StreamReset reset) {
        if (over) {
            return;
        }
        boolean overflow = reset.cause() == StreamReset.Cause.OVERFLOW;
        if (endpoint != null && !answered && !overflow) {
            mirror.cluster().failed(endpoint, took());
        }
        end(overflow ? MirrorEnd.OVERFLOW : MirrorEnd.FAILED);
    }

    private void send() {
        ClientStream opened = stream;
        if (over || opened == null || bodiless || body.isSent()) {
            return;
        }
        body.sendTo(opened.requestBody(), this::send);
    }

    private void came() {
        if (body.isComplete()) {
            awaitAnswer();
        }
        send();
    }

    private void awaitAnswer() {
        if (!over && !mirror.answer().isZero()) {
            timer = loop.timers().start(mirror.answer(), loop.timers().now(), this::timedOut);
        }
    }

    private void timedOut() {
        if (endpoint != null && !answered) {
            mirror.cluster().timedOut(endpoint, took());
        }
        cut(MirrorEnd.TIMEOUT, "the mirror did not answer within " + mirror.answer());
    }

    private void cut(MirrorEnd why, String detail) {
        if (!over) {
            end(why);
            ticket.giveUp();
            cancel(detail);
        }
    }

    private void end(MirrorEnd how) {
        if (over) {
            return;
        }
        over = true;
        if (timer != null) {
            timer.cancel();
        }
        body.drop();
        if (counted) {
            requests.giveBack();
        }
        if (endpoint != null) {
            if (how == MirrorEnd.ANSWERED || how == MirrorEnd.UNFINISHED) {
                endpoint.load().succeed();
            } else {
                endpoint.load().fail();
            }
        }
        if (how == MirrorEnd.ANSWERED && !bodiless && !body.isSent()) {
            cancel("the mirror answered before the request's end");
        }
        observer.mirrored(mirror.cluster().cluster().name(), how);
    }

    private void cancel(String detail) {
        if (stream != null) {
            stream.cancel(StreamReset.local(detail));
        }
    }

    private long took() {
        return loop.executor().ticker().nanoTime() - began;
    }
}
