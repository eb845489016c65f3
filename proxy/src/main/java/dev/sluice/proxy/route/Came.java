package dev.sluice.proxy.route;

import dev.sluice.proxy.snapshot.route.VirtualHostSpec.RequiredTls;

/** How a request came, as far as virtual hosts that require TLS ask. */
public enum Came {
    BY_TLS,
    /** Without TLS, from an internal client. */
    FROM_INSIDE,
    /** Without TLS, from any other. */
    FROM_OUTSIDE;

    /** Whether it came well enough. */
    boolean suits(RequiredTls tls) {
        return switch (tls) {
            case NOBODY -> true;
            case OUTSIDERS -> this != FROM_OUTSIDE;
            case EVERYBODY -> this == BY_TLS;
        };
    }
}
