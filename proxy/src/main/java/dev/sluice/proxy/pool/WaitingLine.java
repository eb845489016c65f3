package dev.sluice.proxy.pool;

import dev.sluice.proxy.exchange.StreamReset;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.List;

/**
 * The requests that wait for a connection, first come first served. Each counts against the budget
 * of pending requests from the moment it is taken in until it leaves, however it leaves.
 * Loop-owned.
 */
final class WaitingLine {
    private final EventLoop loop;
    private final Budget pending;
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /**
     * @param pending requests that may wait, shared by the loops
     */
    WaitingLine(EventLoop loop, Budget pending) {
        this.loop = loop;
        this.pending = pending;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    int size() {
        return places.size();
    }

    /** Takes a request in, whose budget was taken already. */
    Ticket add(Waiter waiter) {
        Place place = new Place(waiter);
        places.addLast(place);
        return place;
    }

    /** Takes the first out; there is one. */
    Waiter next() {
        Place place = places.removeFirst();
        pending.giveBack();
        return place.waiter;
    }

    /** All hear that they wait in vain. */
    void failAll(StreamReset reset) {
        List<Place> failed = List.copyOf(places);
        places.clear();
        failed.forEach(place -> pending.giveBack());
        failed.forEach(place -> place.waiter.onFailed(reset));
    }

    private final class Place implements Ticket {
        private final Waiter waiter;

        Place(Waiter waiter) {
            this.waiter = waiter;
        }

        @Override
        public void giveUp() {
            assert loop.inEventLoop();
            if (places.remove(this)) {
                pending.giveBack();
            }
        }
    }
}
