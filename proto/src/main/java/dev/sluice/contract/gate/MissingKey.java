package dev.sluice.contract.gate;

import java.time.Duration;
import java.util.Optional;

/** What a request without a bucketing key gets. Immutable. */
public sealed interface MissingKey {
    /** Mode {@code from}, until the share is 1,000,000. */
    record Legacy() implements MissingKey {}

    /** A random bucket for each request: neither sticky nor monotone. */
    record Random() implements MissingKey {}

    /**
     * A fresh random key, given to the client as a cookie. The response also gets {@code
     * Cache-Control: private}.
     *
     * @param name name of the cookie, which is also the key source
     * @param path {@code Path}; default {@code /}
     * @param domain {@code Domain}; default none
     * @param maxAge {@code Max-Age}, 1 s..400 d; default 30 d
     * @param sameSite {@code SameSite}; default LAX
     * @param transport whether {@code Secure} is set; default SECURE
     */
    record IssueCookie(
            String name,
            String path,
            Optional<String> domain,
            Duration maxAge,
            SameSite sameSite,
            Transport transport)
            implements MissingKey {
        /** The {@code Set-Cookie} value that gives {@code key} to the client (RFC 6265). */
        public String setCookie(String key) {
            StringBuilder value = new StringBuilder(96);
            value.append(name).append('=').append(key).append("; Path=").append(path);
            domain.ifPresent(d -> value.append("; Domain=").append(d));
            value.append("; Max-Age=").append(maxAge.toSeconds());
            value.append("; SameSite=").append(sameSite.attribute());
            if (transport == Transport.SECURE) {
                value.append("; Secure");
            }
            return value.append("; HttpOnly").toString();
        }
    }

    /** {@code SameSite} values of RFC 6265bis. */
    enum SameSite {
        STRICT("Strict"),
        LAX("Lax"),
        NONE("None");

        private final String attribute;

        SameSite(String attribute) {
            this.attribute = attribute;
        }

        String attribute() {
            return attribute;
        }
    }

    /** Over what a client may send the cookie. */
    enum Transport {
        /** Over TLS only: {@code Secure}. */
        SECURE,
        /** Over anything, for plain-text development. */
        ANY
    }
}
