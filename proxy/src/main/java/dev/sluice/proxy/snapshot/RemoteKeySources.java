package dev.sluice.proxy.snapshot;

import dev.sluice.proxy.snapshot.filter.HttpFilterSpec;
import dev.sluice.proxy.snapshot.filter.JwtSpec.TokenProvider;
import dev.sluice.proxy.snapshot.filter.KeySource;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import dev.sluice.proxy.snapshot.listener.TcpProxySpec;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The keys that a configuration fetches. Stateless. */
public final class RemoteKeySources {
    private RemoteKeySources() {}

    /** Those of all listeners. */
    public static Set<KeySource.Remote> of(ProxySnapshot snapshot) {
        return snapshot.listeners().stream()
                .flatMap(RemoteKeySources::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Those of one listener's filters. */
    public static Stream<KeySource.Remote> of(ListenerSpec listener) {
        return listener.allChains()
                .flatMap(chain ->
                        switch (chain.filter()) {
                            case HttpConnectionManagerSpec http -> of(http);
                            case TcpProxySpec _ -> Stream.<KeySource.Remote>empty();
                        });
    }

    private static Stream<KeySource.Remote> of(HttpConnectionManagerSpec http) {
        return http.filters().stream()
                .map(HttpFilterSpec.Named::spec)
                .filter(HttpFilterSpec.Jwt.class::isInstance)
                .map(HttpFilterSpec.Jwt.class::cast)
                .flatMap(jwt -> jwt.spec().providers().stream())
                .map(TokenProvider::keys)
                .filter(KeySource.Remote.class::isInstance)
                .map(KeySource.Remote.class::cast);
    }
}
