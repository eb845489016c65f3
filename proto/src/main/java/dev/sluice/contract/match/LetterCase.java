package dev.sluice.contract.match;

/** Whether the case of ASCII letters counts in a comparison. */
public enum LetterCase {
    SENSITIVE,
    IGNORED;

    boolean same(char a, char b) {
        return a == b || (this == IGNORED && lower(a) == lower(b));
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }
}
