package dev.sluice.proxy.filter;

import dev.sluice.proxy.keys.RemoteKeys;
import dev.sluice.proxy.snapshot.filter.HttpFaultSpec;
import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.tap.Taps;
import io.netty.util.concurrent.Ticker;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Makes filters out of their specs. Thread-safe.
 *
 * @param ticker by which token buckets fill
 * @param clock by which tokens expire
 * @param serving whether this proxy wants to be sent requests
 * @param clientAddress what is believed to be the client's address
 * @param keys of token providers that publish them
 * @param taps of this proxy
 */
public record FilterFactory(
        Ticker ticker,
        InstantSource clock,
        BooleanSupplier serving,
        ClientAddress clientAddress,
        Function<KeySource.Remote, RemoteKeys> keys,
        Taps taps) {
    /** The factory for the filters of one listener. */
    public static FilterFactory of(
            HttpConnectionManagerSpec http,
            Ticker ticker,
            InstantSource clock,
            BooleanSupplier serving,
            Function<KeySource.Remote, RemoteKeys> keys,
            Taps taps) {
        return new FilterFactory(
                ticker, clock, serving, ClientAddress.of(http.forwarding()), keys, taps);
    }

    /** The filter of a more special level; what requests of all levels share is kept. */
    HttpFilter vary(HttpFilter of, String name, HttpFilterSpec spec) {
        return of instanceof FaultFilter known && spec instanceof HttpFilterSpec.Fault(var fault)
                ? known.with(fault)
                : create(name, spec);
    }

    HttpFilter create(String name, HttpFilterSpec spec) {
        return switch (spec) {
            case HttpFilterSpec.Rbac rbac -> RbacFilter.of(name, rbac, clientAddress);
            case HttpFilterSpec.LocalRateLimit(var limit) ->
                    new LocalRateLimitFilter(name, limit, ticker);
            case HttpFilterSpec.Jwt(JwtSpec jwt) -> new JwtFilter(name, jwt, clock, keys);
            case HttpFilterSpec.Fault(HttpFaultSpec fault) -> FaultFilter.of(name, fault);
            case HttpFilterSpec.AdaptiveConcurrency(var limit) ->
                    new AdaptiveConcurrencyFilter(limit, ticker);
            case HttpFilterSpec.Tap(var tap) -> TapFilter.of(tap, taps, clock);
            case HttpFilterSpec.HealthCheck probe -> new HealthCheckFilter(name, probe, serving);
        };
    }
}
