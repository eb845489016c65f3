package dev.sluice.proxy.observe;

/** Is told of every finished exchange, on the loop that served it; must not block. Thread-safe. */
@FunctionalInterface
public interface ExchangeObserver {
    void finished(ExchangeRecord exchange);
}
