package dev.sluice.proxy.filter.rewrite;

import dev.sluice.proxy.exchange.HeaderBlock;
import dev.sluice.proxy.snapshot.header.HeaderValue;

/** Says what header values with command operators are in one message. Loop-owned. */
@FunctionalInterface
public interface SpokenValues {
    /** For changes that have none. */
    SpokenValues NONE =
            (value, headers) -> {
                throw new IllegalStateException("nobody says what " + value + " is here");
            };

    /**
     * The text, one char for each octet; empty: there is none.
     *
     * @param headers of the message as they are now, not to be changed
     */
    String of(HeaderValue.Spoken value, HeaderBlock headers);
}
