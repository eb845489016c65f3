package dev.sluice.proxy.codec.http2;

import dev.sluice.proxy.exchange.ContentLength;
import dev.sluice.proxy.exchange.Octets;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The pseudo-fields of one header section, and {@code host} beside them: what they say, and what is
 * wrong with them (RFC 9113 section 8.3). Loop-owned.
 */
final class PseudoFields {
    private @Nullable AsciiString method;
    private @Nullable AsciiString scheme;
    private @Nullable AsciiString authority;
    private @Nullable AsciiString path;
    private @Nullable AsciiString protocol;
    private @Nullable AsciiString status;
    private @Nullable AsciiString host;

    /**
     * Takes one pseudo-field.
     *
     * @param name with its colon
     * @return the fault of it; null when it has none
     */
    @Nullable String take(AsciiString name, AsciiString value) {
        AsciiString before;
        switch (name.toString()) {
            case ":method" -> {
                before = method;
                method = value;
            }
            case ":scheme" -> {
                before = scheme;
                scheme = value;
            }
            case ":authority" -> {
                before = authority;
                authority = value;
            }
            case ":path" -> {
                before = path;
                path = value;
            }
            case ":protocol" -> {
                before = protocol;
                protocol = value;
            }
            case ":status" -> {
                before = status;
                status = value;
            }
            default -> {
                return "an unknown pseudo-field";
            }
        }
        return before == null ? null : ReceivedFields.REPEATED;
    }

    /** Takes {@code host}; says its fault, null when it has none. */
    @Nullable String takeHost(AsciiString value) {
        boolean first = host == null;
        host = value;
        return first ? null : ReceivedFields.REPEATED;
    }

    /** The fault of a request's head; null when it has none. */
    @Nullable String requestFault() {
        AsciiString target = path;
        AsciiString verb = method;
        AsciiString named = scheme;
        if (isConnect()) {
            return connectFault();
        }
        if (status != null || verb == null || named == null || target == null) {
            return "pseudo-fields of no request";
        }
        if (!Octets.isToken(verb)) {
            return "a method that is no token";
        }
        if (protocol != null && !isUpgrade()) {
            return "a protocol without CONNECT";
        }
        if (!Octets.isScheme(named)) {
            return "an unusable scheme";
        }
        if (!isTarget(target)) {
            return "a path that is neither absolute nor the asterisk of OPTIONS";
        }
        if (authority == null && host == null) {
            return "neither authority nor host";
        }
        if (authority != null && host != null && !authority.contentEqualsIgnoreCase(host)) {
            return "host that differs from authority";
        }
        return Octets.isAuthority(authority()) ? null : "an unusable authority";
    }

    /** A tunnel goes to an authority: there is neither path nor scheme (RFC 9113 section 8.5). */
    private @Nullable String connectFault() {
        if (status != null || scheme != null || path != null || authority == null) {
            return "pseudo-fields of no CONNECT";
        }
        if (host != null && !authority.contentEqualsIgnoreCase(host)) {
            return "host that differs from authority";
        }
        return Octets.isHostAndPort(authority) ? null : "a CONNECT to no host and port";
    }

    private boolean isTarget(AsciiString target) {
        for (int i = 0; i < target.length(); i++) {
            if (!Octets.isTarget(target.byteAt(i))) {
                return false;
            }
        }
        return !target.isEmpty()
                && (target.byteAt(0) == '/'
                        || ("*".contentEquals(target) && "OPTIONS".contentEquals(method())));
    }

    /** The fault of a response's head; null when it has none. */
    @Nullable String responseFault() {
        AsciiString code = status;
        if (code == null
                || method != null
                || path != null
                || authority != null
                || protocol != null) {
            return "pseudo-fields of no response";
        }
        return code.length() != 3 || parsed(code) < 100 ? "status that is not 100..599" : null;
    }

    private static int parsed(AsciiString code) {
        long value = ContentLength.parse(code);
        return value > 599 ? -1 : (int) value;
    }

    /** The fault of trailers; null when they have none. */
    @Nullable String trailersFault() {
        boolean any =
                method != null
                        || scheme != null
                        || authority != null
                        || path != null
                        || protocol != null
                        || status != null;
        return any ? "a pseudo-field in trailers" : null;
    }

    /** Whether it is an extended CONNECT, which asks for a protocol (RFC 8441 section 4). */
    boolean isUpgrade() {
        AsciiString asked = protocol;
        return asked != null && !asked.isEmpty() && "CONNECT".contentEquals(method());
    }

    /** Whether it asks for a tunnel by the method alone. */
    boolean isConnect() {
        return protocol == null && "CONNECT".contentEquals(method());
    }

    /** The protocol that is asked for; empty without one. */
    AsciiString protocol() {
        return orEmpty(protocol);
    }

    AsciiString method() {
        return orEmpty(method);
    }

    AsciiString scheme() {
        return orEmpty(scheme);
    }

    /** {@code :authority}, else the host. */
    AsciiString authority() {
        AsciiString named = authority;
        return named == null ? orEmpty(host) : named;
    }

    AsciiString path() {
        return orEmpty(path);
    }

    AsciiString status() {
        return orEmpty(status);
    }

    /** The status; -1 without a usable one. */
    int statusCode() {
        AsciiString code = status;
        return code == null ? -1 : parsed(code);
    }

    private static AsciiString orEmpty(@Nullable AsciiString value) {
        return value == null ? AsciiString.EMPTY_STRING : value;
    }
}
