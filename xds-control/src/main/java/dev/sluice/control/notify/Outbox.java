package dev.sluice.control.notify;

import dev.sluice.control.catalog.Sink;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.spec.SinkSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The telling of one sink, event after event in the order of the log, one attempt at a time.
 *
 * <h2>Where it goes on after a restart</h2>
 *
 * The place up to which all is done is recorded in the log: every 10 s while something is sent, and
 * every 1,000 events in any case. What was sent after that place is sent again, under the same ids.
 *
 * <h2>When an event is given up</h2>
 *
 * When the sink says that it will never take it, or when the event is 24 h old and failed three
 * times in a row. That stands in the log, with the reason.
 *
 * <p>Thread-safe; no method waits.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int READ = 200;
    private static final Duration OLD = Duration.ofHours(24);
    private static final int TRIES_OF_THE_OLD = 3;
    private static final Duration BETWEEN_RECORDS = Duration.ofSeconds(10);
    private static final long MOST_UNRECORDED = 1_000;

    private final Telling telling;
    private SinkSpec spec;
    private final Deque<LoggedEvent> waiting = new ArrayDeque<>();
    private long end;
    private long through;
    private long recorded;
    private Instant recordTime;
    private boolean busy;
    private boolean closed;
    private boolean sentUnrecorded;
    private int failuresInARow;
    private Instant notBefore = Instant.MIN;
    private long sent;
    private long failures;
    private Optional<Instant> lastSent = Optional.empty();
    private Optional<String> failure = Optional.empty();

    Outbox(Sink sink, Telling telling) {
        this.telling = telling;
        this.spec = sink.spec();
        this.through = sink.through();
        this.recorded = sink.through();
        this.recordTime = telling.now();
    }

    /**
     * Goes on where there is something to do; to be called every second or so.
     *
     * @param sink as it is now; a changed one is tried at once
     * @param end last event of the log
     */
    synchronized void tick(Sink sink, long end) {
        this.end = end;
        if (!sink.spec().equals(spec)) {
            spec = sink.spec();
            failuresInARow = 0;
            notBefore = Instant.MIN;
        }
        record();
        goOn();
    }

    /** Sends nothing more; what is under way ends by itself. */
    synchronized void close() {
        closed = true;
    }

    synchronized SinkState state() {
        return new SinkState(
                through,
                waiting.size(),
                sent,
                failures,
                lastSent,
                failure,
                failure.map(_ -> notBefore));
    }

    private void goOn() {
        if (busy || closed) {
            return;
        }
        while (!waiting.isEmpty() && !Selection.takes(spec.selector(), waiting.getFirst())) {
            through = waiting.removeFirst().seq();
        }
        if (!waiting.isEmpty()) {
            sendFirst();
        } else if (through < end) {
            busy = true;
            var unused =
                    telling.read(through + 1, READ)
                            .whenCompleteAsync(this::took, telling.executor());
        }
    }

    private synchronized void took(List<LoggedEvent> events, Throwable unread) {
        busy = false;
        if (unread == null) {
            waiting.addAll(events);
            goOn();
        } // else the next tick tries again
    }

    private void sendFirst() {
        if (telling.now().isBefore(notBefore)) {
            return;
        }
        busy = true;
        LoggedEvent first = waiting.getFirst();
        SinkSpec to = spec;
        telling.executor().execute(() -> came(first, telling.send(to, News.of(first))));
    }

    private synchronized void came(LoggedEvent event, Receipt receipt) {
        busy = false;
        switch (receipt) {
            case Receipt.Delivered _ -> {
                sent++;
                sentUnrecorded = true;
                lastSent = Optional.of(telling.now());
                failure = Optional.empty();
                done(event);
            }
            case Receipt.Refused(var detail) -> giveUp(event, detail);
            case Receipt.Failed failed -> failed(event, failed);
        }
        goOn();
    }

    private void failed(LoggedEvent event, Receipt.Failed failed) {
        failures++;
        failuresInARow++;
        boolean old = telling.now().isAfter(event.stamp().time().plus(OLD));
        if (old && failuresInARow >= TRIES_OF_THE_OLD) {
            giveUp(event, failed.detail());
            return;
        }
        failure = Optional.of(failed.detail());
        Duration pause = failed.pause().orElseGet(() -> telling.backoff().after(failuresInARow));
        notBefore = telling.now().plus(pause);
        if (failuresInARow == 1) {
            LOG.warn("{} could not be told: {}", spec.name(), failed.detail());
        }
    }

    private void giveUp(LoggedEvent event, String why) {
        LOG.warn("{} will not be told of event {}: {}", spec.name(), event.seq(), why);
        failure = Optional.of(why);
        telling.give(new Command.DropFromSink(spec.name(), event.seq(), why));
        recorded = event.seq();
        done(event);
    }

    private void done(LoggedEvent event) {
        waiting.removeFirst();
        through = event.seq();
        failuresInARow = 0;
        notBefore = Instant.MIN;
    }

    private void record() {
        boolean isTime =
                sentUnrecorded && !telling.now().isBefore(recordTime.plus(BETWEEN_RECORDS));
        boolean isDue = isTime || through - recorded >= MOST_UNRECORDED;
        if (isDue && through > recorded) {
            telling.give(new Command.AdvanceSink(spec.name(), through));
            recorded = through;
            recordTime = telling.now();
            sentUnrecorded = false;
        }
    }
}
