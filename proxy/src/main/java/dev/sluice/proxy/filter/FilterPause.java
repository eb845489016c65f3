package dev.sluice.proxy.filter;

import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.filter.FilterVerdict.End;
import dev.sluice.proxy.plan.Refusal;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that filters keep waiting. Nothing of its body is read meanwhile. It goes on through
 * the rest of the chain, which may keep it waiting again, until there is a verdict: also when the
 * client leaves, or has waited for too long. Loop-owned.
 */
public final class FilterPause implements FilterOutcome {
    private final FilterRun run;
    private final Waiting first;
    private @Nullable Waiting current;
    private @Nullable Runnable cancel;
    private Timers.@Nullable Timer limit;
    private boolean over;

    FilterPause(FilterRun run, Waiting first) {
        this.run = run;
        this.first = first;
    }

    /**
     * Waits. Once.
     *
     * @param longest how long the client may wait; zero: for ever
     * @param then gets the verdict, once, on the loop
     */
    public void hold(
            ServerStream client, Timers timers, Duration longest, Consumer<FilterVerdict> then) {
        client.onClientGone(reset -> end(run.verdict(new End.Left(reset)), then));
        if (!longest.isZero()) {
            limit = timers.start(longest, timers.now(), () -> end(tooLong(client, longest), then));
        }
        await(first, timers, then);
    }

    private void await(Waiting what, Timers timers, Consumer<FilterVerdict> then) {
        current = what;
        cancel = null;
        Runnable canceller = what.start(timers, answer -> goOn(answer, timers, then));
        if (current == what && !over) {
            cancel = canceller;
        }
    }

    private void goOn(FilterAnswer answer, Timers timers, Consumer<FilterVerdict> then) {
        if (over) {
            return;
        }
        switch (run.resume(answer)) {
            case FilterVerdict verdict -> end(verdict, then);
            case FilterPause next -> await(next.first, timers, then);
        }
    }

    private FilterVerdict tooLong(ServerStream client, Duration longest) {
        Refusal refusal = client.requestEnded() ? Refusal.ANSWER_IDLE : Refusal.REQUEST_IDLE;
        return run.verdict(
                new End.Refused(
                        refusal, refusal.status(), "a filter did not go on within " + longest));
    }

    private void end(FilterVerdict verdict, Consumer<FilterVerdict> then) {
        if (over) {
            return;
        }
        over = true;
        if (cancel != null) {
            cancel.run();
        }
        if (limit != null) {
            limit.cancel();
        }
        then.accept(verdict);
    }
}
