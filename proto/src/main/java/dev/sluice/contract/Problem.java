package dev.sluice.contract;

/**
 * One thing that is wrong with what somebody gave us, and how to put it right. Immutable.
 *
 * @param path where it stands, such as {@code rules[1].match.headers[0].name}; empty for the whole
 *     document
 * @param got what was found there, shortened by the finder where it can be long
 * @param expected what may stand there: a range, a shape or the words allowed
 * @param remedy what to do about it, in the imperative
 */
public record Problem(String path, String got, String expected, String remedy) {
    private static final int LONGEST_QUOTE = 80;

    /** The value in quotes, cut to 80 characters, as {@link #got} shows texts of others. */
    public static String quote(CharSequence value) {
        String text = value.toString();
        return text.length() <= LONGEST_QUOTE
                ? "'" + text + "'"
                : "'" + text.substring(0, LONGEST_QUOTE) + "…' (" + text.length() + " characters)";
    }

    /** Where, what, what was expected, what to do: {@code path: got (expected …); remedy}. */
    public String message() {
        String what = got + " (expected " + expected + "); " + remedy;
        return path.isEmpty() ? what : path + ": " + what;
    }

    @Override
    public String toString() {
        return message();
    }
}
