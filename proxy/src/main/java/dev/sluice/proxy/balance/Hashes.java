package dev.sluice.proxy.balance;

import dev.sluice.proxy.endpoint.Endpoint;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashFunction;
import dev.sluice.proxy.snapshot.cluster.BalancingSpec.HashKey;
import io.netty.util.NetUtil;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import net.openhft.hashing.LongHashFunction;

/** The hashes of Envoy's consistent balancers, so that a key goes to the same endpoint. Pure. */
final class Hashes {
    private static final LongHashFunction XX = LongHashFunction.xx();

    /** Seed of {@code std::hash} in GNU's C++ library. */
    private static final long MURMUR_SEED = 0xc70f6907L;

    private static final long MURMUR_FACTOR = 0xc6a4a7935bd1e995L;
    private static final int MURMUR_SHIFT = 47;
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Hashes() {}

    /** What of an endpoint is hashed. */
    static String key(Endpoint endpoint, HashKey key) {
        return switch (key) {
            case ADDRESS -> NetUtil.toSocketAddressString(endpoint.address());
            case HOST_NAME ->
                    endpoint.spec().hostname().isEmpty()
                            ? NetUtil.toSocketAddressString(endpoint.address())
                            : endpoint.spec().hostname();
        };
    }

    static long of(HashFunction function, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (function) {
            case XX_HASH -> XX.hashBytes(bytes);
            case MURMUR_HASH_2 -> murmur2(bytes);
        };
    }

    /** xxHash64 with a seed. */
    static long xx(String text, long seed) {
        return LongHashFunction.xx(seed).hashBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** MurmurHash64A (A. Appleby). */
    static long murmur2(byte[] bytes) {
        long hash = MURMUR_SEED ^ (bytes.length * MURMUR_FACTOR);
        int whole = bytes.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            hash = (hash ^ mixed((long) LONGS.get(bytes, i) * MURMUR_FACTOR)) * MURMUR_FACTOR;
        }
        if (whole < bytes.length) {
            long rest = 0;
            for (int i = bytes.length - 1; i >= whole; i--) {
                rest = (rest << 8) | (bytes[i] & 0xff);
            }
            hash = (hash ^ rest) * MURMUR_FACTOR;
        }
        hash = (hash ^ (hash >>> MURMUR_SHIFT)) * MURMUR_FACTOR;
        return hash ^ (hash >>> MURMUR_SHIFT);
    }

    private static long mixed(long value) {
        return (value ^ (value >>> MURMUR_SHIFT)) * MURMUR_FACTOR;
    }
}
