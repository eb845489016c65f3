package dev.sluice.contract.decide;

import java.util.Optional;

/** Addresses in the text of RFC 5952 §4, an IPv4-mapped one as IPv4. Stateless. */
public final class AddressText {
    private static final int GROUPS = 8;

    private AddressText() {}

    /** Text of 4 or 16 bytes; nothing for another number. */
    public static Optional<String> of(byte[] address) {
        return switch (address.length) {
            case 4 -> Optional.of(v4(address, 0));
            case 16 -> Optional.of(isMapped(address) ? v4(address, 12) : v6(address));
            default -> Optional.empty();
        };
    }

    private static String v4(byte[] address, int at) {
        StringBuilder text = new StringBuilder(15);
        for (int i = 0; i < 4; i++) {
            text.append(i == 0 ? "" : ".").append(address[at + i] & 0xff);
        }
        return text.toString();
    }

    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }

    private static String v6(byte[] address) {
        int longest = 1; // a single zero group is written out
        int gap = GROUPS;
        for (int start = 0; start < GROUPS; start++) {
            int length = zeros(address, start);
            if (length > longest) {
                longest = length;
                gap = start;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < GROUPS; i++) {
            if (i == gap) {
                text.append("::");
                i += longest - 1;
            } else {
                boolean first = i == 0 || i == gap + longest;
                text.append(first ? "" : ":").append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    private static int zeros(byte[] address, int start) {
        int end = start;
        while (end < GROUPS && group(address, end) == 0) {
            end++;
        }
        return end - start;
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
    }
}
