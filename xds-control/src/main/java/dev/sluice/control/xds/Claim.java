package dev.sluice.control.xds;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node that comes from elsewhere says it has, by the version of a type. Immutable.
 *
 * @param seq place of the log; 0 when the version is none of ours
 * @param hash of the whole type then; empty when the version is none of ours
 */
record Claim(long seq, String hash) {
    static final Claim NONE = new Claim(0, "");
    private static final Pattern VERSION = Pattern.compile("(\\d{20})-([0-9a-f]{16})");

    static Claim of(String version) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches()
                ? new Claim(Long.parseLong(matcher.group(1)), matcher.group(2))
                : NONE;
    }
}
