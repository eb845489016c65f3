package dev.sluice.proxy.keys;

import dev.sluice.proxy.call.CallAnswer;
import dev.sluice.proxy.snapshot.filter.KeySource;
import java.util.concurrent.CompletableFuture;

/** Carries the fetches of keys. */
@FunctionalInterface
public interface KeyFetches {
    /** Asks a provider for its keys, once; the answer is never an exception. */
    CompletableFuture<CallAnswer> fetch(KeySource.Target target);
}
