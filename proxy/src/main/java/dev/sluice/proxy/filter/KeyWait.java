package dev.sluice.proxy.filter;

import dev.sluice.proxy.cluster.Timers;
import dev.sluice.proxy.filter.jwt.RequestKeys;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.keys.RemoteKeys;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A request that waits for the keys of a provider. Loop-owned.
 *
 * @param known keys that did not do
 * @param all gets the answer
 * @param then judges the request anew
 */
record KeyWait(RemoteKeys remote, Keys known, RequestKeys all, Supplier<FilterAnswer> then)
        implements Waiting {
    @Override
    public Runnable start(Timers timers, Consumer<FilterAnswer> answer) {
        Told told = new Told(answer);
        remote.ask(known, keys -> timers.soon(() -> told.accept(keys)));
        return told::cancel;
    }

    /** What becomes of the answer. Loop-owned. */
    private final class Told {
        private final Consumer<FilterAnswer> answer;
        private boolean cancelled;

        private Told(Consumer<FilterAnswer> answer) {
            this.answer = answer;
        }

        private void accept(Keys keys) {
            if (!cancelled) {
                all.told(remote, keys);
                answer.accept(then.get());
            }
        }

        private void cancel() {
            cancelled = true;
        }
    }
}
