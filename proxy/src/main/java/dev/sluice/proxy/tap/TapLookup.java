package dev.sluice.proxy.tap;

import java.util.Optional;

/** Finds fields of one part of an exchange. Loop-owned. */
@FunctionalInterface
interface TapLookup {
    /** All values of this name joined by a comma; empty: there is none. */
    Optional<CharSequence> find(String lowerCaseName);
}
