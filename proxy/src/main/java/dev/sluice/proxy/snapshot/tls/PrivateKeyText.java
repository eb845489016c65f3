package dev.sluice.proxy.snapshot.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A private key as PEM that shows itself nowhere: not in {@code config_dump}, not in logs, not in
 * problems. Immutable.
 */
public final class PrivateKeyText {
    private final byte[] pem;

    public PrivateKeyText(String pem) {
        this.pem = pem.getBytes(StandardCharsets.UTF_8);
    }

    /** The key itself, for those who make a TLS context of it. */
    public String reveal() {
        return new String(pem, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateKeyText key && MessageDigest.isEqual(pem, key.pem);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pem);
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
