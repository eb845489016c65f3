package dev.sluice.proxy.filter.jwt;

import dev.sluice.proxy.jwt.KeySet;
import dev.sluice.proxy.jwt.KeySet.MalformedException;
import dev.sluice.proxy.jwt.Keys;
import dev.sluice.proxy.keys.RemoteKeys;
import dev.sluice.proxy.snapshot.filter.KeySource;
import java.util.function.Function;

/** The keys of one provider as the filter has them. Thread-safe. */
sealed interface ProviderKeys {
    /** They never change. */
    record Fixed(Keys.Known keys) implements ProviderKeys {}

    /** They are fetched. */
    record Fetched(RemoteKeys keys) implements ProviderKeys {}

    /**
     * The keys that a configuration names.
     *
     * @throws IllegalArgumentException when the keys were not checked by the parser
     */
    static ProviderKeys of(KeySource source, Function<KeySource.Remote, RemoteKeys> remote) {
        return switch (source) {
            case KeySource.Local(String json) -> new Fixed(new Keys.Known(parse(json)));
            case KeySource.Remote fetched -> new Fetched(remote.apply(fetched));
        };
    }

    private static KeySet parse(String json) {
        try {
            return KeySet.parse(json);
        } catch (MalformedException unchecked) {
            throw new IllegalArgumentException(unchecked);
        }
    }
}
