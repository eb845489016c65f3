package dev.sluice.chaos.dialect;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of Python, read for Java's engine: names of groups, the end {@code \\Z},
 * braces and brackets that stand for themselves, and classes of letters and digits of all scripts.
 * For the one thread that reads.
 */
public final class PythonPattern {
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d*)(,?)(\\d*)}");
    private static final Pattern NAMED = Pattern.compile("\\(\\?P(?:<(\\w+)>|=(\\w+)\\))");

    private final String text;
    private final StringBuilder java = new StringBuilder();
    private final Map<String, String> groups = new HashMap<>();
    private int at;

    private PythonPattern(String text) {
        this.text = text;
    }

    /**
     * The pattern.
     *
     * @throws PatternSyntaxException when it is none, or of a kind that Java's engine does not know
     */
    public static Pattern compile(String text) {
        return Pattern.compile(
                new PythonPattern(text).translated(),
                Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS);
    }

    private String translated() {
        while (at < text.length()) {
            switch (text.charAt(at)) {
                case '\\' -> escape();
                case '[' -> characters();
                case '{' -> brace();
                case '(' -> group();
                default -> take(1);
            }
        }
        return java.toString();
    }

    private void take(int count) {
        int end = Math.min(text.length(), at + count);
        java.append(text, at, end);
        at = end;
    }

    private void escape() {
        if (text.startsWith("\\Z", at)) {
            java.append("\\z");
            at += 2;
        } else {
            take(2);
        }
    }

    /** A set of characters, in which Python knows no other set and no intersection. */
    private void characters() {
        take(text.startsWith("[^", at) ? 2 : 1);
        boolean first = true;
        while (at < text.length() && (first || text.charAt(at) != ']')) {
            switch (text.charAt(at)) {
                case '\\' -> take(2);
                case '[', '&', ']' -> {
                    java.append('\\');
                    take(1);
                }
                default -> take(1);
            }
            first = false;
        }
        take(1);
    }

    private void brace() {
        Matcher repetition = REPETITION.matcher(text).region(at, text.length());
        if (!repetition.lookingAt() || repetition.group().equals("{}")) {
            java.append("\\{");
            at++;
        } else if (repetition.group(1).isEmpty()) {
            java.append("{0,").append(repetition.group(3)).append('}');
            at = repetition.end();
        } else {
            take(repetition.end() - at);
        }
    }

    /** Names of groups may have characters in Python that they may not have in Java. */
    private void group() {
        Matcher named = NAMED.matcher(text).region(at, text.length());
        if (!named.lookingAt()) {
            take(1);
            return;
        }
        if (named.group(1) != null) {
            String name = "g" + groups.size();
            groups.put(named.group(1), name);
            java.append("(?<").append(name).append('>');
        } else {
            java.append("\\k<").append(groups.getOrDefault(named.group(2), "none")).append('>');
        }
        at = named.end();
    }
}
