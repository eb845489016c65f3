package dev.sluice.proxy.fault;

import dev.sluice.contract.fault.Fault;
import dev.sluice.contract.fault.Fault.ResetPoint;
import dev.sluice.proxy.exchange.ClientConnection;
import dev.sluice.proxy.exchange.StreamReset;
import dev.sluice.proxy.pool.EndpointPool;
import dev.sluice.proxy.pool.Ticket;
import dev.sluice.proxy.pool.Waiter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An attempt on its way to a connection, under faults: the delays first, then what keeps it from
 * the endpoint, then what the connection does to it. Loop-owned.
 */
final class FaultyAttempt implements Ticket, Waiter {
    private final EndpointPool pool;
    private final Waiter waiter;
    private final EventLoop loop;
    private final List<Hit> hits;
    private @Nullable Future<?> delay;
    private Ticket place = Ticket.SERVED;

    FaultyAttempt(EndpointPool pool, Waiter waiter, EventLoop loop, List<Hit> hits) {
        this.pool = pool;
        this.waiter = waiter;
        this.loop = loop;
        this.hits = List.copyOf(hits);
    }

    Ticket start() {
        long nanos = 0;
        for (Hit hit : hits) {
            if (hit.fault() instanceof Fault.Delay(var length)) {
                nanos += length.toNanos();
                hit.injected().run();
            }
        }
        if (nanos == 0) {
            begin();
        } else {
            waiter.onHeld();
            delay = loop.schedule(this::begin, nanos, TimeUnit.NANOSECONDS);
        }
        return this;
    }

    @Override
    public void giveUp() {
        if (delay != null) {
            delay.cancel(/* mayInterruptIfRunning= */ false);
            delay = null;
        }
        place.giveUp();
    }

    private void begin() {
        delay = null;
        for (Hit hit : hits) {
            switch (hit.fault()) {
                case Fault.HttpStatus(int status) -> {
                    answer(hit, AnswerAlone.ofStatus(status, loop));
                    return;
                }
                case Fault.GrpcStatus(int code, String message) -> {
                    answer(hit, AnswerAlone.ofGrpcStatus(code, message, loop));
                    return;
                }
                case Fault.Reset(ResetPoint point) when point == ResetPoint.CONNECT -> {
                    hit.injected().run();
                    waiter.onFailed(
                            reset(StreamReset.Cause.CONNECT_FAILED, /* unprocessed= */ true));
                    return;
                }
                case Fault.Delay _,
                        Fault.Reset _,
                        Fault.Goaway _,
                        Fault.BodyRate _,
                        Fault.CorruptBody _,
                        Fault.CutBody _,
                        Fault.SlowTrailers _,
                        Fault.WrongLength _,
                        Fault.MissingTrailers _ -> {}
            }
        }
        place = pool.acquire(this);
    }

    private void answer(Hit hit, AnswerAlone instead) {
        hit.injected().run();
        waiter.onReady(instead, Lease.FRESH);
    }

    @Override
    public void onReady(ClientConnection connection, Lease lease) {
        for (Hit hit : hits) {
            if (hit.fault() instanceof Fault.Goaway) {
                hit.injected().run();
                connection.retire();
                waiter.onFailed(reset(StreamReset.Cause.CONNECTION_LOST, /* unprocessed= */ true));
                return;
            }
        }
        waiter.onReady(new FaultyConnection(connection, hits, loop), lease);
    }

    @Override
    public void onFailed(StreamReset reset) {
        waiter.onFailed(reset);
    }

    /** The end of a message that a fault broke. */
    static StreamReset reset(StreamReset.Cause cause, boolean unprocessed) {
        return new StreamReset(cause, unprocessed, "a fault was injected");
    }
}
