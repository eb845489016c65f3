package dev.sluice.proxy.filter.jwt;

import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.keys.RemoteKeys;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * The keys by which one request is judged: those of each provider are asked for at most once, so
 * that a request waits for each at most once. Loop-owned.
 */
public final class RequestKeys {
    private final IdentityHashMap<RemoteKeys, Keys> asked = new IdentityHashMap<>(0);

    /** The keys of a provider as far as they are known. */
    Keys of(ProviderKeys provider) {
        return switch (provider) {
            case ProviderKeys.Fixed(Keys.Known keys) -> keys;
            case ProviderKeys.Fetched(RemoteKeys remote) -> {
                Keys told = asked.get(remote);
                yield told == null ? remote.now() : told;
            }
        };
    }

    /** Whom to ask for the keys of a provider; empty: nobody. */
    Optional<RemoteKeys> first(ProviderKeys provider) {
        return switch (provider) {
            case ProviderKeys.Fixed _ -> Optional.empty();
            case ProviderKeys.Fetched(RemoteKeys remote) ->
                    asked.containsKey(remote) ? Optional.empty() : Optional.of(remote);
        };
    }

    /** Whom to ask for a key that is in none of a provider's known ones; empty: nobody. */
    Optional<RemoteKeys> newer(ProviderKeys provider) {
        return first(provider).filter(RemoteKeys::mayAskAgain);
    }

    /** What came of asking. */
    public void told(RemoteKeys remote, Keys keys) {
        asked.put(remote, keys);
    }
}
