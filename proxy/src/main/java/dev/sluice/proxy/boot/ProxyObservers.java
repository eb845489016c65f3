package dev.sluice.proxy.boot;

import dev.sluice.proxy.exchange.Flood;
import dev.sluice.proxy.exchange.RefusalObserver;
import dev.sluice.proxy.listen.ConnectionObserver;
import dev.sluice.proxy.observe.ExchangeObserver;
import dev.sluice.proxy.observe.MirrorObserver;
import java.util.function.Consumer;

/**
 * Who is told what a proxy does, on its event loops. Thread-safe.
 *
 * @param exchanges finished exchanges
 * @param refusals requests that a codec refused
 * @param connections clients' connections
 * @param mirrors mirrored requests
 * @param upstreamFloods what an upstream of HTTP/2 sent too much of, so that its connection ended
 */
public record ProxyObservers(
        ExchangeObserver exchanges,
        RefusalObserver refusals,
        ConnectionObserver connections,
        MirrorObserver mirrors,
        Consumer<Flood> upstreamFloods) {
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
