package dev.sluice.proxy.probe;

import dev.sluice.proxy.exchange.ClientConnection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How a check runs and ends, whatever it asks: once, by a verdict or by its timeout, and then it
 * lets go of its connection. Loop-owned.
 */
final class TimedCheck {
    private final Consumer<Verdict> told;
    private final Future<?> timer;
    private Runnable letGo = () -> {};
    private boolean over;

    /** Starts to count the time. */
    TimedCheck(EventLoop loop, Duration timeout, Consumer<Verdict> told) {
        assert loop.inEventLoop();
        this.told = told;
        timer =
                loop.schedule(
                        () -> end(Verdict.UNREACHED), timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** There is a connection: it is let go at the end, at once when the check is over. */
    void holds(Runnable release) {
        if (over) {
            release.run();
        } else {
            letGo = release;
        }
    }

    /** Runs the action as soon as the connection carries an exchange; the end lets go of it. */
    void over(ClientConnection connection, Runnable action) {
        holds(connection::close);
        if (over) {
            return;
        }
        if (connection.capacity() > 0) {
            action.run();
            return;
        }
        connection.onChange(() -> {
            if (over) {
                return;
            }
            if (connection.capacity() > 0) {
                connection.onChange(() -> {});
                action.run();
            } else if (connection.isRetired()) {
                end(Verdict.UNREACHED);
            }
        });
    }

    boolean isOver() {
        return over;
    }

    /** The first verdict counts. */
    void end(Verdict verdict) {
        if (over) {
            return;
        }
        over = true;
        timer.cancel(/* mayInterruptIfRunning= */ false);
        letGo.run();
        told.accept(verdict);
    }
}
