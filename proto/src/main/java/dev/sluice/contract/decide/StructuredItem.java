package dev.sluice.contract.decide;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A bare item of RFC 8941 that our headers use: a string, a token or an integer. Immutable. */
sealed interface StructuredItem {
    /** A string, unescaped. */
    record Text(String text) implements StructuredItem {}

    /** A token. */
    record Token(String token) implements StructuredItem {}

    /** An integer of up to 15 digits. */
    record Whole(long number) implements StructuredItem {}

    /** What stands where a member is missing. */
    record Absent() implements StructuredItem {}

    /** The inside of a string, escapes included. */
    String INSIDE = "(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+";

    /** One member: key, item, and parameters, which have no meaning for us. */
    Pattern MEMBER =
            Pattern.compile(
                    "(?<key>[a-z*][a-z0-9_.*-]*)=(?<item>"
                            + ("\"" + INSIDE + "\"")
                            + "|-?[0-9]{1,15}(?![0-9.])"
                            + "|[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*)"
                            + "(?:;[ ]*[a-z*][a-z0-9_.*-]*"
                            + ("(?:=(?:\"" + INSIDE + "\"|[?:!#-+.-9<-~-]*+))?")
                            + ")*+");

    /** Reads a dictionary whose members are such items; the last of a key counts (§3.2). */
    static Parsed<Map<String, StructuredItem>> dictionary(CharSequence value) {
        Map<String, StructuredItem> items = new LinkedHashMap<>();
        Matcher member = MEMBER.matcher(value);
        int at = 0;
        while (member.find(at) && member.start() == at) {
            items.put(
                    Objects.requireNonNull(member.group("key")),
                    item(Objects.requireNonNull(member.group("item"))));
            at = afterComma(value, member.end());
            if (at < 0) {
                return Parsed.ok(items);
            }
        }
        return Parsed.refused(
                new Problem(
                        "",
                        Problem.quote(
                                value.subSequence(Math.min(at, value.length()), value.length())),
                        "a dictionary of RFC 8941: key=item, key=item",
                        "compare the versions of the two sides"));
    }

    /** The item of a key. */
    static StructuredItem of(Map<String, StructuredItem> items, String key) {
        return items.getOrDefault(key, new Absent());
    }

    /** Start of the next member; -1 at the end; past the text when neither follows. */
    private static int afterComma(CharSequence value, int end) {
        int at = skipBlanks(value, end);
        if (at == value.length()) {
            return -1;
        }
        return value.charAt(at) == ',' ? skipBlanks(value, at + 1) : value.length();
    }

    private static int skipBlanks(CharSequence value, int from) {
        int at = from;
        while (at < value.length() && (value.charAt(at) == ' ' || value.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static StructuredItem item(String text) {
        char first = text.charAt(0);
        if (first == '"') {
            return new Text(text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1"));
        }
        return first == '-' || Character.isDigit(first)
                ? new Whole(Long.parseLong(text))
                : new Token(text);
    }
}
