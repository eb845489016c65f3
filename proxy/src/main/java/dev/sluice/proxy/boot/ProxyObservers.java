package dev.sluice.proxy.boot;

import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.listen.ConnectionObserver;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.MirrorObserver;
import dev.sluice.proxy.pool.UpstreamObserver;

/**
 * Who is told what a proxy does, on its event loops. Thread-safe.
 *
 * @param exchanges finished exchanges
 * @param refusals requests that a codec refused
 * @param connections clients' connections
 * @param mirrors mirrored requests
 * @param upstreams connections to upstreams
 */
public record ProxyObservers(
        ExchangeObserver exchanges,
        RefusalObserver refusals,
        ConnectionObserver connections,
        MirrorObserver mirrors,
        UpstreamObserver upstreams) {
    /** Tells nobody. */
    public static final ProxyObservers NONE =
            new ProxyObservers(
                    exchange -> {},
                    (peer, refusal) -> {},
                    new Nobody(),
                    (cluster, end) -> {},
                    flood -> {});

    private static final class Nobody implements ConnectionObserver {
        @Override
        public void opened(String listener) {}

        @Override
        public void closed(String listener) {}

        @Override
        public void refused(String listener, String reason) {}

        @Override
        public void handshakeFailed(String listener, String reason) {}
    }
}
