package dev.sluice.proxy.snapshot.part;

import java.net.InetAddress;

/**
 * A range of addresses (Envoy {@code CidrRange}). Immutable.
 *
 * @param address of the range, IPv4 or IPv6
 * @param length bits that an address shares with it, 0..32 or 0..128
 */
public record CidrSpec(InetAddress address, int length) {
    public boolean contains(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] theirs = other.getAddress();
        if (own.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit += Byte.SIZE) {
            int mask = length - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (length - bit));
            int at = bit / Byte.SIZE;
            if (((own[at] ^ theirs[at]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
