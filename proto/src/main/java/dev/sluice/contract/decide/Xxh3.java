package dev.sluice.contract.decide;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * XXH3, 64 bits, seed 0, default secret, as the xxHash specification (doc/xxhash_spec.md, 0.8)
 * defines it. Its own implementation, since those on Maven Central read memory by {@code Unsafe}.
 * Stateless.
 *
 * <p>Five ways by length: none, 1..16, 17..128, 129..240, and longer in stripes of 64 bytes. Only
 * the last allocates (eight accumulators).
 */
public final class Xxh3 {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte[] SECRET =
            HexFormat.of()
                    .parseHex(
                            "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
                                    + "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
                                    + "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8"
                                    + "fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea"
                                    + "c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b"
                                    + "16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e");

    private static final long PRIME32_1 = 0x9E3779B1L;
    private static final long PRIME32_2 = 0x85EBCA77L;
    private static final long PRIME32_3 = 0xC2B2AE3DL;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
    private static final long PRIME_MX1 = 0x165667919E3779F9L;
    private static final long PRIME_MX2 = 0x9FB21C651E98DF25L;

    private static final int STRIPE = 64;
    private static final int STRIPES_IN_BLOCK = (SECRET.length - STRIPE) / 8;
    private static final int BLOCK = STRIPE * STRIPES_IN_BLOCK;

    private Xxh3() {}

    /** Hash of all bytes. */
    public static long hash(byte[] bytes) {
        return hash(bytes, 0, bytes.length);
    }

    /** Hash of {@code length} bytes from {@code offset}. */
    public static long hash(byte[] bytes, int offset, int length) {
        if (length <= 16) {
            return upTo16(bytes, offset, length);
        }
        if (length <= 128) {
            return upTo128(bytes, offset, length);
        }
        return length <= 240 ? upTo240(bytes, offset, length) : longer(bytes, offset, length);
    }

    private static long upTo16(byte[] in, int at, int length) {
        if (length > 8) {
            long low = i64(in, at) ^ secret(24) ^ secret(32);
            long high = i64(in, at + length - 8) ^ secret(40) ^ secret(48);
            return avalanche(length + Long.reverseBytes(low) + high + fold(low, high));
        }
        if (length >= 4) {
            long joined = i32(in, at + length - 4) + (i32(in, at) << 32);
            return rrmxmx(joined ^ secret(8) ^ secret(16), length);
        }
        if (length == 0) {
            return avalanche64(secret(56) ^ secret(64));
        }
        long first = in[at] & 0xffL;
        long middle = in[at + (length >> 1)] & 0xffL;
        long last = in[at + length - 1] & 0xffL;
        long joined = (first << 16) | (middle << 24) | last | ((long) length << 8);
        return avalanche64(joined ^ i32(SECRET, 0) ^ i32(SECRET, 4));
    }

    /** Pairs of 16 bytes, one from each end, towards the middle; their sum has no order. */
    private static long upTo128(byte[] in, int at, int length) {
        int end = at + length;
        long acc = length * PRIME64_1;
        acc += mix16(in, at, 0) + mix16(in, end - 16, 16);
        if (length > 32) {
            acc += mix16(in, at + 16, 32) + mix16(in, end - 32, 48);
        }
        if (length > 64) {
            acc += mix16(in, at + 32, 64) + mix16(in, end - 48, 80);
        }
        if (length > 96) {
            acc += mix16(in, at + 48, 96) + mix16(in, end - 64, 112);
        }
        return avalanche(acc);
    }

    private static long upTo240(byte[] in, int at, int length) {
        long acc = length * PRIME64_1;
        for (int i = 0; i < 8; i++) {
            acc += mix16(in, at + 16 * i, 16 * i);
        }
        acc = avalanche(acc);
        for (int i = 8; i < length / 16; i++) {
            acc += mix16(in, at + 16 * i, 16 * (i - 8) + 3);
        }
        acc += mix16(in, at + length - 16, 136 - 17);
        return avalanche(acc);
    }

    private static long longer(byte[] in, int at, int length) {
        long[] acc = {
            PRIME32_3, PRIME64_1, PRIME64_2, PRIME64_3, PRIME64_4, PRIME32_2, PRIME64_5, PRIME32_1
        };
        int blocks = (length - 1) / BLOCK;
        for (int block = 0; block < blocks; block++) {
            for (int stripe = 0; stripe < STRIPES_IN_BLOCK; stripe++) {
                accumulate(acc, in, at + block * BLOCK + stripe * STRIPE, stripe * 8);
            }
            scramble(acc);
        }
        int stripes = (length - 1 - blocks * BLOCK) / STRIPE;
        for (int stripe = 0; stripe < stripes; stripe++) {
            accumulate(acc, in, at + blocks * BLOCK + stripe * STRIPE, stripe * 8);
        }
        accumulate(acc, in, at + length - STRIPE, SECRET.length - STRIPE - 7);
        long hash = length * PRIME64_1;
        for (int i = 0; i < 4; i++) {
            hash += fold(acc[2 * i] ^ secret(11 + 16 * i), acc[2 * i + 1] ^ secret(19 + 16 * i));
        }
        return avalanche(hash);
    }

    private static void accumulate(long[] acc, byte[] in, int at, int secretAt) {
        for (int i = 0; i < 8; i++) {
            long data = i64(in, at + 8 * i);
            long keyed = data ^ secret(secretAt + 8 * i);
            acc[i ^ 1] += data;
            acc[i] += (keyed & 0xffffffffL) * (keyed >>> 32);
        }
    }

    private static void scramble(long[] acc) {
        for (int i = 0; i < 8; i++) {
            long mixed = acc[i] ^ (acc[i] >>> 47) ^ secret(SECRET.length - STRIPE + 8 * i);
            acc[i] = mixed * PRIME32_1;
        }
    }

    private static long mix16(byte[] in, int at, int secretAt) {
        return fold(i64(in, at) ^ secret(secretAt), i64(in, at + 8) ^ secret(secretAt + 8));
    }

    /** The two halves of the 128-bit product, one over the other. */
    private static long fold(long a, long b) {
        return (a * b) ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long avalanche(long hash) {
        long mixed = (hash ^ (hash >>> 37)) * PRIME_MX1;
        return mixed ^ (mixed >>> 32);
    }

    /** The finish of XXH64, which the shortest inputs use. */
    private static long avalanche64(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * PRIME64_2;
        mixed = (mixed ^ (mixed >>> 29)) * PRIME64_3;
        return mixed ^ (mixed >>> 32);
    }

    private static long rrmxmx(long hash, int length) {
        long mixed = hash ^ Long.rotateLeft(hash, 49) ^ Long.rotateLeft(hash, 24);
        mixed *= PRIME_MX2;
        mixed ^= (mixed >>> 35) + length;
        mixed *= PRIME_MX2;
        return mixed ^ (mixed >>> 28);
    }

    private static long secret(int at) {
        return i64(SECRET, at);
    }

    private static long i64(byte[] bytes, int at) {
        return (long) LONG.get(bytes, at);
    }

    private static long i32(byte[] bytes, int at) {
        return (int) INT.get(bytes, at) & 0xffffffffL;
    }
}
