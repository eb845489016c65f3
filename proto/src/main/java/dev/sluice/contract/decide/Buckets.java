package dev.sluice.contract.decide;

import dev.sluice.contract.GateName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Salt;
import java.nio.charset.StandardCharsets;

/**
 * The bucket of a key: {@code unsigned(XXH3_64(utf8(salt) || 0x00 || key)) mod 1,000,000}, and the
 * hash that evidence names a key by, which is independent of every bucket. Stateless.
 */
public final class Buckets {
    private Buckets() {}

    /** Bucket of a key, 0..999,999. */
    public static int bucket(Salt salt, byte[] key) {
        return ofHash(Xxh3.hash(joined(salt.bytes(), (byte) 0, key)));
    }

    /** {@code XXH3_64(utf8(gate name) || 0x01 || key)}. */
    public static long evidenceHash(GateName gate, byte[] key) {
        return Xxh3.hash(joined(gate.name().getBytes(StandardCharsets.UTF_8), (byte) 1, key));
    }

    /**
     * Bucket of 64 random or hashed bits, as an unsigned number. Half of both numbers gives the
     * same quotient, and a signed division by a constant is a multiplication.
     */
    static int ofHash(long hash) {
        long quotient = (hash >>> 1) / (PartsPerMillion.WHOLE / 2);
        return (int) (hash - quotient * PartsPerMillion.WHOLE);
    }

    private static byte[] joined(byte[] prefix, byte separator, byte[] key) {
        byte[] joined = new byte[prefix.length + 1 + key.length];
        System.arraycopy(prefix, 0, joined, 0, prefix.length);
        joined[prefix.length] = separator;
        System.arraycopy(key, 0, joined, prefix.length + 1, key.length);
        return joined;
    }
}
