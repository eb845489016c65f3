package dev.sluice.proxy.codec.http1;

/** Classes of bytes in the grammar of HTTP/1.1 (RFC 9110 section 5.6, RFC 9112). Immutable. */
final class Octets {
    static final byte CR = '\r';
    static final byte LF = '\n';
    static final byte SP = ' ';
    static final byte HTAB = '\t';

    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final byte[] CLASSES = classes();

    private Octets() {}

    static boolean isToken(byte octet) {
        return (CLASSES[octet & 0xff] & TOKEN) != 0;
    }

    /** Visible, blank or above ASCII: what a field value may hold. */
    static boolean isValue(byte octet) {
        return (CLASSES[octet & 0xff] & VALUE) != 0;
    }

    /** Visible and no {@code #}, or above ASCII: what a request target may hold. */
    static boolean isTarget(byte octet) {
        return (CLASSES[octet & 0xff] & TARGET) != 0;
    }

    static boolean isBlank(byte octet) {
        return octet == SP || octet == HTAB;
    }

    static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /** Value of a hexadecimal digit; -1 for any other byte. */
    static int hex(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        byte small = lower(octet);
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean visible = c > 0x20 && c != 0x7f;
            boolean alphanumeric =
                    c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            boolean token = alphanumeric || c != 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
            int of = token ? TOKEN : 0;
            of |= visible || c == SP || c == HTAB ? VALUE : 0;
            of |= visible && c != '#' ? TARGET : 0;
            classes[c] = (byte) of;
        }
        return classes;
    }
}
