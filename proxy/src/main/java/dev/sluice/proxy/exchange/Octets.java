package dev.sluice.proxy.exchange;

import dev.sluice.contract.match.Texts;
import io.netty.util.AsciiString;

/** Classes of bytes in the grammar of HTTP/1.1 (RFC 9110 section 5.6, RFC 9112). Immutable. */
public final class Octets {
    public static final byte CR = '\r';
    public static final byte LF = '\n';
    public static final byte SP = ' ';
    public static final byte HTAB = '\t';

    private static final int TOKEN = 1;
    private static final int VALUE = 2;
    private static final int TARGET = 4;
    private static final int AUTHORITY = 8;
    private static final String NOT_IN_AUTHORITY = "@/?#\\\"<>^`{|},";
    private static final byte[] CLASSES = classes();

    private Octets() {}

    public static boolean isToken(byte octet) {
        return (CLASSES[octet & 0xff] & TOKEN) != 0;
    }

    /** Visible, blank or above ASCII: what a field value may hold. */
    public static boolean isValue(byte octet) {
        return (CLASSES[octet & 0xff] & VALUE) != 0;
    }

    /** Visible ASCII but {@code #}: what a request target may hold (RFC 3986 section 2). */
    public static boolean isTarget(byte octet) {
        return (CLASSES[octet & 0xff] & TARGET) != 0;
    }

    public static boolean isBlank(byte octet) {
        return octet == SP || octet == HTAB;
    }

    public static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /** Value of a hexadecimal digit; -1 for any other byte. */
    public static int hex(byte octet) {
        if (octet >= '0' && octet <= '9') {
            return octet - '0';
        }
        byte small = lower(octet);
        return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
    }

    /** At least one byte, each of a token (RFC 9110 section 5.6.2): what a method is. */
    public static boolean isToken(AsciiString text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isToken(text.byteAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A letter, then letters, digits, {@code +}, {@code -} and dots (RFC 3986 section 3.1). */
    public static boolean isScheme(AsciiString text) {
        for (int i = 0; i < text.length(); i++) {
            byte octet = lower(text.byteAt(i));
            boolean letter = octet >= 'a' && octet <= 'z';
            boolean other = (octet >= '0' && octet <= '9') || "+-.".indexOf(octet) >= 0;
            if (!letter && (i == 0 || !other)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A host with optional port: not empty, no user, no path (RFC 3986 section 3.2). */
    public static boolean isAuthority(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || (CLASSES[c] & AUTHORITY) == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** A host and a port of 1..65535, both there: what CONNECT names (RFC 9110 section 9.3.6). */
    public static boolean isHostAndPort(CharSequence text) {
        int colon = AsciiString.of(text).lastIndexOf(":");
        if (colon < 1 || !isAuthority(text)) {
            return false;
        }
        int digits = text.length() - colon - 1;
        long port =
                digits < 1 || digits > 5
                        ? -1
                        : ContentLength.parse(text.subSequence(colon + 1, text.length()));
        return port >= 1 && port <= 0xffff;
    }

    /**
     * Copies the octets of a text of one char an octet.
     *
     * @param target has room for {@code text.length()} octets from {@code at}
     */
    public static void copy(CharSequence text, byte[] target, int at) {
        if (text instanceof AsciiString octets) {
            System.arraycopy(octets.array(), octets.arrayOffset(), target, at, octets.length());
        } else {
            Texts.copy(text, target, at);
        }
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int c = 0; c < 256; c++) {
            boolean visible = c > 0x20 && c != 0x7f;
            boolean alphanumeric =
                    (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            boolean token = alphanumeric || (c != 0 && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
            int of = token ? TOKEN : 0;
            of |= visible || c == SP || c == HTAB ? VALUE : 0;
            of |= visible && c < 0x7f && c != '#' ? TARGET : 0;
            of |= visible && c < 0x7f && NOT_IN_AUTHORITY.indexOf(c) < 0 ? AUTHORITY : 0;
            classes[c] = (byte) of;
        }
        return classes;
    }
}
