package dev.sluice.proxy.exchange;

/** The only spelling of a length that every party reads alike: decimal digits. Immutable. */
public final class ContentLength {
    /** Digits of a length that surely fits; 10^18 bytes are more than anybody sends. */
    private static final int MOST_DIGITS = 18;

    private ContentLength() {}

    /** The length; -1 when the text is anything but 1 to 18 decimal digits. */
    public static long parse(CharSequence text) {
        int length = text.length();
        if (length == 0 || length > MOST_DIGITS) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
