package dev.sluice.proxy.boot;

import dev.sluice.proxy.call.CallAnswer;
import dev.sluice.proxy.call.CallRequest;
import dev.sluice.proxy.call.ClusterCalls;
import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.keys.KeyFetches;
import dev.sluice.proxy.snapshot.filter.KeySource;
import java.util.concurrent.CompletableFuture;

/** Fetches keys over clusters. Thread-safe. */
record KeyCalls(ClusterCalls calls) implements KeyFetches {
    /** More than any provider publishes. */
    private static final int MOST_BYTES = 1 << 20;

    @Override
    public CompletableFuture<CallAnswer> fetch(KeySource.Target target) {
        HeaderBlock headers = new HeaderBlock();
        headers.add("accept", "application/json");
        headers.add("user-agent", "sluice");
        return calls.call(
                target.cluster(),
                CallRequest.get(
                        target.authority(), target.path(), headers, target.timeout(), MOST_BYTES));
    }
}
